"""Codes of places: the home-affairs code (Kemendagri) and, as another type, the code of Statistics Indonesia (BPS).

The two look alike and name different places: 1101 is Aceh Selatan for the one and Simeulue for the other.
"""

import re
from dataclasses import dataclass
from enum import IntEnum


class UnreadableRegionCode(ValueError):
    """The text is not a region code of the system it was read as."""


class Level(IntEnum):
    """How deep a place lies, by the words of the glossary."""

    PROVINCE = 1
    DISTRICT = 2  # kabupaten or kota
    SUB_DISTRICT = 3  # kecamatan
    VILLAGE = 4  # desa, kelurahan, desa adat


PROVINCE_DIGITS, DISTRICT_DIGITS, SUB_DISTRICT_DIGITS, VILLAGE_DIGITS = 2, 4, 6, 10
"""Of a home-affairs code, without dots."""
_DIGITS = {
    PROVINCE_DIGITS: Level.PROVINCE, DISTRICT_DIGITS: Level.DISTRICT, SUB_DISTRICT_DIGITS: Level.SUB_DISTRICT,
    VILLAGE_DIGITS: Level.VILLAGE,
}  # fmt: skip
_BPS_DIGITS = {2: Level.PROVINCE, 4: Level.DISTRICT, 7: Level.SUB_DISTRICT, 10: Level.VILLAGE}
_LENGTHS = {level: length for length, level in _DIGITS.items()}
_BPS_LENGTHS = {level: length for length, level in _BPS_DIGITS.items()}
_PLAIN = re.compile(r"[1-9][0-9](?:[0-9]{2}(?:[0-9]{2}(?:[0-9]{4})?)?)?")
_DOTTED = re.compile(r"[1-9][0-9](?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?")
_BPS = re.compile(r"[1-9][0-9](?:[0-9]{2}(?:[0-9]{3}(?:[0-9]{3})?)?)?")


@dataclass(frozen=True, order=True)
class RegionCode:
    """Home-affairs code, kept as digits without dots: 2, 4, 6 or 10 of them."""

    digits: str

    def __post_init__(self) -> None:
        if _PLAIN.fullmatch(self.digits) is None:
            raise UnreadableRegionCode(self.digits)

    @classmethod
    def parse(cls, text: str) -> "RegionCode":
        """Read `63`, `63.71`, `6371`, `63.71.01.1001`; half-dotted text and other digits than 0-9 are refused."""
        if _DOTTED.fullmatch(text) is None and _PLAIN.fullmatch(text) is None:
            raise UnreadableRegionCode(text)
        return cls(text.replace(".", ""))

    @property
    def level(self) -> Level:
        """Province to village."""
        return _DIGITS[len(self.digits)]

    @property
    def parent(self) -> "RegionCode | None":
        """The place one level up; a province has none."""
        return None if self.level is Level.PROVINCE else self.above(Level(self.level - 1))

    def above(self, level: Level) -> "RegionCode":
        """The place of `level` this one lies in, or itself; ValueError for a level below its own."""
        if level > self.level:
            raise UnreadableRegionCode(f"{self.digits}: {level.name}")
        return RegionCode(self.digits[: _LENGTHS[level]])

    def contains(self, other: "RegionCode") -> bool:
        """True for the place itself and every place in it."""
        return other.digits.startswith(self.digits)

    def dotted(self) -> str:
        """`63.71.01.1001`, as files and documents write it."""
        parts = (self.digits[:2], self.digits[2:4], self.digits[4:6], self.digits[6:])
        return ".".join(part for part in parts if part)

    def __str__(self) -> str:
        return self.dotted()


@dataclass(frozen=True, order=True)
class BpsCode:
    """Code of Statistics Indonesia: 2, 4, 7 or 10 digits; never comparable with a RegionCode."""

    digits: str

    def __post_init__(self) -> None:
        if _BPS.fullmatch(self.digits) is None:
            raise UnreadableRegionCode(self.digits)

    @property
    def level(self) -> Level:
        """Province to village."""
        return _BPS_DIGITS[len(self.digits)]

    @property
    def parent(self) -> "BpsCode | None":
        """The place one level up; a province has none."""
        if self.level is Level.PROVINCE:
            return None
        return BpsCode(self.digits[: _BPS_LENGTHS[Level(self.level - 1)]])

    def __str__(self) -> str:
        return self.digits
