"""Every plan there is, priced in plain Python from the words of docs/algorithms/balancing.md."""

from collections.abc import Iterator
from itertools import combinations_with_replacement, product
from math import comb, inf, prod

from gandeng.balancing.prepared import Prepared
from gandeng.balancing.problem import Wish

PLANS_MOST = 3_000


def plans_count(prepared: Prepared) -> int:
    return prod(comb(len(unit.allowed) + unit.count - 1, unit.count) for unit in prepared.units)


def cheapest(prepared: Prepared, wish: Wish) -> float:
    """The least cost of all plans that keep the limits; infinite where none does."""
    return min((price(prepared, wish, plan) for plan in _plans(prepared)), default=inf)


def _plans(prepared: Prepared) -> Iterator[tuple[tuple[int, ...], ...]]:
    return product(*(combinations_with_replacement(unit.allowed, unit.count) for unit in prepared.units))


def price(prepared: Prepared, wish: Wish, plan: tuple[tuple[int, ...], ...]) -> float:
    loads = dict.fromkeys(range(len(prepared.people)), 0)
    held: dict[tuple[int, int], int] = {}
    total, moved = 0.0, 0
    for unit, people in zip(prepared.units, plan, strict=True):
        for person in people:
            total += unit.families * prepared.km[unit.village][person]
            loads[person] += unit.families
            held[unit.village, person] = held.get((unit.village, person), 0) + unit.families
            if unit.keeper is not None and unit.keeper != person:
                moved += unit.held
    if wish.moves_max is not None and moved > wish.moves_max:
        return inf
    if any(count > prepared.limits[village] for (village, _), count in held.items()):
        return inf
    total += wish.keep_price * moved + wish.share_price * (len(held) - len(prepared.villages))
    even = sum(loads.values()) / len(loads)
    return total + sum(_of_load(wish, load, even) for load in loads.values())


def _of_load(wish: Wish, load: int, even: float) -> float:
    """Each family away from the even load at the price of the band it falls in, and more above the alarm."""
    away, cost = abs(load - even), 0.0
    for band, after in zip(wish.even, [*wish.even[1:], None], strict=True):
        end = inf if after is None else after.share * even
        cost += band.price * max(0.0, min(away, end) - band.share * even)
    if wish.alarm is not None and load > wish.alarm:
        cost += wish.alarm_price * (load - max(even, wish.alarm)) if load > even else 0.0
    return cost
