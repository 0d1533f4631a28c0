"""An assignment of units to people, and what it costs, by the same prices the solver sees."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gandeng.balancing.prepared import Prepared

Plan = npt.NDArray[np.int64]
"""`plan[unit, person]`: how many sets of the unit the person has."""


@dataclass(frozen=True)
class Cost:
    """What a plan costs, in kilometres for one family, by what for."""

    travel: float
    load: float
    keep: float
    share: float

    @property
    def total(self) -> float:
        """Everything."""
        return self.travel + self.load + self.keep + self.share


def loads(prepared: Prepared, plan: Plan) -> npt.NDArray[np.int64]:
    """Families of each person."""
    return prepared.sizes @ plan


def moves(prepared: Prepared, plan: Plan) -> int:
    """Families that change hands although the one who holds them might keep them."""
    kept = (
        (unit.count - int(plan[place, unit.keeper])) * unit.held
        for place, unit in enumerate(prepared.units)
        if unit.keeper is not None
    )
    return sum(kept)


def forced(prepared: Prepared) -> int:
    """Families that change hands in every plan: who holds them is away, or a lock or a skill sends them elsewhere."""
    return sum(unit.held * unit.count for unit in prepared.units if unit.keeper is None)


def families_by_village(prepared: Prepared, plan: Plan) -> npt.NDArray[np.int64]:
    """`[village, person]`: families."""
    result = np.zeros((len(prepared.villages), len(prepared.people)), dtype=np.int64)
    np.add.at(result, prepared.places, plan * prepared.sizes[:, None])
    return result


def fits(prepared: Prepared, plan: Plan, moves_max: int | None) -> bool:
    """Whether nobody has more of a village than its limit, and no more families move than may."""
    limits = np.array(prepared.limits)[:, None]
    within = bool((families_by_village(prepared, plan) <= limits).all())
    return within and (moves_max is None or moves(prepared, plan) <= moves_max)


def cost(prepared: Prepared, plan: Plan) -> Cost:
    """The cost of a plan."""
    by_village = families_by_village(prepared, plan)
    people_in = int((by_village > 0).sum())
    return Cost(
        travel=float((by_village * prepared.ways).sum()),
        load=float(prepared.prices[by_village.sum(axis=0)].sum()),
        keep=prepared.wish.keep_price * moves(prepared, plan),
        share=prepared.wish.share_price * (people_in - len(prepared.villages)),
    )
