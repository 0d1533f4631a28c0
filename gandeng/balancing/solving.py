"""From a district made ready to a plan with a proven bound: relax, improve, then branch on what may still matter."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from gandeng.balancing.by_home import by_home
from gandeng.balancing.model import Keep, Part, loaded, programme, read_plan, start_from
from gandeng.balancing.plan import Plan, cost, fits
from gandeng.balancing.polishing import polish
from gandeng.balancing.prepared import Prepared
from gandeng.balancing.shaking import shake
from gandeng.balancing.starting import greedy, today

AT_HOME_SHARE = 0.15
"""Of the time there is, how much at most goes into dividing the district between homes."""

SHAKING_SHARE = 0.4
"""After this share of the time the search for better plans by simple means ends, done or not."""

PAIRS_MANY = 6_000
PAIRS_WITHIN = 0.02
"""Where more pairs than that could matter, those that raise the relaxed bound by more than this share are left out."""

_SLACK = 1e-6
"""Relative: what floating-point tolerances of the solver may be worth; every bound is told that much lower."""


@dataclass(frozen=True)
class Solved:
    """A plan, a number no plan can cost less than, and whether the clock ended the work before the gap was small."""

    plan: Plan
    cost: float
    bound: float
    seconds: float
    stopped: bool

    @property
    def gap(self) -> float:
        """How much of the cost a better plan could save at most: 0.01 is one per cent."""
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost > 0 else 0.0


def solve_prepared(
    prepared: Prepared, *, moves_max: int | None, seconds: float, starts: Sequence[Plan] = (), floor: float = 0.0
) -> Solved:
    """The best plan found in `seconds`. `floor` is a bound known already (of the same question with more moves)."""
    began = time.monotonic()
    relaxed = _Relaxed.of(prepared, moves_max)
    bound, stopped = max(floor, relaxed.bound), False
    best = _first(prepared, moves_max, starts, seconds)
    enough, shaken_by = bound / (1 - prepared.wish.target_gap) + 2 * _SLACK * bound, began + seconds * SHAKING_SHARE
    best = shake(prepared, best, moves_max=moves_max, enough=enough, deadline=shaken_by)
    if cost(prepared, best).total > enough:
        late = time.monotonic() > shaken_by
        best, proved, stopped = _branched(prepared, relaxed, best, moves_max, began + seconds)
        bound, stopped = max(bound, proved), stopped or late
    total = cost(prepared, best).total
    return Solved(best, total, min(bound, total), time.monotonic() - began, stopped)


def _first(prepared: Prepared, moves_max: int | None, starts: Sequence[Plan], seconds: float) -> Plan:
    """The cheapest plan by simple means that keeps the limits; as it is today always is one.

    What is divided between homes may not be: a home has room for a village that the one person of it who may go there
    has not.
    """
    at_home = by_home(prepared, moves_max=moves_max, seconds=seconds * AT_HOME_SHARE)
    begun = [today(prepared), greedy(prepared), *starts, *([] if at_home is None else [at_home])]
    plans = [*begun, *(polish(prepared, plan, moves_max=moves_max) for plan in begun)]
    fitting = [plan for plan in plans if fits(prepared, plan, moves_max)]
    return min(fitting, key=lambda plan: cost(prepared, plan).total)


@dataclass(frozen=True)
class _Relaxed:
    """The programme without whole numbers: a bound, and by how much each pair would at least raise it."""

    bound: float
    raises: dict[tuple[int, int], float]

    @classmethod
    def of(cls, prepared: Prepared, moves_max: int | None) -> "_Relaxed":
        made = programme(prepared, _all(prepared, moves_max))
        solver = loaded(made, relaxed=True)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return cls(0.0, dict.fromkeys(made.pairs, 0.0))
        duals = solver.getSolution().col_dual
        raises = {pair: max(0.0, duals[column]) for pair, column in made.pairs.items()}
        bound = solver.getInfo().objective_function_value + made.constant
        return cls(_lowered(bound), raises)


def _branched(
    prepared: Prepared, relaxed: _Relaxed, plan: Plan, moves_max: int | None, deadline: float
) -> tuple[Plan, float, bool]:
    """HiGHS on the pairs that can matter, from `plan` on; gives plan, bound and whether time ran out.

    Every plan with a pair that is left out costs at least the relaxed bound and what the pair raises it by. So the
    least of that and of HiGHS' own bound is a bound of the whole question.
    """
    total = cost(prepared, plan).total
    most = total - relaxed.bound
    if sum(raised <= most for raised in relaxed.raises.values()) > PAIRS_MANY:
        most = min(most, PAIRS_WITHIN * relaxed.bound)
    made = programme(
        prepared,
        _all(
            prepared, moves_max, lambda unit, person: bool(plan[unit, person]) or relaxed.raises[unit, person] <= most
        ),
    )
    solver = loaded(made)
    start_from(solver, made, plan)
    solver.setOptionValue("mip_rel_gap", prepared.wish.target_gap)
    solver.setOptionValue("time_limit", max(0.1, deadline - time.monotonic()))
    solver.run()
    info = solver.getInfo()
    stopped = solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        found = read_plan(made, np.array(solver.getSolution().col_value))
        plan = found if cost(prepared, found).total < total else plan
    proved = info.mip_dual_bound + made.constant if np.isfinite(info.mip_dual_bound) else 0.0
    return plan, min(_lowered(proved), relaxed.bound + most), stopped


def _all(prepared: Prepared, moves_max: int | None, keep: Keep | None = None) -> Part:
    return Part([unit.count for unit in prepared.units], range(len(prepared.people)), moves_max, keep)


def _lowered(bound: float) -> float:
    return bound - _SLACK * abs(bound)
