"""The cheapest steps first: one set to somebody else, or two sets exchanged, as long as that saves anything."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gandeng.balancing.plan import Plan, families_by_village, moves
from gandeng.balancing.prepared import Prepared

STEPS_MOST = 3_000
_NOT_ALLOWED = 1e12
_SAVES = -1e-6

Matrix = npt.NDArray[np.float64]


@dataclass
class _Board:
    """A plan with what a step needs to know: each occupied pair (unit, person), loads, families by village."""

    prepared: Prepared
    plan: Plan
    base: Matrix
    """`[unit, person]`: way and keep price of one set; not allowed is dear."""
    moved: npt.NDArray[np.int64]
    """`[unit, person]`: families of one set that count as moved there."""
    moves_left: float


def polish(prepared: Prepared, plan: Plan, *, moves_max: int | None) -> Plan:
    """A plan from which no single step saves anything (or the steps are used up).

    A plan that moves too many families first gives some back, where that costs least for each family.
    """
    base, moved = _prices(prepared)
    left = np.inf if moves_max is None else moves_max - moves(prepared, plan)
    board = _Board(prepared, plan.copy(), base, moved, left)
    for _ in range(STEPS_MOST):
        if not _shifted(board) and not _exchanged(board):
            break
    return board.plan


def _prices(prepared: Prepared) -> tuple[Matrix, npt.NDArray[np.int64]]:
    base = np.full((len(prepared.units), len(prepared.people)), _NOT_ALLOWED)
    moved = np.zeros(base.shape, dtype=np.int64)
    for place, unit in enumerate(prepared.units):
        allowed = list(unit.allowed)
        base[place, allowed] = unit.families * prepared.ways[unit.village, allowed]
        if unit.keeper is not None:
            moved[place] = unit.held
            moved[place, unit.keeper] = 0
    return base + prepared.wish.keep_price * moved, moved


def _shifted(board: _Board) -> bool:
    """Make the best step of one set to somebody else; False where none saves anything."""
    prepared = board.prepared
    units, people = np.nonzero(board.plan)
    sizes, villages = prepared.sizes[units], prepared.places[units]
    held = families_by_village(prepared, board.plan)
    loads = held.sum(axis=0)
    leave = prepared.prices[loads[people] - sizes] - prepared.prices[loads[people]]
    after = np.minimum(loads[None, :] + sizes[:, None], len(prepared.prices) - 1)
    come = prepared.prices[after] - prepared.prices[loads][None, :]
    gone = held[villages, people] == sizes
    share = prepared.wish.share_price * ((held[villages] == 0).astype(float) - gone[:, None])
    delta = board.base[units] - board.base[units, people][:, None] + leave[:, None] + come + share
    limits = np.array(prepared.limits)[villages]
    delta[held[villages] + sizes[:, None] > limits[:, None]] = _NOT_ALLOWED
    more = board.moved[units] - board.moved[units, people][:, None]
    delta[more > max(board.moves_left, 0)] = _NOT_ALLOWED
    too_many = board.moves_left < 0
    if too_many:
        delta = np.where((more < 0) & (delta < _NOT_ALLOWED / 2), delta / np.maximum(-more, 1), _NOT_ALLOWED)
    delta[np.arange(len(units)), people] = _NOT_ALLOWED
    row, to = divmod(int(delta.argmin()), delta.shape[1])
    if delta[row, to] > (_NOT_ALLOWED / 2 if too_many else _SAVES):
        return False
    board.plan[units[row], people[row]] -= 1
    board.plan[units[row], to] += 1
    board.moves_left -= float(more[row, to])
    return True


def _exchanged(board: _Board) -> bool:
    """Make the best exchange of two sets of different villages; False where none saves anything."""
    prepared = board.prepared
    units, people = np.nonzero(board.plan)
    sizes, villages = prepared.sizes[units], prepared.places[units]
    held = families_by_village(prepared, board.plan)
    loads = held.sum(axis=0)
    come = board.base[np.ix_(units, range(len(prepared.people)))][:, people] - board.base[units, people][:, None]
    delta = come + come.T
    grows = sizes[None, :] - sizes[:, None]
    load = prepared.prices[np.clip(loads[people][:, None] + grows, 0, len(prepared.prices) - 1)]
    load = load - prepared.prices[loads[people]][:, None]
    delta += load + load.T
    gone = held[villages, people] == sizes
    new = held[villages][:, people] == 0
    share = prepared.wish.share_price * (new.astype(float) - gone[:, None])
    delta += share + share.T
    full = held[villages][:, people] + sizes[:, None] > np.array(prepared.limits)[villages][:, None]
    more = board.moved[np.ix_(units, range(len(prepared.people)))][:, people] - board.moved[units, people][:, None]
    more = more + more.T
    same = (villages[:, None] == villages[None, :]) | (people[:, None] == people[None, :])
    delta[full | full.T | same | (more > board.moves_left)] = _NOT_ALLOWED
    row, other = divmod(int(delta.argmin()), len(units))
    if delta[row, other] > _SAVES:
        return False
    for one, two in ((row, other), (other, row)):
        board.plan[units[one], people[one]] -= 1
        board.plan[units[one], people[two]] += 1
    board.moves_left -= float(more[row, other])
    return True
