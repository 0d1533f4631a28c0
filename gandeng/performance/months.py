"""Months and years: half-open days, and their words."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy

NAMES = (
    gettext_lazy("Januari"), gettext_lazy("Februari"), gettext_lazy("Maret"), gettext_lazy("April"),
    gettext_lazy("Mei"), gettext_lazy("Juni"), gettext_lazy("Juli"), gettext_lazy("Agustus"),
    gettext_lazy("September"), gettext_lazy("Oktober"), gettext_lazy("November"), gettext_lazy("Desember"),
)  # fmt: skip
FIRST_YEAR = 2018


@dataclass(frozen=True)
class Period:
    """A month, or the whole year where `month` is 0."""

    year: int
    month: int = 0

    @property
    def since(self) -> date:
        """The first day."""
        return date(self.year, self.month or 1, 1)

    @property
    def until(self) -> date:
        """The first day without."""
        return next_month(self.since) if self.month else date(self.year + 1, 1, 1)

    @property
    def words(self) -> str:
        """`Oktober 2026`, or `2026`."""
        return month_words(self.since) if self.month else str(self.year)

    def day(self, today: date) -> date:
        """The day by which terms, posts and targets are told: the last one, or today."""
        return max(self.since, min(today, self.until - timedelta(days=1)))


def next_month(day: date) -> date:
    """The first day of the next one."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def month_before(day: date) -> date:
    """The first day of the one before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_words(day: date) -> str:
    """`Oktober 2026`."""
    return f"{NAMES[day.month - 1]} {day.year}"
