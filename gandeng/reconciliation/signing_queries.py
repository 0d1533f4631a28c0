"""Statements that wait for somebody's name, or to be prepared anew."""

from collections import Counter
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import JSONObject

from gandeng.accounts.acting import Acting
from gandeng.payments.models import Cycle
from gandeng.reconciliation.actions.statements import may_make, missing
from gandeng.reconciliation.models import Signature, Statement


def waiting_for_signature(acting: Acting) -> Counter[UUID]:
    """How many statements in force of open stages lack a name this person may put there, by cycle; one query."""
    found = Statement.objects.filter(voided_at=None).exclude(cycle__state=Cycle.State.CLOSED)
    name = JSONObject(capacity="signatures__capacity", channel="signatures__channel", person="signatures__person_id")
    count: Counter[UUID] = Counter()
    for statement in found.annotate(names=JSONBAgg(name, filter=Q(signatures__isnull=False), default=Value("[]"))):
        names = vars(statement)["names"]
        if any(one["person"] == str(acting.person_id) for one in names):
            continue
        signed = [Signature(capacity=one["capacity"], channel=one["channel"]) for one in names]
        region = statement.region_code
        count[statement.cycle_id] += any(
            acting.may(one.may, region, one.channel or None) for one in missing(statement, signed)
        )
    return count


def waiting_to_be_made_again(acting: Acting) -> int:
    """Regions of open stages whose signed statement is void and has no other in its place, which one may prepare.

    Without this nobody hears of it: what is void waits for no name.
    """
    again = Statement.objects.filter(
        cycle=OuterRef("cycle"), level=OuterRef("level"), region_code=OuterRef("region_code"), voided_at=None
    )
    void = Statement.objects.filter(~Exists(again), voided_at__isnull=False, signatures__isnull=False)
    void = void.exclude(cycle__state=Cycle.State.CLOSED)
    regions = void.order_by().values_list("cycle", "region_code").distinct()
    return sum(may_make(acting, region) for _cycle, region in regions)
