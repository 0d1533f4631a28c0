"""Statements that wait for somebody's name, or to be prepared anew."""

from collections import Counter, defaultdict
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import JSONObject

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.region_code import PROVINCE_DIGITS
from gandeng.payments.models import Cycle, PaymentList
from gandeng.reconciliation.actions.statements import may_make, missing
from gandeng.reconciliation.models import Signature, Statement

SUMS_UP = (May.RUN_CYCLE, May.SIGN_PROVINCE, May.SIGN_CENTRE)
"""Rights of whoever prepares what a province or the nation signs."""


def to_sign(acting: Acting, stages: Q | None = None) -> list[Statement]:
    """Statements in force of open stages, or of `stages`, that lack a name this person may put there; one query.

    By region.
    """
    found = Statement.objects.filter(stages or Q(), voided_at=None).exclude(cycle__state=Cycle.State.CLOSED)
    name = JSONObject(capacity="signatures__capacity", channel="signatures__channel", person="signatures__person_id")
    named = found.annotate(names=JSONBAgg(name, filter=Q(signatures__isnull=False), default=Value("[]")))
    return [each for each in named.order_by("region_code") if _lacks_the_name_of(acting, each)]


def _lacks_the_name_of(acting: Acting, statement: Statement) -> bool:
    names = vars(statement)["names"]
    if any(one["person"] == str(acting.person_id) for one in names):
        return False
    signed = [Signature(capacity=one["capacity"], channel=one["channel"]) for one in names]
    return any(acting.may(one.may, statement.region_code, one.channel or None) for one in missing(statement, signed))


def waiting_for_signature(acting: Acting) -> Counter[UUID]:
    """How many of them, by cycle."""
    return Counter(each.cycle_id for each in to_sign(acting))


def waiting_to_be_made_again(acting: Acting) -> int:
    """Regions of open stages whose signed statement is void and has no other in its place, which one may prepare.

    Without this nobody hears of it: what is void waits for no name.
    """
    return sum(may_make(acting, region) for _cycle, region in _void_and_not_replaced())


def _void_and_not_replaced() -> set[tuple[UUID, str]]:
    again = Statement.objects.filter(
        cycle=OuterRef("cycle"), level=OuterRef("level"), region_code=OuterRef("region_code"), voided_at=None
    )
    void = Statement.objects.filter(~Exists(again), voided_at__isnull=False, signatures__isnull=False)
    void = void.exclude(cycle__state=Cycle.State.CLOSED)
    return set(void.order_by().values_list("cycle", "region_code").distinct())


def sums_to_make(acting: Acting) -> Counter[UUID]:
    """How many provinces, and the nation, have all their parts signed and a sum this person may prepare, by cycle.

    Those whose signed statement is void are `waiting_to_be_made_again`.
    """
    if not any(acting.may(may) for may in SUMS_UP):
        return Counter()
    signed: dict[UUID, set[str]] = defaultdict(set)
    there: dict[UUID, set[str]] = defaultdict(set)
    open_ones = Statement.objects.filter(voided_at=None).exclude(cycle__state=Cycle.State.CLOSED)
    for each in open_ones.prefetch_related("signatures"):
        there[each.cycle_id].add(each.region_code)
        if not missing(each, list(each.signatures.all())):
            signed[each.cycle_id].add(each.region_code)
    void = _void_and_not_replaced() if signed else set()
    return Counter(
        cycle.pk
        for cycle in Cycle.objects.filter(pk__in=signed)
        for region, parts in _sums_of(cycle).items()
        if region.startswith(cycle.region_code) and may_make(acting, region) and parts <= signed[cycle.pk]
        and region not in there[cycle.pk] and (cycle.pk, region) not in void
    )  # fmt: skip


def _sums_of(cycle: Cycle) -> dict[str, set[str]]:
    """Each region whose statement is a sum, with the regions beneath it."""
    districts = set(PaymentList.objects.filter(cycle=cycle).values_list("district_code", flat=True).distinct())
    sums: dict[str, set[str]] = defaultdict(set)
    for district in districts:
        sums[district[:PROVINCE_DIGITS]].add(district)
        sums[""].add(district[:PROVINCE_DIGITS])
    return sums
