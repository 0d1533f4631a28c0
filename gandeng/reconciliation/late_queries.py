"""What was told of payments of closed cycles, and what an open one books about them."""

from typing import Any

from django.db.models import QuerySet, Sum

from gandeng.payments.models import Cycle, JournalLine
from gandeng.reconciliation.models import LateOutcome

OF_DEPOSIT = "deposit:"
"""What the source of a journal entry begins with that brings money to the treasury, or back from there."""


def late_payments(cycle: Cycle) -> int:
    """Payments of this cycle of which something came in after its closing."""
    return LateOutcome.objects.filter(payment__cycle=cycle).values("payment").distinct().count()


def late_outcomes_of(cycle: Cycle) -> QuerySet[LateOutcome]:
    """What came in about this cycle after its closing, newest first; also what was overtaken since."""
    return LateOutcome.objects.filter(payment__cycle=cycle).select_related("payment", "cycle").order_by("-id")


def booked_late(cycle: Cycle) -> list[dict[str, Any]]:
    """Corrections this cycle books about closed ones: which one, district, channel, account, rupiah in or out.

    Not what went to the treasury, which stands on a page of its own and lets no signature fall (0019).
    """
    lines = JournalLine.objects.filter(entry__cycle=cycle, entry__about_cycle__isnull=False)
    lines = lines.exclude(entry__source__startswith=OF_DEPOSIT)
    keys = ("entry__about_cycle__year", "entry__about_cycle__stage", "district_code", "channel", "account")
    rows = lines.values(*keys).annotate(rupiah=Sum("amount_rupiah")).exclude(rupiah=0).order_by(*keys)
    return [
        {
            "about": f"{row[keys[0]]}-{row[keys[1]]}", "district": row["district_code"], "channel": row["channel"],
            "account": row["account"], "rupiah": int(row["rupiah"]),
        }
        for row in rows
    ]  # fmt: skip
