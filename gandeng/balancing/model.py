"""The district as a mixed-integer programme for HiGHS; docs/algorithms/balancing.md has it in words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np
import numpy.typing as npt

from gandeng.balancing.plan import Plan
from gandeng.balancing.prepared import Prepared, Segment

INFINITY = highspy.kHighsInf

Keep = Callable[[int, int], bool]
"""Which pairs of unit and person may be used."""


@dataclass(frozen=True)
class Part:
    """What of a district is to be decided: how many sets of each unit, among whom, and how many families may move."""

    counts: Sequence[int]
    people: Sequence[int]
    moves_max: int | None
    keep: Keep | None = None


@dataclass
class Programme:
    """Columns and rows as they are gathered; `pairs` (unit, person) and `present` (village, person) name columns."""

    prepared: Prepared
    part: Part
    pairs: dict[tuple[int, int], int] = field(default_factory=dict)
    present: dict[tuple[int, int], int] = field(default_factory=dict)
    segments: dict[int, list[tuple[int, Segment, int]]] = field(default_factory=dict)
    costs: list[float] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    indices: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    constant: float = 0.0

    def column(self, cost: float, upper: float, *, whole: bool) -> int:
        """A variable from 0 to `upper`."""
        self.costs.append(cost)
        self.uppers.append(upper)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, terms: Iterable[tuple[int, float]], low: float, high: float) -> None:
        """A constraint."""
        for index, value in terms:
            self.indices.append(index)
            self.values.append(value)
        self.starts.append(len(self.indices))
        self.lows.append(low)
        self.highs.append(high)


def programme(prepared: Prepared, part: Part) -> Programme:
    """The programme of a part (or of all) of a district; `constant` added to its cost gives `plan.cost`."""
    made = Programme(prepared, part)
    _units_go_somewhere(made)
    _loads(made)
    _villages_shared(made)
    _few_moves(made)
    return made


def _units_go_somewhere(made: Programme) -> None:
    prepared, part = made.prepared, made.part
    among = set(part.people)
    for place, count in enumerate(part.counts):
        if not count:
            continue
        unit = prepared.units[place]
        row = []
        for person in unit.allowed:
            if person not in among or (part.keep and not part.keep(place, person)):
                continue
            price = unit.families * prepared.km[unit.village][person]
            if unit.keeper not in (None, person):
                price += prepared.wish.keep_price * unit.held
            made.pairs[place, person] = made.column(price, count, whole=True)
            row.append((made.pairs[place, person], 1.0))
        made.row(row, count, count)


def _loads(made: Programme) -> None:
    terms: dict[int, list[tuple[int, float]]] = {person: [] for person in made.part.people}
    for (place, person), column in made.pairs.items():
        terms[person].append((column, float(made.prepared.units[place].families)))
    for person, held in terms.items():
        posts = made.prepared.posts[person]
        both = [(one, +1) for one in made.prepared.over] + [(one, -1) for one in made.prepared.under]
        segments = [(made.column(one.price, one.width * posts, whole=False), one, sign) for one, sign in both]
        made.segments[person] = segments
        even = made.prepared.even * posts
        made.row([*held, *((column, -float(sign)) for column, _, sign in segments)], even, even)


def _villages_shared(made: Programme) -> None:
    """`present` is 1 where a person has anything of a village that may be shared; it counts and limits."""
    units: dict[int, list[int]] = defaultdict(list)
    for place, count in enumerate(made.part.counts):
        if count:
            units[made.prepared.units[place].village].append(place)
    for village, places in units.items():
        if sum(made.part.counts[place] for place in places) > 1:
            _village_shared(made, village, places)
            made.constant -= made.prepared.wish.share_price


def _village_shared(made: Programme, village: int, places: Sequence[int]) -> None:
    prepared, counts = made.prepared, made.part.counts
    families = sum(prepared.units[place].families * counts[place] for place in places)
    for person in made.part.people:
        limit = min(prepared.limits[village] * prepared.posts[person], families)
        used = [place for place in places if (place, person) in made.pairs]
        if not used:
            continue
        there = made.column(prepared.wish.share_price, 1, whole=True)
        made.present[village, person] = there
        for place in used:
            most = min(counts[place], limit // prepared.units[place].families)
            made.row([(there, float(most)), (made.pairs[place, person], -1.0)], 0, INFINITY)
        if limit < families:
            sizes = [(made.pairs[place, person], -float(prepared.units[place].families)) for place in used]
            made.row([(there, float(limit)), *sizes], 0, INFINITY)
    columns = [column for (where, _), column in made.present.items() if where == village]
    most = max(prepared.posts[person] for person in made.part.people) * prepared.limits[village]
    made.row([(column, 1.0) for column in columns], -(-families // most), INFINITY)


def _few_moves(made: Programme) -> None:
    if made.part.moves_max is None:
        return
    row = []
    for (place, person), column in made.pairs.items():
        unit = made.prepared.units[place]
        if unit.keeper is not None and unit.keeper != person:
            row.append((column, float(unit.held)))
    made.row(row, -INFINITY, made.part.moves_max)


class _Quiet(highspy.Highs):
    """A solver that does not print its name where results belong."""

    def enableCallbacks(self) -> None:  # noqa: N802 (its name)
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def quiet() -> highspy.Highs:
    """A solver: one thread, one seed, silent."""
    solver = _Quiet()  # type: ignore[no-untyped-call]
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    return solver


def loaded(made: Programme, *, relaxed: bool = False) -> highspy.Highs:
    """A solver with the programme in it."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(made.costs), len(made.lows)
    lp.col_cost_ = np.array(made.costs)
    lp.col_lower_ = np.zeros(len(made.costs))
    lp.col_upper_ = np.array(made.uppers)
    lp.row_lower_, lp.row_upper_ = np.array(made.lows, dtype=float), np.array(made.highs, dtype=float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(made.starts, dtype=np.int32)
    lp.a_matrix_.index_ = np.array(made.indices, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(made.values)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[whole and not relaxed] for whole in made.whole]
    solver = quiet()
    solver.passModel(lp)
    return solver


def start_from(solver: highspy.Highs, made: Programme, plan: Plan) -> None:
    """Give the solver a plan to begin with."""
    values = np.zeros(len(made.costs))
    for (place, person), column in made.pairs.items():
        values[column] = plan[place, person]
        if plan[place, person]:
            there = made.present.get((made.prepared.units[place].village, person))
            if there is not None:
                values[there] = 1
    for person, segments in made.segments.items():
        load = sum(
            made.prepared.units[place].families * int(plan[place, person])
            for place, count in enumerate(made.part.counts)
            if count and (place, person) in made.pairs
        )
        deviation = load - made.prepared.even
        for column, segment, sign in segments:
            values[column] = min(max(sign * deviation, 0.0), segment.width)
            deviation -= sign * values[column]
    solution = highspy.HighsSolution()
    solution.col_value = list(values)
    solver.setSolution(solution)


def read_plan(made: Programme, values: npt.NDArray[np.float64]) -> Plan:
    """The plan in a solution's columns; units outside the part are 0."""
    plan = np.zeros((len(made.prepared.units), len(made.prepared.people)), dtype=np.int64)
    for (place, person), column in made.pairs.items():
        plan[place, person] = round(values[column])
    return plan
