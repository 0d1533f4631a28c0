"""The two questions an office asks of a district: the best balance, and what it would be with fewer changes."""

from collections.abc import Sequence
from dataclasses import replace

from gandeng.balancing.answer import Balance
from gandeng.balancing.measuring import hand_overs_of, loads_of, measures_after, measures_before, rows_of
from gandeng.balancing.plan import Plan, cost, forced, moves
from gandeng.balancing.prepared import Prepared, prepare
from gandeng.balancing.problem import District, Wish
from gandeng.balancing.solving import Solved, solve_prepared
from gandeng.balancing.starting import greedy, today

SHARES = (0.0, 0.05, 0.10, 0.20, None)
"""How much of a district's families may change hands, from none to any number."""


def solve(problem: District, wish: Wish, *, seconds: float) -> Balance:
    """The best assignment found in `seconds`, with its bound. Raises CannotBalance with everything in the way."""
    prepared = prepare(problem, wish)
    return answer(prepared, solve_prepared(prepared, moves_max=wish.moves_max, seconds=seconds), wish.moves_max)


def alternatives(
    problem: District, wish: Wish, *, seconds: float, shares: Sequence[float | None] = SHARES
) -> tuple[Balance, ...]:
    """One balance for each share of families that may change hands beyond those that must; `seconds` for each.

    None is any number of families. With more changes allowed a balance never costs more.
    """
    prepared = prepare(problem, wish)
    return tuple(
        answer(prepared, solved, limit) for limit, solved in _along(prepared, _limits(prepared, shares), seconds)
    )


def _limits(prepared: Prepared, shares: Sequence[float | None]) -> list[int | None]:
    limits = {None if share is None else int(share * prepared.families) for share in shares}
    return sorted(limits, key=lambda limit: float("inf") if limit is None else limit)


def _along(prepared: Prepared, limits: Sequence[int | None], seconds: float) -> list[tuple[int | None, Solved]]:
    """The loosest first, because its bound holds for all; then upwards, each beginning with its neighbours."""
    loosest = solve_prepared(prepared, moves_max=limits[-1], seconds=seconds)
    found: list[tuple[int | None, Solved]] = []
    before: list[Plan] = []
    for limit in limits[:-1]:
        if limit is not None and moves(prepared, loosest.plan) <= limit:
            solved = loosest
        else:
            starts = [*before, loosest.plan]
            solved = solve_prepared(prepared, moves_max=limit, seconds=seconds, starts=starts, floor=loosest.bound)
        before = [solved.plan]
        found.append((limit, solved))
    return _never_dearer([*found, (limits[-1], loosest)])


def _never_dearer(found: list[tuple[int | None, Solved]]) -> list[tuple[int | None, Solved]]:
    """What fewer changes allow, more allow too: where a search stopped at something dearer, the cheaper one stands."""
    best = found[0][1]
    kept = []
    for limit, solved in found:
        if solved.cost <= best.cost:
            best = solved
        kept.append((limit, replace(solved, plan=best.plan, cost=best.cost)))
    return kept


def answer(prepared: Prepared, solved: Solved, moves_max: int | None) -> Balance:
    """What a solved district says to people."""
    rows = rows_of(prepared, solved.plan)
    return Balance(
        district=prepared.district.code,
        rows=rows,
        hand_overs=hand_overs_of(prepared, solved.plan, rows),
        loads=loads_of(prepared, solved.plan),
        before=measures_before(prepared),
        after=measures_after(prepared, solved.plan),
        even=prepared.even,
        moves_max=moves_max,
        moved=moves(prepared, solved.plan),
        forced=forced(prepared),
        cost=solved.cost,
        bound=solved.bound,
        cost_today=cost(prepared, today(prepared)).total,
        cost_greedy=cost(prepared, greedy(prepared)).total,
        seconds=solved.seconds,
        stopped=solved.stopped,
        notes=prepared.notes,
    )
