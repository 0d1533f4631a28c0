"""Two plans to begin with: as it is today, and a greedy one."""

from collections.abc import Sequence

import numpy as np

from gandeng.balancing.plan import Plan
from gandeng.balancing.prepared import Prepared
from gandeng.balancing.units import Unit


def today(prepared: Prepared) -> Plan:
    """Everybody keeps what she may keep; the rest goes, largest first, to whoever costs least."""
    plan = _empty(prepared)
    for place, unit in enumerate(prepared.units):
        if unit.keeper is not None:
            plan[place, unit.keeper] = unit.count
    return filled(prepared, plan, [unit.count for unit in prepared.units])


def greedy(prepared: Prepared) -> Plan:
    """From nothing: unit by unit, largest first, to whoever costs least at that moment."""
    return filled(prepared, _empty(prepared), [unit.count for unit in prepared.units])


def _empty(prepared: Prepared) -> Plan:
    return np.zeros((len(prepared.units), len(prepared.people)), dtype=np.int64)


def filled(prepared: Prepared, plan: Plan, counts: Sequence[int], among: frozenset[int] | None = None) -> Plan:
    """`plan` with what is missing to `counts` given out, largest first, to whoever (`among` some) costs least then."""
    sizes = [unit.families for unit in prepared.units]
    loads = [int(load) for load in np.array(sizes) @ plan]
    held: dict[tuple[int, int], int] = {}
    for place, unit in enumerate(prepared.units):
        for holder in np.flatnonzero(plan[place]):
            key = (unit.village, int(holder))
            held[key] = held.get(key, 0) + unit.families * int(plan[place, holder])
    for place in sorted(
        range(len(sizes)), key=lambda place: (len(prepared.units[place].allowed) > 1, -sizes[place], place)
    ):
        unit = prepared.units[place]
        choice = [person for person in unit.allowed if among is None or person in among]
        for _ in range(counts[place] - int(plan[place].sum())):
            person = min(choice, key=lambda person: (_price(prepared, unit, person, loads, held), person))
            plan[place, person] += 1
            loads[person] += unit.families
            held[unit.village, person] = held.get((unit.village, person), 0) + unit.families
    return plan


def _price(prepared: Prepared, unit: Unit, person: int, loads: list[int], held: dict[tuple[int, int], int]) -> float:
    """What one more set costs with that person; a village's limit for one person comes before every price."""
    wish, has = prepared.wish, held.get((unit.village, person), 0)
    cost = unit.families * prepared.km[unit.village][person]
    cost += prepared.load_costs[loads[person] + unit.families] - prepared.load_costs[loads[person]]
    cost += 0.0 if has else wish.share_price
    cost += 0.0 if unit.keeper in (None, person) else wish.keep_price * unit.held
    too_many = has + unit.families > prepared.limits[unit.village]
    return cost + (1e9 if too_many else 0.0)
