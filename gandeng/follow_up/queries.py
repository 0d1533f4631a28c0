"""What waits for follow-up, who follows up what, what was found out, and why money does not arrive."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import connection
from django.db.models import BigIntegerField, Count, Exists, Expression, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, Left
from django.http import Http404
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.facilitators.act_queries import accompanied_by
from gandeng.facilitators.models import Staff
from gandeng.follow_up.models import FollowUp
from gandeng.payments.models import Cycle, Payment
from gandeng.reconciliation.models import DepositedPayment, ExceptionCase, OutcomeInForce, TreasuryDeposit
from gandeng.reconciliation.queries import UNDER_WAY, in_force, still_worked
from gandeng.reconciliation.words import REASON_CODES
from gandeng.web.finding import region_asked

UNDRAWN = "UNDRAWN"
"""The money lies at the bank: no exception, and yet the family has nothing."""
TASK_FILTERS = ("state", "village", "code")
TASK_STATES = ("TODO", "DONE")
REPORT_FILTERS = ("found", "channel", "region", "case")
CASE_STATES = ("WAITING", "OPEN", "OVER")
"""WAITING: open, and the newest that is known asks for the bank or the post."""


def _last(outer: str) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(payment=OuterRef(outer)).order_by("-at", "-pk")


def _with_last(rows: QuerySet[Any], outer: str) -> QuerySet[Any]:
    last = _last(outer)
    told: QuerySet[Any] = rows.annotate(
        last_found=Subquery(last.values("found")[:1]), last_day=Subquery(last.values("on_day")[:1]),
        last_code=Subquery(last.values("reason_code")[:1]),
    )  # fmt: skip
    return told


def tasks(staff: Staff | QuerySet[Staff], day: date) -> QuerySet[ExceptionCase]:
    """Exceptions under way about money of the families she accompanies; `.last_found`, `.last_day`, `.last_code`."""
    own = accompanied_by(staff, day).values("family_id")
    rows = ExceptionCase.objects.filter(still_worked(), row=None, payment__family_id__in=own)
    return _with_last(rows.select_related("cycle", "payment__family", "payment__cycle"), "payment_id")


def narrowed_tasks(rows: QuerySet[ExceptionCase], filters: dict[str, str]) -> QuerySet[ExceptionCase]:
    """As the page narrows them: TODO are those nobody met yet. Raises BadRequest."""
    state, code = filters.get("state", ""), filters.get("code", "")
    if (state and state not in TASK_STATES) or (code and code not in REASON_CODES):
        raise BadRequest("filter")
    if state == "TODO":
        rows = rows.filter(todo())
    if state == "DONE":
        rows = rows.exclude(todo())
    if code:
        rows = rows.filter(reason_code=code)
    if village := filters.get("village"):
        rows = rows.filter(payment__village_code=region_asked(village))
    return rows


def todo() -> Q:
    """Nobody told anything yet, or the family was not met."""
    return Q(last_found=None) | Q(last_found=FollowUp.Found.NOT_MET)


def lying() -> QuerySet[OutcomeInForce]:
    """Credited, and by all that is known neither drawn whole, nor back, nor at the treasury."""
    gone = DepositedPayment.objects.filter(
        payment=OuterRef("payment"), account=DepositedPayment.Account.CREDITED,
        deposit__state=TreasuryDeposit.State.CONFIRMED,
    )  # fmt: skip
    return OutcomeInForce.objects.filter(~Exists(gone), outcome="PAID", net_rupiah__gt=F("withdrawn_rupiah"))


def undrawn(staff: Staff, day: date) -> QuerySet[OutcomeInForce]:
    """Credited money of open stages that her families did not draw, where the channel tells of drawing at all.

    Her payments are named to the database: it finds no place in the view of outcomes, and would read them all.
    """
    own = accompanied_by(staff, day).values("family_id")
    paid = Payment.objects.filter(family_id__in=own).exclude(cycle__state=Cycle.State.CLOSED)
    kinds: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    for payment_id, cycle_id, channel in paid.values_list("pk", "cycle_id", "channel"):
        kinds[cycle_id, channel].append(payment_id)
    named = [payment_id for kind in _told_of_drawing(kinds) for payment_id in kinds[kind]]
    return _with_last(lying().filter(payment__in=named).select_related("cycle", "payment__family"), "payment_id")


def _told_of_drawing(kinds: Iterable[tuple[UUID, str]]) -> Iterable[tuple[UUID, str]]:
    """Cycles and channels of which some withdrawal in one's territory is known; each looked through until the first."""
    withdrawn = in_force("withdrawn_rupiah")
    drawn = Payment.objects.alias(withdrawn=withdrawn).filter(withdrawn__gt=0).values_list("cycle_id", "channel")
    first = [drawn.filter(cycle_id=cycle_id, channel=channel)[:1] for cycle_id, channel in kinds]
    return first[0].union(*first[1:]) if first else ()


