"""What measurements come to: ratios, the exponent of growth, and whether a target is met."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

MEGABYTE = 10**6


@dataclass(frozen=True)
class Measured:
    """One task: rows it worked on, seconds by the clock and of CPU, most memory at any moment in MB (10^6 bytes)."""

    task: str
    rows: int
    wall: float
    cpu: float
    peak_mb: float


@dataclass(frozen=True)
class Target:
    """A number a benchmark is held to. `value` None: it could not be measured, and `note` says why."""

    benchmark: str
    says: str
    value: float | None
    limit: float
    at_least: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        """`meets`, `misses` or `not measured`."""
        if self.value is None:
            return "not measured"
        met = self.value >= self.limit if self.at_least else self.value <= self.limit
        return "meets" if met else "misses"


def best(rounds: Sequence[Measured]) -> Measured:
    """The least time and the least CPU of all rounds, which were disturbed least, and the highest peak."""
    wall, cpu = min(one.wall for one in rounds), min(one.cpu for one in rounds)
    return Measured(rounds[0].task, rounds[0].rows, wall, cpu, max(one.peak_mb for one in rounds))


def ratio(ours: float, yardstick: float) -> float:
    """How many times the yardstick; raises ValueError for a yardstick that measured nothing."""
    if yardstick <= 0:
        raise ValueError(yardstick)
    return ours / yardstick


def exponent(points: Sequence[tuple[int, float]]) -> float:
    """k of seconds ~ rows^k, by least squares on the logarithms; 1 is linear. At least two different sizes."""
    xs, ys = [log(rows) for rows, _ in points], [log(seconds) for _, seconds in points]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
