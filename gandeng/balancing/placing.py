"""Which families of a village go to whom, once it is said how many each facilitator is to have there.

A share is a number. Families who need a skill must be among those of somebody who has it, and whoever has families
keeps them where that is possible. A transport problem, solved for all villages at once; its corners are whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from gandeng.balancing.model import INFINITY, quiet
from gandeng.balancing.units import NOBODY

MOVED, UNSKILLED, BEYOND = 1.0, 1_000.0, 100_000.0
"""A family that changes hands, one without the skill it needs, one more than was said: each outweighs what is left of
it, for no chain of changes in a village is a thousand long."""


@dataclass(frozen=True)
class Group:
    """Families of a village that are alike: who has them today (or nobody), and the skill they need ('' for any)."""

    village: str
    holder: str
    skill: str
    families: int


@dataclass(frozen=True)
class Seat:
    """So many families of a village are to be hers."""

    village: str
    person: str
    families: int


@dataclass(frozen=True)
class Placed:
    """So many of a group go to one person."""

    group: Group
    person: str
    families: int


def place(groups: Iterable[Group], seats: Sequence[Seat], able: Mapping[str, frozenset[str]]) -> list[Placed]:
    """Every family to somebody of its village's seats; `able` are the skills of each person.

    As many as can be go to somebody with the skill they need, then as few as can be change hands. Families beyond the
    seats stay with whoever has them, or go to whoever has most there. A village without seats is left out.
    """
    by_village: dict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        by_village[seat.village].append(seat)
    pairs = [
        (group, seat)
        for group in groups
        if group.families
        for seat in sorted(by_village[group.village], key=lambda one: (-one.families, one.person))
    ]
    counts = _solved(pairs, [seat for seats in by_village.values() for seat in seats], able) if pairs else []
    return [
        Placed(group, seat.person, count) for (group, seat), count in zip(pairs, counts, strict=True) if count
    ]  # fmt: skip


def unskilled(placed: Iterable[Placed], able: Mapping[str, frozenset[str]]) -> int:
    """Families with somebody who lacks the skill they need."""
    return sum(one.families for one in placed if _lacks(one.group.skill, able.get(one.person, frozenset())))


def _lacks(skill: str, has: frozenset[str]) -> bool:
    return bool(skill) and skill not in has


def _solved(
    pairs: Sequence[tuple[Group, Seat]], seats: Sequence[Seat], able: Mapping[str, frozenset[str]]
) -> list[int]:
    """Families of each pair of group and seat. One column for each, then one for what goes beyond each seat."""
    groups = list(dict.fromkeys(group for group, _ in pairs))
    group_row = {group: row for row, group in enumerate(groups)}
    seat_row = {seat: len(groups) + row for row, seat in enumerate(seats)}
    most = sorted(seats, key=lambda one: (-one.families, one.person))
    costs = [_cost(group, seat, able) for group, seat in pairs] + [
        BEYOND + most.index(seat) / 100_000 for seat in seats
    ]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(costs), len(groups) + len(seats)
    lp.col_cost_ = np.array(costs)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(costs)), np.full(len(costs), INFINITY)
    families = [float(group.families) for group in groups]
    lp.row_lower_ = np.array([*families, *(-INFINITY for _ in seats)])
    lp.row_upper_ = np.array([*families, *(float(seat.families) for seat in seats)])
    entries = [(group_row[group], seat_row[seat]) for group, seat in pairs]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.array(
        [*range(0, 2 * len(pairs) + 1, 2), *(2 * len(pairs) + 1 + one for one in range(len(seats)))], dtype=np.int32
    )
    lp.a_matrix_.index_ = np.array(
        [row for entry in entries for row in entry] + [seat_row[seat] for seat in seats], dtype=np.int32
    )
    lp.a_matrix_.value_ = np.array([1.0] * (2 * len(pairs)) + [-1.0] * len(seats))
    solver = quiet()
    solver.setOptionValue("solver", "simplex")  # ends in a corner, and there every number is whole
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ArithmeticError("every family has a seat or goes beyond one")
    return [round(value) for value in solver.getSolution().col_value[: len(pairs)]]


def _cost(group: Group, seat: Seat, able: Mapping[str, frozenset[str]]) -> float:
    moved = MOVED if group.holder not in (NOBODY, seat.person) else 0.0
    return moved + (UNSKILLED if _lacks(group.skill, able.get(seat.person, frozenset())) else 0.0)
