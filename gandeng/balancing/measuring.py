"""From a plan to the answer: rows, the hand-over list, and figures before and after."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import pstdev

import numpy as np

from gandeng.balancing.answer import HandOver, Load, Measures, Row
from gandeng.balancing.plan import Plan, families_by_village, loads
from gandeng.balancing.prepared import Prepared
from gandeng.balancing.travel import distance_from
from gandeng.balancing.units import NOBODY

Stretch = tuple[int, int]
"""Metres, and how many families have that way."""


def rows_of(prepared: Prepared, plan: Plan) -> tuple[Row, ...]:
    """Every family of the district once; parts of a village in the order of its facilitators."""
    rows = []
    for village, held in zip(prepared.villages, families_by_village(prepared, plan), strict=True):
        people = [int(person) for person in np.flatnonzero(held)]
        for part, person in enumerate(people, start=1):
            who = prepared.people[person].facilitator_id
            rows.append(Row(village.code, part, len(people), int(held[person]), who))
    return tuple(rows)


def hand_overs_of(prepared: Prepared, plan: Plan, rows: Iterable[Row]) -> tuple[HandOver, ...]:
    """Who gives how many families of which village to whom."""
    parts = {(row.village, row.facilitator_id): row.part for row in rows}
    given: dict[tuple[int, str, str, str], int] = defaultdict(int)
    for place, person in zip(*np.nonzero(plan), strict=True):
        unit, sets = prepared.units[place], int(plan[place, person])
        receiver = prepared.people[person].facilitator_id
        if unit.holder != receiver:
            given[unit.village, unit.holder, receiver, unit.skill] += unit.held * sets
        given[unit.village, NOBODY, receiver, unit.skill] += (unit.families - unit.held) * sets
    found = []
    for (place, giver, receiver, skill), families in sorted(given.items()):
        village = prepared.villages[place].code
        if families:
            found.append(HandOver(village, parts[village, receiver], families, giver, receiver, skill))
    return tuple(found)


def loads_of(prepared: Prepared, plan: Plan) -> tuple[Load, ...]:
    """One row per facilitator who is there."""
    held = families_by_village(prepared, plan)
    before = _held_today(prepared)
    metres = np.rint(held * prepared.ways * 1000).sum(axis=0)
    return tuple(
        Load(one.facilitator_id, home, before.get(one.facilitator_id, 0), int(after), int(way))
        for one, home, after, way in zip(prepared.people, prepared.homes, held.sum(axis=0), metres, strict=True)
    )


def measures_after(prepared: Prepared, plan: Plan) -> Measures:
    """A plan in figures."""
    held = families_by_village(prepared, plan)
    stretches = [
        (round(prepared.km[village][person] * 1000), int(held[village, person]))
        for village, person in zip(*np.nonzero(held), strict=True)
    ]
    return _measures(prepared, [int(load) for load in loads(prepared, plan)], 0, stretches)


def measures_before(prepared: Prepared) -> Measures:
    """Today in figures, with those who hold families and are away."""
    held = _held_today(prepared)
    here = {person.facilitator_id for person in prepared.people}
    counts = [held.get(one, 0) for one in here] + [count for who, count in held.items() if who not in here | {NOBODY}]
    return _measures(prepared, counts, held.get(NOBODY, 0), _stretches_today(prepared))


def _measures(prepared: Prepared, counts: list[int], without: int, stretches: list[Stretch]) -> Measures:
    alarm = prepared.wish.alarm
    return Measures(
        people=len(counts),
        families=prepared.families,
        without=without,
        most=max(counts),
        least=min(counts),
        deviation=round(pstdev(counts) * 100),
        over_alarm=None if alarm is None else sum(count > alarm for count in counts),
        family_metres=sum(metres * families for metres, families in stretches),
        median_metres=_median(stretches),
        measured=sum(families for _, families in stretches),
    )


def _median(stretches: list[Stretch]) -> int:
    half, passed = sum(families for _, families in stretches) / 2, 0
    for metres, families in sorted(stretches):
        passed += families
        if passed >= half:
            return metres
    return 0


def _held_today(prepared: Prepared) -> Mapping[str, int]:
    held: dict[str, int] = defaultdict(int)
    for unit in prepared.units:
        held[unit.holder] += unit.held * unit.count
        held[NOBODY] += (unit.families - unit.held) * unit.count
    return held


def _stretches_today(prepared: Prepared) -> list[Stretch]:
    here = {person.facilitator_id: place for place, person in enumerate(prepared.people)}
    homes = {person.facilitator_id: person.home for person in prepared.district.facilitators}
    found = []
    for unit in prepared.units:
        place, home = here.get(unit.holder), homes.get(unit.holder)
        if place is not None:
            found.append((round(prepared.km[unit.village][place] * 1000), unit.held * unit.count))
        elif home is not None:
            way = distance_from(home, prepared.points[unit.village])
            found += [] if way is None else [(round(way * 1000), unit.held * unit.count)]
    return found
