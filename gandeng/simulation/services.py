"""Schools, health posts, and the verdicts and enrolments that come of them."""

from datetime import date
from itertools import groupby

import pyarrow as pa

from gandeng.core.calculation import Step
from gandeng.core.region_code import Level
from gandeng.simulation.chance import Chance
from gandeng.simulation.plan import VillagePlan

_VILLAGES_PER_JUNIOR_SCHOOL = 4

_VERDICTS = [("'NOT_MET'", 0.045), ("'EXCUSED'", 0.02), ("'UNVERIFIED'", 0.03)]


def schools(villages: list[VillagePlan]) -> pa.Table:
    """A primary school in each village, a junior one for every four, a senior one in each sub-district."""
    rows = []
    for _, group in groupby(villages, key=lambda one: one.code.above(Level.SUB_DISTRICT)):
        for place, village in enumerate(group):
            rows.append(_school("SD", village))
            if place % _VILLAGES_PER_JUNIOR_SCHOOL == 0:
                rows.append(_school("SMP", village))
            if place == 0:
                rows.append(_school("SMA", village))
    return pa.Table.from_pylist(rows)


def clinics(villages: list[VillagePlan]) -> pa.Table:
    """A posyandu in each village, a puskesmas in the first of each sub-district."""
    rows = []
    for _, group in groupby(villages, key=lambda one: one.code.above(Level.SUB_DISTRICT)):
        for place, village in enumerate(group):
            rows.append(_clinic("POSYANDU", village))
            if place == 0:
                rows.append(_clinic("PUSKESMAS", village))
    return pa.Table.from_pylist(rows)


def service_places(villages: list[VillagePlan]) -> pa.Table:
    """Per village the ids of its schools and health posts, for the engine to join."""
    rows = []
    for _, group in groupby(villages, key=lambda one: one.code.above(Level.SUB_DISTRICT)):
        held = list(group)
        for place, village in enumerate(held):
            junior = held[place - place % _VILLAGES_PER_JUNIOR_SCHOOL]
            rows.append({
                "village_code": village.code.dotted(),
                "sd": _id("SD", village),
                "smp": _id("SMP", junior),
                "sma": _id("SMA", held[0]),
                "posyandu": _id("POSYANDU", village),
                "puskesmas": _id("PUSKESMAS", held[0]),
            })  # fmt: skip
    return pa.Table.from_pylist(rows)


def verdict_steps(chance: Chance, as_of: date) -> list[Step]:
    """`verdicts_made` from `members_made` and `service_places`: who has which commitment, where, with what result."""
    d = chance.draws("(person * 3 + commitment_no) % 4294967296")
    body = f"""
        select person, commitment_no, member_id, commitment, {d.choose("verdict", _VERDICTS, "'MET'")} as verdict,
            case commitment when 'EDUCATION' then case school_level when 'SD' then sd when 'SMP' then smp else sma end
                when 'HEALTH' then case when pregnancy_no is not null then puskesmas else posyandu end
                else '' end as place_id
        from drawn join service_places using (village_code)"""
    return [Step("commitments", _commitments(as_of)), Step("verdicts_made", d.over("commitments", body), stored=True)]


def _commitments(as_of: date) -> str:
    seven, sixty = (date(as_of.year - years, as_of.month, 1) for years in (7, 60))
    return f"""
        select m.*, n.commitment_no, n.commitment
        from members_made m, (values (0, 'HEALTH'), (1, 'EDUCATION'), (2, 'WELFARE')) as n(commitment_no, commitment)
        where (deceased_on is null or deceased_on > date '{as_of}')
            and case commitment_no
                when 0 then pregnancy_no is not null or (school_level = '' and birth_date > date '{seven}')
                when 1 then school_level <> ''
                else severe_disability or birth_date <= date '{sixty}' end"""


def _id(kind: str, village: VillagePlan) -> str:
    return f"{kind}-{village.code.digits}"


def _school(level: str, village: VillagePlan) -> dict[str, str]:
    return {
        "school_id": _id(level, village),
        "level": level,
        "name": f"{level} {village.name}",
        "village_code": village.code.dotted(),
    }


def _clinic(kind: str, village: VillagePlan) -> dict[str, str]:
    return {
        "clinic_id": _id(kind, village),
        "kind": kind,
        "name": f"{kind.capitalize()} {village.name}",
        "village_code": village.code.dotted(),
    }
