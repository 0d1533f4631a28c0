"""Stages of a cycle in which the asker's channel was ordered to pay."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from gandeng.accounts.acting import Acting
from gandeng.payments.models import Cycle, PaymentList
from gandeng.payments.queries import cycles_visible_to, first_paid

_ORDERED = PaymentList.State.INSTRUCTED
_OWN = Q(round=0)
"""The stage's own lists; of supplementary ones only what they pay for the first time counts."""


def cycles_with_orders(acting: Acting) -> QuerySet[Cycle]:
    """Cycles with a list of one's own territory and channel that was ordered."""
    own = PaymentList.objects.filter(cycle=OuterRef("pk"), state=_ORDERED, payments__gt=0)
    return cycles_visible_to(acting).filter(Exists(own))


@dataclass(frozen=True)
class Ordered:
    """What was ordered in a cycle, of one's own territory and channel."""

    payments: int
    rupiah: int
    channels: list[str]


def ordered_in(cycles: list[Cycle]) -> dict[UUID, Ordered]:
    """By cycle."""
    lists = PaymentList.objects.filter(cycle__in=cycles, state=_ORDERED, payments__gt=0)
    first = first_paid(lists)
    summed = (
        lists.values("cycle_id")
        .order_by("cycle_id")
        .annotate(
            n=Sum("payments", filter=_OWN, default=0),
            rupiah=Sum("total_rupiah", filter=_OWN, default=0),
            channels=ArrayAgg("channel", distinct=True, order_by="channel"),
        )
    )
    told = {}
    for row in summed:
        payments, rupiah = first.get(row["cycle_id"], (0, 0))
        told[row["cycle_id"]] = Ordered(row["n"] + payments, row["rupiah"] + rupiah, row["channels"])
    return told
