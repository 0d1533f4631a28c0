"""The national identity number (NIK): read it, explain it, mask it; never refuse a person over what it says.

Sixteen digits: six of the sub-district of first registration, six of the birth date as DDMMYY with 40 added to a
woman's day, four of a serial from 0001 (PP 37/2007, article 37; sources in docs/programme.md). It stays when a
person moves and when birth date or sex is corrected (PP 40/2019, article 30), so a difference is a warning only.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, NewType

from gandeng.core.faults import Fault
from gandeng.core.region_code import RegionCode, UnreadableRegionCode

Nik = NewType("Nik", str)
Sex = Literal["F", "M"]

WOMEN_DAY_OFFSET = 40
_FORM = re.compile(r"[0-9]{16}")
_CENTURIES = (1900, 2000)


class UnreadableNik(ValueError):
    """The text is not sixteen digits. The message never holds the text itself."""


@dataclass(frozen=True)
class NikReading:
    """What a NIK says, and `warnings` (codes of words/*/nik.yaml) where that differs from the record.

    `birth_dates` are the days it can mean, one per century, none for an impossible date; with a stored birth date that
    agrees, that one alone. `region_name` is None where nobody was asked or the code is unknown.
    """

    nik: Nik
    region: RegionCode | None
    region_name: str | None
    birth_dates: tuple[date, ...]
    sex: Sex
    serial: str
    warnings: tuple[Fault, ...]


def read_nik(text: str) -> Nik:
    """Sixteen ASCII digits, nothing else; raises UnreadableNik (`6.37101E+15` is damaged, never guessed at)."""
    if _FORM.fullmatch(text) is None:
        raise UnreadableNik(f"{len(text)} characters, not 16 digits")
    return Nik(text)


def masked(nik: str) -> str:
    """`************0001`: the last four digits, as screens and messages show a NIK."""
    return "*" * (len(nik) - 4) + nik[-4:] if len(nik) > 4 else "*" * len(nik)


def explain_nik(
    nik: Nik,
    *,
    birth_date: date | None = None,
    sex: Sex | None = None,
    region: RegionCode | None = None,
    region_name: Callable[[RegionCode], str | None] | None = None,
    today: date | None = None,
) -> NikReading:
    """Read every part and hold it against what the record says. The stored birth date decides the century.

    `today` rules out births still to come. `region` is where the person lives now; `region_name` looks a code up, of
    today or of old, and gives None for a code that never was.
    """
    nik_region = _region(nik)
    name = region_name(nik_region) if region_name and nik_region else None
    nik_sex: Sex = "F" if int(nik[6:8]) > WOMEN_DAY_OFFSET else "M"
    possible = tuple(day for day in _birth_dates(nik) if today is None or day <= today)
    warnings = (
        *_region_warnings(nik[:6], nik_region, name=name, asked=region_name is not None, lives_in=region),
        *_date_warnings(possible, birth_date),
        *_sex_warnings(nik_sex, sex),
        *([Fault("serial_zero")] if nik.endswith("0000") else []),
    )
    candidates = (birth_date,) if birth_date in possible and birth_date is not None else possible
    return NikReading(nik, nik_region, name, candidates, nik_sex, nik[12:], warnings)


def _region(nik: Nik) -> RegionCode | None:
    try:
        return RegionCode(nik[:6])
    except UnreadableRegionCode:
        return None


def _birth_dates(nik: Nik) -> tuple[date, ...]:
    """The days DDMMYY can mean, the older century first; 29 February only where the year has one."""
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    if day > WOMEN_DAY_OFFSET:
        day -= WOMEN_DAY_OFFSET
    found = []
    for century in _CENTURIES:
        try:
            found.append(date(century + year, month, day))
        except ValueError:
            continue
    return tuple(found)


def _region_warnings(
    digits: str, nik_region: RegionCode | None, *, name: str | None, asked: bool, lives_in: RegionCode | None
) -> tuple[Fault, ...]:
    if nik_region is None or (asked and name is None):
        return (Fault("region_unknown", facts={"region": digits}),)
    if lives_in is not None and not (nik_region.contains(lives_in) or lives_in.contains(nik_region)):
        facts = {"region": name or nik_region.dotted(), "lives_in": lives_in.dotted()}
        return (Fault("region_differs", facts=facts),)
    return ()


def _date_warnings(possible: tuple[date, ...], birth_date: date | None) -> tuple[Fault, ...]:
    if not possible:
        return (Fault("date_impossible"),)
    if birth_date is not None and birth_date not in possible:
        return (Fault("date_differs", facts={"stored": birth_date.isoformat()}),)
    return ()


def _sex_warnings(nik_sex: Sex, sex: Sex | None) -> tuple[Fault, ...]:
    if sex is None or sex == nik_sex:
        return ()
    return (Fault("sex_differs", facts={"nik_sex": nik_sex, "stored": sex}),)
