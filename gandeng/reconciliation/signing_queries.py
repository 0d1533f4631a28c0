"""Statements that wait for somebody's name, or to be prepared anew."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.region_code import PROVINCE_DIGITS
from gandeng.payments.models import Cycle, PaymentList
from gandeng.reconciliation.actions.statements import MAKERS, Needed, may_make, missing
from gandeng.reconciliation.models import Signature, Statement

SUMS_UP = (May.RUN_CYCLE, May.SIGN_PROVINCE, May.SIGN_CENTRE)
"""Rights of whoever prepares what a province or the nation signs."""


def to_sign(acting: Acting, stages: Q | None = None) -> list[Statement]:
    """Statements in force of open stages, or of `stages`, that lack a name this person may put there; one query.

    By region.
    """
    found = _with_names().filter(stages or Q(), voided_at=None).order_by("region_code")
    return [each for each in found if _lacks_the_name_of(acting, each)]


def _with_names() -> QuerySet[Statement]:
    """Those of open stages, void ones too, with `.names` on them."""
    name = JSONObject(capacity="signatures__capacity", channel="signatures__channel", person="signatures__person_id")
    named = JSONBAgg(name, filter=Q(signatures__isnull=False), default=Value("[]"))
    told: QuerySet[Statement] = Statement.objects.exclude(cycle__state=Cycle.State.CLOSED).annotate(names=named)
    return told


def _lacks(statement: Statement) -> list[Needed]:
    signed = [Signature(capacity=one["capacity"], channel=one["channel"]) for one in vars(statement)["names"]]
    return missing(statement, signed)


def _lacks_the_name_of(acting: Acting, statement: Statement) -> bool:
    if any(one["person"] == str(acting.person_id) for one in vars(statement)["names"]):
        return False
    lacking = _lacks(statement)
    return any(acting.may(one.may, statement.region_code, one.channel or None) for one in lacking)


def waiting_for_signature(acting: Acting) -> Counter[UUID]:
    """How many of them, by cycle."""
    return Counter(each.cycle_id for each in to_sign(acting))


def waiting_to_be_made_again(acting: Acting) -> QuerySet[Statement]:
    """The last signed one of each region of an open stage that is void and has no other in its place, to prepare anew.

    Without this nobody hears of it: what is void waits for no name.
    """
    mine = Q(pk__in=[])
    for level, rights in MAKERS.items():
        for may in rights:
            mine |= Q(level=level, region_code__within=acting.where(may))
    signed = Exists(Signature.objects.filter(statement=OuterRef("pk")))
    same = Statement.objects.filter(**{name: OuterRef(name) for name in ("cycle", "level", "region_code")})
    newer = same.filter(signed, made_at__gt=OuterRef("made_at"))
    void = Statement.objects.filter(mine, signed, ~Exists(same.filter(voided_at=None)), ~Exists(newer))
    return void.filter(voided_at__isnull=False).exclude(cycle__state=Cycle.State.CLOSED)


def sums_to_make(acting: Acting) -> Counter[UUID]:
    """How many provinces, and the nation, have all their parts signed and a sum this person may prepare, by cycle.

    Those whose signed statement is void are `waiting_to_be_made_again`.
    """
    return _sums_to_make(acting, _with_names()) if any(acting.may(may) for may in SUMS_UP) else Counter()


def waiting_statements(acting: Acting) -> Counter[UUID]:
    """How many wait for a name of this person, or are `sums_to_make`, by cycle."""
    told = list(_with_names())
    mine = Counter(each.cycle_id for each in told if each.voided_at is None and _lacks_the_name_of(acting, each))
    return mine + _sums_to_make(acting, told)


def _sums_to_make(acting: Acting, told: Iterable[Statement]) -> Counter[UUID]:
    signed: dict[UUID, set[str]] = defaultdict(set)
    known: set[tuple[UUID, str]] = set()
    for each in told:
        if each.voided_at is None or vars(each)["names"]:
            known.add((each.cycle_id, each.region_code))
        if each.voided_at is None and not _lacks(each):
            signed[each.cycle_id].add(each.region_code)
    if not signed:
        return Counter()
    return Counter(
        cycle
        for (cycle, region), parts in _sums_of(signed).items()
        if may_make(acting, region) and parts <= signed[cycle] and (cycle, region) not in known
    )


def _sums_of(cycles: Iterable[UUID]) -> dict[tuple[UUID, str], set[str]]:
    """Each region of these cycles whose statement is a sum, with the regions beneath it."""
    lists = PaymentList.objects.filter(cycle__in=list(cycles)).order_by()
    sums: dict[tuple[UUID, str], set[str]] = defaultdict(set)
    for cycle, of, district in lists.values_list("cycle", "cycle__region_code", "district_code").distinct():
        for region, part in ((district[:PROVINCE_DIGITS], district), ("", district[:PROVINCE_DIGITS])):
            if region.startswith(of):
                sums[cycle, region].add(part)
    return sums
