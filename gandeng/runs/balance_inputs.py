"""The files of a balance, as districts: each village and each facilitator in one of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gandeng.balancing.problem import District, Facilitator, Holding, Lock, Need, Rule, Village
from gandeng.balancing.refusals import fault
from gandeng.core.faults import Fault, FileRefused
from gandeng.core.region_code import Level, RegionCode
from gandeng.engine import connect
from gandeng.files.faults import shown_key
from gandeng.files.layouts import ASSIGNMENTS, FACILITATORS, FAMILIES, LEAVE, LOCKS, NEEDS, SKILLS, VILLAGES
from gandeng.files.taken import Taken
from gandeng.runs.cross_file import FAULTS_SHOWN

ACTIVE = "ACTIVE"

_COUNTED = {
    VILLAGES.name: "select village_code, families from villages",
    FAMILIES.name: f"select village_code, count(*) as families from families where status = '{ACTIVE}' group by all",
    ASSIGNMENTS.name: "select village_code, cast(sum(families) as bigint) as families from assignments group by all",
}
"""How many families a village has, from the first of these files that is there."""

_CHECKED = (
    (SKILLS.name, "facilitator_id", "facilitator_not_listed", "facilitators"),
    (LEAVE.name, "facilitator_id", "facilitator_not_listed", "facilitators"),
    (LOCKS.name, "facilitator_id", "facilitator_not_listed", "facilitators"),
    (LOCKS.name, "village_code", "village_not_listed", "counted"),
    (NEEDS.name, "village_code", "village_not_listed", "counted"),
)


@dataclass(frozen=True)
class Given:
    """The districts, and what was noticed while they were put together."""

    districts: tuple[District, ...]
    notes: tuple[Fault, ...]


def districts_from(taken: Mapping[str, Taken], spill: Path, region: RegionCode | None = None) -> Given:
    """Districts of files that were taken, by layout name; those within `region` alone, where one is named.

    Raises FileRefused where a row names a person or village the others do not have, or a facilitator belongs nowhere.
    """
    with closing(connect(spill)) as con:
        for name, file in taken.items():
            con.execute(f"create view {name} as {file.select}")
        source = next(name for name in _COUNTED if name in taken)
        con.execute(f"create view counted as {_COUNTED[source]}")
        for name, column, code, listed in _CHECKED:
            if name in taken:
                _refuse_unlisted(con, taken[name], name, column, code, listed)
        return _put_together(con, taken, region)


def _refuse_unlisted(
    con: duckdb.DuckDBPyConnection, file: Taken, name: str, column: str, code: str, listed: str
) -> None:
    rows = f"select t.row, t.{column} as value from {name} t anti join {listed} l on l.{column} = t.{column}"
    found = con.execute(f"select row, value from ({rows}) unlisted order by row").fetchall()
    _refuse(file, column, code, found)


def _refuse(file: Taken, column: str, code: str, found: list[tuple[int, str]]) -> None:
    if found:
        faults = [
            Fault(f"faults_between.{code}", int(row) + 1, column, {"value": shown_key(value)})
            for row, value in found[:FAULTS_SHOWN]
        ]
        raise FileRefused(file.source, faults, len(found))


def _put_together(con: duckdb.DuckDBPyConnection, taken: Mapping[str, Taken], region: RegionCode | None) -> Given:
    villages = [
        Village(RegionCode.parse(code), int(count)) for code, count in _rows(con, "select * from counted order by all")
    ]
    holdings = _holdings(con) if ASSIGNMENTS.name in taken else []
    people, district_of = _facilitators(con, taken, holdings)
    needs = [
        Need(RegionCode.parse(code), skill, int(count))
        for code, skill, count in _optional(con, taken, NEEDS.name, "village_code, skill, families")
    ]
    locks = [
        Lock(Rule(rule), RegionCode.parse(code), person, None if count is None else int(count))
        for rule, code, person, count in _optional(
            con, taken, LOCKS.name, "rule, village_code, facilitator_id, families"
        )
    ]
    codes = sorted({_district(village.code) for village in villages})
    chosen = [code for code in codes if region is None or region.contains(code)]
    districts = tuple(
        District(
            code,
            tuple(one for one in villages if code.contains(one.code)),
            tuple(one for one in people if district_of[one.facilitator_id] == code),
            tuple(one for one in holdings if code.contains(one.village)),
            tuple(one for one in needs if code.contains(one.village)),
            tuple(one for one in locks if code.contains(one.village)),
        )
        for code in chosen
    )
    return Given(districts, tuple(_notes(people, district_of, holdings, set(codes), {one.code for one in villages})))


def _holdings(con: duckdb.DuckDBPyConnection) -> list[Holding]:
    rows = _rows(
        con,
        """select facilitator_id, village_code, cast(sum(families) as bigint) from assignments
            where families > 0 group by all order by all""",
    )
    return [Holding(person, RegionCode.parse(code), int(count)) for person, code, count in rows]


def _facilitators(
    con: duckdb.DuckDBPyConnection, taken: Mapping[str, Taken], holdings: list[Holding]
) -> tuple[list[Facilitator], dict[str, RegionCode]]:
    """The people, and the district of each: where most of her families are, else where she lives."""
    skills: dict[str, set[str]] = defaultdict(set)
    for person, skill in _optional(con, taken, SKILLS.name, "facilitator_id, skill"):
        skills[person].add(skill)
    away = {person for (person,) in _optional(con, taken, LEAVE.name, "facilitator_id")}
    held: dict[str, Counter[RegionCode]] = defaultdict(Counter)
    for one in holdings:
        held[one.facilitator_id][_district(one.village)] += one.families
    people, district_of, nowhere = [], {}, []
    for row, person, told in _rows(con, "select row, facilitator_id, home_sub_district from facilitators order by 2"):
        home = RegionCode.parse(told) if told else None
        lives = home if home and home.level is Level.SUB_DISTRICT else None
        if held[person]:
            district_of[person] = max(sorted(held[person]), key=lambda code: held[person][code])
        elif home and home.level >= Level.DISTRICT:
            district_of[person] = home.above(Level.DISTRICT)
        elif person in away:
            continue
        else:
            nowhere.append((row, person))
        people.append(Facilitator(person, lives, frozenset(skills[person]), person not in away))
    _refuse(taken[FACILITATORS.name], "home_sub_district", "facilitator_belongs_nowhere", nowhere)
    return people, district_of


def _notes(
    people: list[Facilitator],
    district_of: Mapping[str, RegionCode],
    holdings: list[Holding],
    codes: set[RegionCode],
    villages: set[RegionCode],
) -> list[Fault]:
    notes = [
        fault("outside", person=one.facilitator_id, district=district_of[one.facilitator_id].dotted())
        for one in people if district_of[one.facilitator_id] not in codes
    ]  # fmt: skip
    strange: Counter[str] = Counter()
    gone: Counter[RegionCode] = Counter()
    for one in holdings:
        if one.village not in villages:
            gone[one.village] += one.families
        elif district_of.get(one.facilitator_id) != _district(one.village):
            strange[one.facilitator_id] += one.families
    notes += [fault("holder_unknown", person=person, families=count) for person, count in sorted(strange.items())]
    return notes + [
        fault("village_gone", village=code.dotted(), families=count) for code, count in sorted(gone.items())
    ]


def _district(code: RegionCode) -> RegionCode:
    return code.above(Level.DISTRICT)


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:  # type: ignore[type-arg]
    return con.execute(sql).fetchall()


def _optional(con: duckdb.DuckDBPyConnection, taken: Mapping[str, Taken], name: str, names: str) -> list[tuple]:  # type: ignore[type-arg]
    return _rows(con, f"select {names} from {name} order by all") if name in taken else []
