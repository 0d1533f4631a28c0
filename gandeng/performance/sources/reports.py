"""From this package itself: monthly reports handed in, on the day of the first time (RHK 7)."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.performance.models import Report
from gandeng.performance.months import month_words
from gandeng.performance.sources import Source


def _report(_code: str) -> str:
    return _("Laporan bulanan diserahkan")


def _of(month: str) -> str:
    return _("tentang %(month)s") % {"month": month_words(date.fromisoformat(f"{month}-01"))}


def _reachable(_acting: Acting, things: Collection[UUID]) -> set[UUID]:
    return set(Report.objects.filter(pk__in=things).values_list("pk", flat=True))


REPORTS = Source(
    "performance.reports", 7, gettext_lazy("laporan bulanan, menurut hari pertama kali diserahkan"),
    "select * from performance_handed_in(%(staff)s, %(since)s, %(until)s)",
    kind_words=_report, told_words=_of, address="performance:report", reachable=_reachable,
)  # fmt: skip
