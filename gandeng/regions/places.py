"""Look places up: provinces to villages by home-affairs code. Each table, and each province's villages, is read once.

Names are as documents write them ("Kabupaten Banjar"); a village is named without its kind, which stands beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from gandeng.core.region_code import BpsCode, Level, RegionCode, UnreadableRegionCode

_TABLES = {Level.PROVINCE: "provinces", Level.DISTRICT: "districts", Level.SUB_DISTRICT: "sub_districts"}
_ASKED_MAX = 1024
"""Places whose parts are kept at hand: a list of them stands beside every search of families."""
_BPS_LENGTHS = {2: Level.PROVINCE, 4: Level.DISTRICT, 7: Level.SUB_DISTRICT, 10: Level.VILLAGE}


class Kind(StrEnum):
    """What a place is in law; words for people live in `words/*/nik.yaml`."""

    PROVINCE = "PROVINCE"
    REGENCY = "REGENCY"  # kabupaten
    CITY = "CITY"  # kota
    SUB_DISTRICT = "SUB_DISTRICT"  # kecamatan
    URBAN_VILLAGE = "URBAN_VILLAGE"  # kelurahan
    VILLAGE = "VILLAGE"  # desa
    CUSTOMARY_VILLAGE = "CUSTOMARY_VILLAGE"  # desa adat


@dataclass(frozen=True, slots=True)
class Place:
    """One place; `latitude` and `longitude` in degrees, None for the few villages the source has none for."""

    code: RegionCode
    name: str
    kind: Kind
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Successor:
    """What became of an old code; `year` is None where no source dates the change."""

    code: RegionCode
    year: int | None


def place(code: RegionCode | str) -> Place | None:
    """The place of this code today, None where there is none (see `successor` for codes of old)."""
    wanted = _code(code)
    return _table(wanted.level, wanted.digits[:2]).get(wanted.digits)


def name_of(code: RegionCode) -> str | None:
    """Name of the place a code of today or of old stands for, None for a code that never was."""
    now = place(code)
    if now is None:
        follower = successor(code)
        now = place(follower.code) if follower else None
    return now.name if now else None


def provinces() -> tuple[Place, ...]:
    """All 38, in order of their codes."""
    return tuple(_table(Level.PROVINCE, "").values())


def districts_of(code: RegionCode | str) -> tuple[Place, ...]:
    """Regencies and cities in a province, in order of their codes."""
    return _inside(Level.DISTRICT, _code(code))


def sub_districts_of(code: RegionCode | str) -> tuple[Place, ...]:
    """Sub-districts (kecamatan) in a province or district."""
    return _inside(Level.SUB_DISTRICT, _code(code))


def villages_of(code: RegionCode | str) -> tuple[Place, ...]:
    """Villages of every kind in a province, district or sub-district."""
    return _inside(Level.VILLAGE, _code(code))


def offered(region: str) -> list[Place]:
    """What to choose a place from: the region itself and two levels in it; of the nation, "", its two highest."""
    if not region:
        return [*provinces(), *(one for province in provinces() for one in districts_of(province.code))]
    own = place(region)
    below = {
        Level.PROVINCE: (districts_of, sub_districts_of), Level.DISTRICT: (sub_districts_of, villages_of),
        Level.SUB_DISTRICT: (villages_of,),
    }  # fmt: skip
    inside = below.get(own.code.level, ()) if own else ()
    return [*([own] if own else []), *(one for places in inside for one in places(region))]


def typed(text: str, named: Iterable[tuple[RegionCode, str]]) -> RegionCode | None:
    """What somebody typed or chose: `63.71`, `63.71 Kota Banjarmasin`, or a name that one place alone of `named` has.

    Names may say where the place lies, `Mantuil, Banjarmasin Selatan`; the first part is enough. None for what is no
    place's code by its form and no such name; whether there is a place with the code is not asked.
    """
    try:
        return RegionCode.parse(text.split()[0])
    except UnreadableRegionCode:
        wanted = f"{text},".casefold()
        found = [code for code, name in named if f"{name},".casefold().startswith(wanted)]
        return found[0] if len(found) == 1 else None


def timezone(code: RegionCode | str) -> str | None:
    """`WIB`, `WITA` or `WIT` of the district or province the place lies in; None for an unknown place."""
    wanted = _code(code)
    if wanted.level is not Level.PROVINCE:
        district = _rows("districts").get(wanted.above(Level.DISTRICT).digits)
        if district:
            return str(district["hours"])
    province = _rows("provinces").get(wanted.digits[:2])
    return str(province["hours"]) if province else None


def bps_code(code: RegionCode | str) -> BpsCode | None:
    """The code of Statistics Indonesia, where the two lists name the place alike; None where that is not known."""
    wanted = _code(code)
    found = _to_bps().get((wanted.level, wanted.digits))
    return BpsCode(found) if found else None


def from_bps(code: BpsCode) -> RegionCode | None:
    """The home-affairs code of a BPS code, None where that is not known."""
    return _from_bps().get(code.digits)


def successor(code: RegionCode | str) -> Successor | None:
    """What became of a code that is no more; None where no source tells it."""
    row = _rows("replaced_by").get(_code(code).digits)
    return Successor(RegionCode(str(row["replaced_by"])), row["year"]) if row else None


def data_file(name: str) -> Path:
    """Path of one of the package's tables, `villages.parquet`, for engines that read files themselves."""
    return Path(str(files(__package__))) / "data" / name


def _code(code: RegionCode | str) -> RegionCode:
    return RegionCode.parse(code) if isinstance(code, str) else code


@lru_cache(maxsize=_ASKED_MAX)
def _inside(level: Level, code: RegionCode) -> tuple[Place, ...]:
    return tuple(one for one in _table(level, code.digits[:2]).values() if code.contains(one.code))


@cache
def _table(level: Level, province: str) -> dict[str, Place]:
    """Places of a level by code; villages of one province only."""
    if level is not Level.VILLAGE:
        return {code: _place(row) for code, row in _rows(_TABLES[level]).items()} if not province else _table(level, "")
    return {row["code"]: _place(row) for row in _villages(province)}


def _place(row: dict[str, Any]) -> Place:
    return Place(RegionCode(row["code"]), row["name"], Kind(row["kind"]), row["latitude"], row["longitude"])


@cache
def _rows(table: str) -> dict[str, dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.ParquetFile(data_file(f"{table}.parquet")).read().to_pylist()
    return {row["code"]: row for row in rows}


def _villages(province: str) -> list[dict[str, Any]]:
    """One province's row group; none for an unknown province."""
    file = pq.ParquetFile(data_file("villages.parquet"))
    for group in range(file.num_row_groups):
        if file.metadata.row_group(group).column(0).statistics.min[:2] == province:
            rows: list[dict[str, Any]] = file.read_row_group(group).to_pylist()
            return rows
    return []


@cache
def _to_bps() -> dict[tuple[Level, str], str]:
    rows = pq.ParquetFile(data_file("bps_codes.parquet")).read().to_pylist()
    return {(_BPS_LENGTHS[len(row["bps_code"])], row["code"]): row["bps_code"] for row in rows}


@cache
def _from_bps() -> dict[str, RegionCode]:
    return {bps: RegionCode(digits) for (_, digits), bps in _to_bps().items()}