def own_waiting(acting: Acting) -> QuerySet[Any]:
    """One's own families' exceptions that wait for somebody to ask the family; nothing is asked to write it."""
    staff = Staff.objects.filter(person_id=acting.person_id)
    return tasks(staff, timezone.localdate()).filter(todo())


@dataclass(frozen=True)
class Subject:
    """What a follow-up is about: a payment of a family one accompanies or works exceptions of."""

    payment: Payment
    case: ExceptionCase | None
    outcome: OutcomeInForce | None

    @property
    def kind(self) -> str:
        """An exception's kind, or UNDRAWN."""
        return self.case.kind if self.case else UNDRAWN

    @property
    def code(self) -> str:
        """The office's reason code; none where none is set."""
        return self.case.reason_code if self.case else ""


def access_subject(acting: Acting, payment_id: str, day: date) -> Subject:
    """A payment with something to find out, of one's own families or of the office's exceptions. Raises Http404."""
    payment = Payment.objects.select_related("family", "cycle").filter(pk=payment_id).first()
    if payment is None or not may_tell(acting, payment, day):
        raise Http404
    cases = ExceptionCase.objects.filter(still_worked(), payment=payment, row=None)  # none, or the one
    case = cases.select_related("cycle").first()
    outcome = OutcomeInForce.objects.filter(payment=payment).first()
    if case is None and not lying().filter(payment=payment).exists():
        raise Http404
    return Subject(payment, case, outcome)


def may_tell(acting: Acting, payment: Payment, day: date) -> bool:
    """Whoever accompanies the family, or works exceptions of its place and channel."""
    if acting.may(May.WORK_EXCEPTIONS, payment.village_code, payment.channel):
        return True
    if not acting.may(May.ACCOMPANY):
        return False
    staff = Staff.objects.filter(person_id=acting.person_id)
    return accompanied_by(staff, day).filter(family_id=payment.family_id).exists()


def told_of(payment_ids: Collection[str]) -> QuerySet[FollowUp]:
    """What was found out about these payments, newest first."""
    return (
        FollowUp.objects.filter(payment__in=payment_ids).select_related("by", "payment__cycle").order_by("-at", "-pk")
    )


def reports(acting: Acting, filters: dict[str, str]) -> QuerySet[FollowUp]:
    """What came from the field to whoever works exceptions or sends results. Raises BadRequest."""
    rows = FollowUp.objects.select_related("by", "payment__cycle", "case").annotate(lies=_lies())
    if not (acting.may(May.WORK_EXCEPTIONS) or acting.may(May.SEND_RESULTS)):
        return rows.none()
    if found := filters.get("found"):
        if found not in FollowUp.Found:
            raise BadRequest("found")
        rows = rows.filter(found=found)
    if channel := filters.get("channel"):
        rows = rows.filter(channel=channel)
    if region := filters.get("region"):
        rows = rows.filter(village_code__startswith=region_asked(region))
    if case := filters.get("case"):
        if case not in CASE_STATES:
            raise BadRequest("case")
        rows = rows.filter(~open_now() if case == "OVER" else open_now())
        if case == "WAITING":
            later = FollowUp.objects.filter(payment=OuterRef("payment"), at__gt=OuterRef("at"))
            rows = rows.filter(~Exists(later), found=FollowUp.Found.NEEDS_BANK)
    return rows


