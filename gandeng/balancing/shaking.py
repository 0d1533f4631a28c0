"""Out of a dead end of single steps: a few units go to somebody else near by, then single steps again."""

import random
import time

import numpy as np

from gandeng.balancing.plan import Plan, cost, fits
from gandeng.balancing.polishing import polish
from gandeng.balancing.prepared import Prepared

TRIES, TRIES_FOR_A_UNIT = 300, 5
UNITS_AT_ONCE = 4
NEAREST = 6
SEED = 1


def shake(prepared: Prepared, plan: Plan, *, moves_max: int | None, enough: float, deadline: float) -> Plan:
    """The cheapest plan of a fixed number of tries, the same ones each time; it ends early where that is `enough`."""
    chance = random.Random(SEED)  # noqa: S311 (no secret: the same tries each time)
    best = cost(prepared, plan).total
    for _ in range(min(TRIES, TRIES_FOR_A_UNIT * len(prepared.units))):
        if best <= enough or time.monotonic() > deadline:
            break
        tried = polish(prepared, _shaken(prepared, plan, chance), moves_max=moves_max)
        price = cost(prepared, tried).total
        if price < best - 1e-6 and fits(prepared, tried, moves_max):
            plan, best = tried, price
    return plan


def _shaken(prepared: Prepared, plan: Plan, chance: random.Random) -> Plan:
    """Units around one village, each with one of the people nearest to it."""
    plan = plan.copy()
    middle = chance.randrange(len(prepared.villages))
    near = np.abs(prepared.ways - prepared.ways[middle]).mean(axis=1)[prepared.places]
    around = np.argsort(near, kind="stable")[: 3 * UNITS_AT_ONCE]
    for place in chance.sample([int(one) for one in around], min(UNITS_AT_ONCE, len(around))):
        unit = prepared.units[place]
        way = prepared.km[unit.village]
        people = sorted(unit.allowed, key=lambda person: (way[person], person))[:NEAREST]
        giver, taker = int(chance.choice(np.flatnonzero(plan[place]).tolist())), chance.choice(people)
        plan[place, giver] -= 1
        plan[place, taker] += 1
    return plan
