"""Statements that wait for somebody's name."""

from collections import Counter
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Q, Value
from django.db.models.functions import JSONObject

from gandeng.accounts.acting import Acting
from gandeng.payments.models import Cycle
from gandeng.reconciliation.actions.statements import missing
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
