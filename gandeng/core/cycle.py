"""A cycle (tahap): one of the stages a year's benefit is paid in."""

import re
from dataclasses import dataclass
from datetime import date

from gandeng.core.money import MONTHS_A_YEAR

_KEY = re.compile(r"([0-9]{4})-([1-9][0-9]?)")


class UnreadableCycle(ValueError):
    """The text is not `2024-2`."""


@dataclass(frozen=True, order=True)
class Cycle:
    """Stage `stage` of `year`; how long a stage is comes from policy."""

    year: int
    stage: int

    @classmethod
    def parse(cls, text: str) -> "Cycle":
        """Read `2024-2`, the form every file uses."""
        match = _KEY.fullmatch(text)
        if match is None:
            raise UnreadableCycle(text)
        return cls(int(match[1]), int(match[2]))

    @property
    def key(self) -> str:
        """`2024-2`, as files write it."""
        return f"{self.year:04d}-{self.stage}"

    def __str__(self) -> str:
        return f"{self.year:04d}-T{self.stage}"

    def covers(self, *, months: int) -> range:
        """The months it pays for, January being 1; not held to a year."""
        return range((self.stage - 1) * months + 1, self.stage * months + 1)

    def starts_on(self, *, months: int) -> date:
        """First day of the cycle: month (stage - 1) x months + 1 (docs/algorithms/entitlement.md, 1)."""
        first_month = self.covers(months=months).start
        if first_month > MONTHS_A_YEAR:
            raise UnreadableCycle(f"{self.key}: {months}")
        return date(self.year, first_month, 1)
