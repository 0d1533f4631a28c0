"""A start for many people with few homes: units are given to homes first, then to the people who live there.

People of one home have the same way to every village, so most of what a plan costs is decided between homes; and that
programme is small, because a home has as many people as it needs to split a load evenly.
"""

from dataclasses import replace

import highspy
import numpy as np

from gandeng.balancing.model import Part, loaded, programme, read_plan
from gandeng.balancing.plan import Plan
from gandeng.balancing.prepared import Prepared
from gandeng.balancing.starting import filled
from gandeng.balancing.units import Unit

NODES_MOST = 200
GAP = 0.001


def by_home(prepared: Prepared, *, moves_max: int | None, seconds: float) -> Plan | None:
    """A plan that may move a few families more than `moves_max`; None where the time is too short for one."""
    homes = sorted(set(prepared.homes))
    place_of = [homes.index(home) for home in prepared.homes]
    made = programme(
        _of_homes(prepared, place_of, len(homes)),
        Part([unit.count for unit in prepared.units], range(len(homes)), moves_max),
    )
    solver = loaded(made)
    solver.setOptionValue("mip_max_nodes", NODES_MOST)
    solver.setOptionValue("mip_rel_gap", GAP)
    solver.setOptionValue("time_limit", seconds)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return _to_people(prepared, read_plan(made, np.array(solver.getSolution().col_value)), place_of)


def _of_homes(prepared: Prepared, place_of: list[int], count: int) -> Prepared:
    """The same district with a home in the place of the people who live there."""
    posts = [place_of.count(home) for home in range(count)]
    someone = [place_of.index(home) for home in range(count)]
    return replace(
        prepared,
        people=tuple(prepared.people[person] for person in someone),
        units=tuple(_unit_of_homes(unit, place_of) for unit in prepared.units),
        km=tuple(tuple(row[person] for person in someone) for row in prepared.km),
        posts=tuple(posts),
    )


def _unit_of_homes(unit: Unit, place_of: list[int]) -> Unit:
    keeper = None if unit.keeper is None else place_of[unit.keeper]
    return replace(unit, keeper=keeper, allowed=tuple(sorted({place_of[person] for person in unit.allowed})))


def _to_people(prepared: Prepared, given: Plan, place_of: list[int]) -> Plan:
    """Within each home: who has them keeps them, the rest greedily, largest units first."""
    people_of: dict[int, list[int]] = {}
    for person, home in enumerate(place_of):
        people_of.setdefault(home, []).append(person)
    plan = np.zeros((len(prepared.units), len(prepared.people)), dtype=np.int64)
    for home, people in people_of.items():
        counts = [int(count) for count in given[:, home]]
        kept = np.zeros_like(plan)
        for place, unit in enumerate(prepared.units):
            if unit.keeper in people:
                kept[place, unit.keeper] = counts[place]
        plan += filled(prepared, kept, counts, among=frozenset(people))
    return plan
