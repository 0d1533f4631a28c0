"""The areas minutes are written for: each district, each province of several, and the nation of several provinces."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gandeng.core.channels import CHANNELS
from gandeng.documents.figures import Figures, total
from gandeng.documents.minutes_data import ChannelFigures, Difference, DistrictMinutes, MinutesData
from gandeng.documents.office import Level
from gandeng.words import say

NATION = "ID"
_FIRST_CITY = 71
"""Districts numbered from 71 are cities (kota), below that regencies (kabupaten)."""


@dataclass(frozen=True)
class Area:
    """One document's subject. `parts` are the areas a recapitulation adds up, none for a district."""

    level: Level
    code: str
    name: str
    channels: tuple[ChannelFigures, ...]
    parts: tuple["Area", ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def figures(self) -> Figures:
        """The sum over its channels."""
        return total(channel.figures for channel in self.channels)


def areas(data: MinutesData) -> tuple[Area, ...]:
    """Every document's area in the order to print: a recapitulation stands before what it adds up."""
    by_province: dict[str, list[Area]] = {}
    for district in data.districts:
        by_province.setdefault(district.code[:2], []).append(_district(district))
    provinces = [_province(code, parts, data.province_names) for code, parts in sorted(by_province.items())]
    printed = [area for province in provinces for area in _with_recapitulation(province)]
    return (*([_nation(provinces)] if len(provinces) > 1 else []), *printed)


def _with_recapitulation(province: Area) -> tuple[Area, ...]:
    """A province of one district has nothing to add up."""
    return (province, *province.parts) if len(province.parts) > 1 else province.parts


def _district(district: DistrictMinutes) -> Area:
    name = district_name(district.code, district.name)
    channels = _added(district.channels)
    return Area("district", district.code, name, channels, differences=district.differences)


def _province(code: str, parts: list[Area], names: Mapping[str, str]) -> Area:
    name = say("minutes.province", name=names.get(code, code))
    return Area("province", code, name, _added(channel for part in parts for channel in part.channels), tuple(parts))


def _nation(provinces: list[Area]) -> Area:
    channels = _added(channel for province in provinces for channel in province.channels)
    return Area("nation", NATION, say("minutes.nation"), channels, tuple(provinces))


def _added(figures: Iterable[ChannelFigures]) -> tuple[ChannelFigures, ...]:
    """One line per channel, in the channels' own order."""
    found: dict[str, list[Figures]] = {}
    for channel in figures:
        found.setdefault(channel.channel, []).append(channel.figures)
    order = [*(c for c in CHANNELS if c in found), *sorted(set(found) - set(CHANNELS))]
    return tuple(ChannelFigures(channel, total(found[channel])) for channel in order)


def district_name(code: str, name: str) -> str:
    """`Kota Banjarmasin`: the kind stands before the name, taken from the code where the name lacks it."""
    if name.split(" ")[0].lower() in {"kabupaten", "kota"} or name == code:
        return name
    number = code[-2:]
    return f"{'Kota' if number.isdigit() and int(number) >= _FIRST_CITY else 'Kabupaten'} {name}"
