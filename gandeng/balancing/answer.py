"""The answer: who accompanies what, before and after in figures, and the list of what is handed over."""

from dataclasses import dataclass

from gandeng.core.faults import Fault
from gandeng.core.region_code import RegionCode


@dataclass(frozen=True)
class Row:
    """Families of one village with one facilitator: part `part` of the village's `parts`."""

    village: RegionCode
    part: int
    parts: int
    families: int
    facilitator_id: str


@dataclass(frozen=True)
class HandOver:
    """Families of one village that come to `receiver`, into that part of it; `giver` is '' where nobody has them.

    `skill` is what these families need, '' for any.
    """

    village: RegionCode
    part: int
    families: int
    giver: str
    receiver: str
    skill: str = ""


@dataclass(frozen=True)
class Load:
    """One facilitator before and after. `home` is where her ways are counted from."""

    facilitator_id: str
    home: RegionCode | None
    before: int
    after: int
    family_metres: int


@dataclass(frozen=True)
class Measures:
    """One state of a district in figures.

    `most`, `least` and `deviation` (standard, in hundredths of a family) are of the loads of `people`. Ways are in a
    straight line, from the middle of her home sub-district to the middle of the village: `family_metres` their sum over
    families, `median_metres` that of the family in the middle; families whose facilitator lives nobody knows where, or
    who have none, are not among `measured`.
    """

    people: int
    families: int
    without: int
    most: int
    least: int
    deviation: int
    over_alarm: int | None
    family_metres: int
    median_metres: int
    measured: int


@dataclass(frozen=True)
class Balance:
    """The best assignment found, what it is worth, and how much better any other could be.

    Costs are kilometres for one family (problem.Wish). No assignment costs less than `bound`. `moved` families change
    hands by choice, `forced` because they must; both stand in `hand_overs`, with families that had nobody.
    """

    district: RegionCode
    rows: tuple[Row, ...]
    hand_overs: tuple[HandOver, ...]
    loads: tuple[Load, ...]
    before: Measures
    after: Measures
    even: float
    moves_max: int | None
    moved: int
    forced: int
    cost: float
    bound: float
    cost_today: float
    cost_greedy: float
    seconds: float
    stopped: bool
    notes: tuple[Fault, ...]

    @property
    def gap(self) -> float:
        """How much of the cost a better assignment could save at most: 0.01 is one per cent."""
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost > 0 else 0.0
