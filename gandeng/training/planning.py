"""Who sits in which batch. Pure: no clock, no database, the same answer for the same question.

The most urgent come first: as many as possible of those who need it now, then, without giving up a seat of theirs, as
many as possible of the next, and so on; then the earliest seats for the most urgent. People who live in one
sub-district and can come to the same batches are alike to the solver (HiGHS); among them the order given decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import highspy
import numpy as np
import numpy.typing as npt

from gandeng.balancing.model import quiet

PEOPLE_MAX = 1_500
BATCHES_MAX = 12
_NEARLY = 1e-6
_EARLY_ENOUGH = 0.03
"""Who sits is exact; how early they sit may be so much from the best."""
_SECONDS = 20.0
"""For each question to the solver; far more than a province takes. An answer cut off is not taken for one."""


@dataclass(frozen=True)
class Span:
    """Days, the last included."""

    first: date
    last: date

    def meets(self, other: "Span") -> bool:
        """They share a day."""
        return self.first <= other.last and other.first <= self.last

    @property
    def days(self) -> list[date]:
        """Each of them."""
        return [self.first + timedelta(days=passed) for passed in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Batch:
    """Offered: when, and for how many."""

    span: Span
    seats: int


@dataclass(frozen=True)
class Candidate:
    """Somebody who needs it. `home` is her sub-district, empty where nobody knows; 1 is the most urgent."""

    key: str
    home: str
    urgency: int
    away: tuple[Span, ...] = ()
    """Days she cannot: leave, other events."""


class Without(StrEnum):
    """Why somebody got no seat."""

    NOT_AVAILABLE = "NOT_AVAILABLE"
    SEATS = "SEATS"
    ABSENT_MAX = "ABSENT_MAX"


@dataclass(frozen=True)
class Seating:
    """Key → number of the batch as offered; and key → why not, for everybody else."""

    seats: Mapping[str, int]
    without: Mapping[str, Without]


class NotSolved(Exception):
    """The solver did not finish."""


def plan(
    people: Sequence[Candidate],
    batches: Sequence[Batch],
    *,
    absent_max: int | None = None,
    absent: Mapping[str, Sequence[Span]] | None = None,
) -> Seating:
    """Seat people. At most `absent_max` of one sub-district are away on any day; `absent`: who is already, elsewhere.

    Among people alike the earlier in `people` comes first. Raises NotSolved.
    """
    alike = _alike(people, batches)
    limits = _limits(alike, batches, absent_max, absent or {})
    counts = _solve(alike, batches, limits) if alike else {}
    seats: dict[str, int] = {}
    order = sorted(range(len(batches)), key=lambda one: (batches[one].span.first, one))
    for kind, (members, _urgencies) in enumerate(_members(alike)):
        waiting = iter(members)
        for batch in order:
            for _ in range(counts.get((kind, batch), 0)):
                seats[next(waiting)] = batch
    without = _reasons(people, batches, seats)
    return Seating(seats, without)


@dataclass(frozen=True)
class _Alike:
    """People of one sub-district, one urgency and the same batches they can come to."""

    home: str
    urgency: int
    can: frozenset[int]
    keys: list[str] = field(default_factory=list, compare=False)


def _alike(people: Sequence[Candidate], batches: Sequence[Batch]) -> list[_Alike]:
    found: dict[tuple[int, str, tuple[int, ...]], _Alike] = {}
    for one in people:
        can = _can(one, batches)
        if can:
            kind = found.setdefault((one.urgency, one.home, can), _Alike(one.home, one.urgency, frozenset(can)))
            kind.keys.append(one.key)
    return [found[key] for key in sorted(found)]


def _can(one: Candidate, batches: Sequence[Batch]) -> tuple[int, ...]:
    return tuple(number for number, batch in enumerate(batches) if not any(batch.span.meets(span) for span in one.away))


def _members(alike: Iterable[_Alike]) -> list[tuple[list[str], int]]:
    return [(kind.keys, kind.urgency) for kind in alike]


type _Limits = Mapping[str, Sequence[tuple[frozenset[int], int]]]
"""By sub-district: of these batches together, at most so many (one entry per set of batches that share a day)."""


def _limits(
    alike: Sequence[_Alike], batches: Sequence[Batch], most: int | None, absent: Mapping[str, Sequence[Span]]
) -> _Limits:
    if most is None:
        return {}
    on_day: dict[date, frozenset[int]] = {}
    for number, batch in enumerate(batches):
        for day in batch.span.days:
            on_day[day] = on_day.get(day, frozenset()) | {number}
    limits = {}
    for home in sorted({kind.home for kind in alike if kind.home}):
        left: dict[frozenset[int], int] = {}
        for day, there in on_day.items():
            away = sum(span.first <= day <= span.last for span in absent.get(home, ()))
            left[there] = min(left.get(there, most), max(most - away, 0))
        limits[home] = sorted(left.items(), key=lambda one: sorted(one[0]))
    return limits


def _solve(alike: Sequence[_Alike], batches: Sequence[Batch], limits: _Limits) -> dict[tuple[int, int], int]:
    """How many of each kind in each batch.

    With fractions allowed the most that can be seated is quickly known, and hardly ever more than whole people reach;
    where it is, whole numbers are asked for from the most urgent on.
    """
    made = _Programme(alike, batches, limits)
    urgencies = sorted({kind.urgency for kind in alike})
    for urgency in urgencies:
        made.at_least(urgency, made.most(urgency, whole=False))
    try:
        return made.earliest()
    except NotSolved:
        made.forget(len(urgencies))
    for urgency in urgencies:
        made.at_least(urgency, made.most(urgency, whole=True))
    return made.earliest()


class _Programme:
    """One whole number for each kind of people and batch it can come to; asked several times, each answer kept."""

    def __init__(self, alike: Sequence[_Alike], batches: Sequence[Batch], limits: _Limits) -> None:
        self.alike, self.batches = alike, batches
        self.columns = [(kind, batch) for kind, one in enumerate(alike) for batch in sorted(one.can)]
        self.rows: list[tuple[list[int], float, float]] = []
        by_kind, by_batch = defaultdict(list), defaultdict(list)
        by_home = defaultdict(list)
        for column, (kind, batch) in enumerate(self.columns):
            by_kind[kind].append(column)
            by_batch[batch].append(column)
            by_home[alike[kind].home].append((batch, column))
        self.rows += [(there, 0, len(alike[kind].keys)) for kind, there in by_kind.items()]
        self.rows += [(there, 0, batches[batch].seats) for batch, there in sorted(by_batch.items())]
        for home, left in limits.items():
            for together, most in left:
                self.rows.append(([column for batch, column in by_home[home] if batch in together], 0, most))

    def most(self, urgency: int, *, whole: bool) -> int:
        """How many of those can be seated, with what was kept before."""
        cost = np.zeros(len(self.columns))
        cost[self._of(urgency)] = -1.0
        solver = self._loaded(cost, whole=whole)
        _run(solver)
        return int(-solver.getInfo().objective_function_value + _NEARLY)

    def at_least(self, urgency: int, seated: int) -> None:
        """Keep to it from now on."""
        self.rows.append((self._of(urgency), float(seated), highspy.kHighsInf))

    def forget(self, rows: int) -> None:
        """The last ones kept to."""
        del self.rows[-rows:]

    def _of(self, urgency: int) -> list[int]:
        return [column for column, (kind, _) in enumerate(self.columns) if self.alike[kind].urgency == urgency]

    def earliest(self) -> dict[tuple[int, int], int]:
        """Who sits where: about the earliest seats there are, the more urgent the sooner. Raises NotSolved."""
        order = sorted(range(len(self.batches)), key=lambda one: (self.batches[one].span.first, one))
        place = {batch: number for number, batch in enumerate(order)}
        heaviest = max(one.urgency for one in self.alike)
        wish = [place[batch] * float(1 + heaviest - self.alike[kind].urgency) for kind, batch in self.columns]
        solver = self._loaded(np.array(wish), whole=True)
        solver.setOptionValue("mip_rel_gap", _EARLY_ENOUGH)
        _run(solver)
        found = [round(value) for value in solver.getSolution().col_value]
        return {pair: found[column] for column, pair in enumerate(self.columns) if found[column]}

    def _loaded(self, cost: npt.NDArray[np.float64], *, whole: bool) -> highspy.Highs:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.columns), len(self.rows)
        lp.col_cost_ = cost
        lp.col_lower_ = np.zeros(len(self.columns))
        lp.col_upper_ = np.array([float(len(self.alike[kind].keys)) for kind, _ in self.columns])
        lp.row_lower_ = np.array([float(low) for _, low, _ in self.rows])
        lp.row_upper_ = np.array([float(high) for _, _, high in self.rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(there) for there, _, _ in self.rows)]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([column for there, _, _ in self.rows for column in there], dtype=np.int32)
        lp.a_matrix_.value_ = np.ones(len(lp.a_matrix_.index_))
        if whole:
            lp.integrality_ = [highspy.HighsVarType.kInteger] * len(self.columns)
        solver = quiet()
        for option, value in (("time_limit", _SECONDS), ("mip_rel_gap", 0.0)):
            solver.setOptionValue(option, value)
        solver.passModel(lp)
        return solver


def _run(solver: highspy.Highs) -> None:
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise NotSolved


def _reasons(people: Sequence[Candidate], batches: Sequence[Batch], seats: Mapping[str, int]) -> dict[str, Without]:
    taken = [0] * len(batches)
    for batch in seats.values():
        taken[batch] += 1
    without = {}
    for one in people:
        if one.key in seats:
            continue
        can = _can(one, batches)
        if not can:
            without[one.key] = Without.NOT_AVAILABLE
        elif any(taken[batch] < batches[batch].seats for batch in can):
            without[one.key] = Without.ABSENT_MAX
        else:
            without[one.key] = Without.SEATS
    return without
