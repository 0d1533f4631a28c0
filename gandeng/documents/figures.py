"""What minutes count: figures of one channel in one district, and their sums."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gandeng.core.matching_tables import OUTCOMES


class FiguresDisagree(Exception):
    """A sum does not equal its parts; such minutes are not written."""

    def __init__(self, where: str, what: str, whole: int, parts: int) -> None:
        self.where, self.what, self.whole, self.parts = where, what, whole, parts
        super().__init__(f"{where}: {what}: {whole} != {parts}")


@dataclass(frozen=True)
class Figures:
    """Sums over payments; money in whole rupiah. `counts` and `amounts` (instructed rupiah) are by outcome."""

    payments: int = 0
    instructed: int = 0
    net: int = 0
    withdrawn: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    amounts: Mapping[str, int] = field(default_factory=dict)

    def count(self, outcome: str) -> int:
        """Payments with that outcome."""
        return self.counts.get(outcome, 0)

    def amount(self, outcome: str) -> int:
        """Rupiah instructed for payments with that outcome."""
        return self.amounts.get(outcome, 0)


def total(figures: Iterable[Figures]) -> Figures:
    """The sum of them; nothing but addition, so a province is the sum of its districts."""
    parts = list(figures)
    return Figures(
        payments=sum(part.payments for part in parts),
        instructed=sum(part.instructed for part in parts),
        net=sum(part.net for part in parts),
        withdrawn=sum(part.withdrawn for part in parts),
        counts={outcome: sum(part.count(outcome) for part in parts) for outcome in OUTCOMES},
        amounts={outcome: sum(part.amount(outcome) for part in parts) for outcome in OUTCOMES},
    )


def prove(figures: Figures, where: str) -> None:
    """Raise FiguresDisagree unless the outcomes add up to what was instructed, in payments and in rupiah."""
    _equal(where, "payments", figures.payments, sum(figures.counts.values()))
    _equal(where, "instructed", figures.instructed, sum(figures.amounts.values()))


def _equal(where: str, what: str, whole: int, parts: int) -> None:
    if whole != parts:
        raise FiguresDisagree(where, what, whole, parts)