def open_now() -> Q:
    """About an exception under way, or about money that still lies there: that one is over once it was drawn or sent
    back, as the channel's rows say, or went to the treasury.
    """
    worked = ExceptionCase.objects.filter(still_worked(), payment=OuterRef("payment"), row=None)
    return Q(Exists(worked), case__state__in=UNDER_WAY) | Q(_lies())


def _lies() -> Q:
    return Q(Exists(lying().filter(payment=OuterRef("payment"))), case=None)


def for_the_bank(acting: Acting) -> QuerySet[FollowUp]:
    """News that asks for the bank or the post, of a payment the newest: whoever asked there tells what came of it."""
    return reports(acting, {"case": "WAITING"})


@dataclass(frozen=True)
class Doer:
    """A facilitator and what waits for her; `staff_id` None: families nobody accompanies."""

    staff_id: UUID | None
    staff_no: str
    name: str
    tasks: int
    todo: int
    rupiah: int
    """At stake in all her tasks."""
    last_day: date | None


_DOERS = """
select s.id, coalesce(s.staff_no, ''), coalesce(p.name, ''), count(*),
    count(*) filter (where coalesce(l.found, 'NOT_MET') = 'NOT_MET'), coalesce(sum(e.at_stake_rupiah), 0)::bigint,
    max(l.on_day)
from ({worked}) e
join payments_payment y on y.payment_id = e.payment_id
left join facilitators_accompaniment a on a.family_id = y.family_id and a.valid_from <= %(day)s
    and (a.valid_until is null or a.valid_until > %(day)s)
left join facilitators_staff s on s.id = a.staff_id
left join accounts_person p on p.id = s.person_id
left join lateral (select f.found, f.on_day from follow_up_followup f where f.payment_id = e.payment_id
    order by f.at desc, f.id desc limit 1) l on true
where {in_regions} and e.region_code ^@ %(region)s
group by s.id, s.staff_no, p.name order by 5 desc, 4 desc, 3
"""


def doers(acting: Acting, region: str, day: date) -> list[Doer]:
    """Of a region, who has most to ask first; within the regions whose staff one sees."""
    values: dict[str, Any] = {"day": day, "region": region}
    ranges = []
    for place, code in enumerate(sorted(acting.where(May.SEE_STAFF).regions)):
        ranges.append(f"e.region_code >= %(low{place})s and e.region_code < %(high{place})s" if code else "true")
        values |= {f"low{place}": code, f"high{place}": f"{code}:"}
    in_regions = f"({' or '.join(ranges) or 'false'})"  # ranges and no prefixes of a list: an index serves them
    cases = ExceptionCase.objects.filter(still_worked(), row=None)
    worked, told = cases.values("payment_id", "at_stake_rupiah", "region_code").query.sql_with_params()
    names = [f"worked{place}" for place, _value in enumerate(told)]
    values |= dict(zip(names, told, strict=True))
    worked %= tuple(f"%({name})s" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(_DOERS.format(in_regions=in_regions, worked=worked), values)
        return [Doer(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Cause:
    """Exceptions of a stage, of payments and of rows that belong to none, by what they rest on."""

    key: str
    """District or reason code; "" where no code is set."""
    channel: str
    cases: int
    under_way: int
    """Of these, those nobody has settled: the rows its link opens."""
    rupiah: int


BY_CODE, BY_DISTRICT = F("reason_code"), Left("region_code", 4)


def causes(cycle: Cycle, region: str, by: Expression | F) -> list[Cause]:
    """Counted over one's territory: by reason code or by district, and channel."""
    rows = ExceptionCase.objects.filter(cycle=cycle).exclude(state=ExceptionCase.State.GONE)
    if region:
        rows = rows.filter(region_code__startswith=region)
    counted = rows.order_by().values(key=by, of=F("channel")).annotate(
        cases=Count("pk"), under_way=Count("pk", filter=Q(state__in=UNDER_WAY)),
        rupiah=Cast(Coalesce(Sum("at_stake_rupiah"), 0), BigIntegerField()),
    )  # fmt: skip
    return [
        Cause(*row) for row in counted.order_by("key", "of").values_list("key", "of", "cases", "under_way", "rupiah")
    ]
