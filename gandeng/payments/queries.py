"""Reading cycles, lists, payments and money, each limited to what the asker may see."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from uuid import UUID

from django.db.models import (
    Count,
    DateField,
    Exists,
    F,
    Func,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Subquery,
    Sum,
    UUIDField,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, Left

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.civil_registry.models import Answer, Standing
from gandeng.entitlements.models import Entitlement
from gandeng.payments.held_queries import IN_FORCE
from gandeng.payments.ids import stage_of
from gandeng.payments.levels import AFTER_INSTRUCTION, MAY, WAITS, Level, asked, decided_while, next_level
from gandeng.payments.models import (
    Approval,
    Cycle,
    HeldPayment,
    Instruction,
    JournalEntry,
    JournalLine,
    Payment,
    PaymentList,
    Refusal,
)
from gandeng.web.finding import found_or_404
from gandeng.web.scoping import Territory


def cycles_visible_to(acting: Acting) -> QuerySet[Cycle]:
    """Newest first: those whose region touches the territory."""
    found = Cycle.objects.filter(region_code__touches=acting.territory)
    return found.order_by("-year", "-stage", "region_code")


def access_cycle(acting: Acting, cycle_id: object) -> Cycle:
    """A cycle of one's territory. Raises Http404."""
    return found_or_404(cycles_visible_to(acting).select_related("run"), cycle_id)


CAME_IN = RawSQL("(select count(*) from payments_came_in(payments_cycle.id))", [])
"""Of a cycle: how many came in (`held_queries`), suspended ones too."""


def access_cycle_and_came_in(acting: Acting, cycle_id: object) -> tuple[Cycle, int]:
    """A cycle of one's territory, and `CAME_IN` of it. Raises Http404."""
    found = found_or_404(cycles_visible_to(acting).select_related("run").annotate(came_in=CAME_IN), cycle_id)
    return found, int(vars(found)["came_in"])


def after(year: int | OuterRef, stage: int | OuterRef) -> Q:
    """Cycles of a later stage."""
    return Q(year__gt=year) | Q(year=year, stage__gt=stage)


def before(cycle: Cycle) -> Q:
    """Cycles of an earlier stage than this one."""
    return Q(year__lt=cycle.year) | Q(year=cycle.year, stage__lt=cycle.stage)


def books_for(closed: Cycle) -> Cycle | None:
    """The cycle that books what comes in about a closed one: the next of its region that is not closed itself."""
    around = [closed.region_code[:length] for length in range(len(closed.region_code) + 1)]
    found = Cycle.objects.filter(after(closed.year, closed.stage), region_code__in=around)
    return found.exclude(state=Cycle.State.CLOSED).order_by("year", "stage").first()


def access_list(acting: Acting, list_id: object) -> PaymentList:  # noqa: ARG001 (the scope knows)
    """A list of one's territory and channel. Raises Http404."""
    return found_or_404(PaymentList.objects.select_related("cycle", "cycle__run"), list_id)


def access_payment(acting: Acting, payment_id: str) -> Payment:  # noqa: ARG001 (the scope knows)
    """A payment of one's territory and channel. Raises Http404."""
    return found_or_404(Payment.objects.select_related("list", "cycle", "owed_by"), payment_id)


def run_of(payment: Payment) -> Coalesce:
    """The calculation its amount is of: its stage's, or the one made for a family whose suspension was lifted.

    As a question within the one for what that calculation says.
    """
    year, stage = stage_of(payment.pk)
    rows = Entitlement.objects.filter(
        family=payment.family_id, run__year=year, run__stage=stage, amount_rupiah=payment.amount_rupiah
    ).annotate(in_force=Exists(Cycle.objects.filter(run=OuterRef("run"))))
    found = rows.order_by("-in_force", "-run__made_at").values("run_id")[:1]
    return Coalesce(Subquery(found), payment.cycle.run_id, output_field=UUIDField())


def access_instruction(acting: Acting, instruction_id: object) -> Instruction:  # noqa: ARG001 (the scope knows)
    """An instruction of one's territory and channel. Raises Http404."""
    return found_or_404(Instruction.objects.select_related("cycle"), instruction_id)


def lists_of(cycle: Cycle) -> QuerySet[PaymentList]:
    """The stage's own, by district and channel, `deceased` beside: payments to collectors known as dead.

    Empty lists are left out.
    """
    return every_list_of(cycle).filter(round=0)


def rounds_of(cycle: Cycle) -> QuerySet[PaymentList]:
    """Supplementary lists, by round, as `lists_of` gives the stage's own."""
    return every_list_of(cycle).filter(round__gt=0).order_by("round", "district_code", "channel")


def every_list_of(cycle: Cycle) -> QuerySet[PaymentList]:
    """Both."""
    dead = Payment.objects.filter(list_id=OuterRef("pk"), collector_deceased=True).order_by().values("list_id")
    lists = PaymentList.objects.filter(cycle=cycle, payments__gt=0).order_by("district_code", "channel")
    return lists.annotate(deceased=Coalesce(Subquery(dead.annotate(n=Count("pk")).values("n")), 0))


def totals_by_cycle(cycles: Iterable[Cycle]) -> dict[UUID, tuple[int, int]]:
    """Payments and rupiah on the lists one sees, by cycle; money sent again counts once."""
    found = list(cycles)
    if not found:
        return {}
    lists = PaymentList.objects.filter(cycle__in=found)
    own = lists.filter(round=0).values_list("cycle_id").annotate(n=Sum("payments"), rupiah=Sum("total_rupiah"))
    told: dict[UUID, tuple[int, int]] = {}
    for cycle, payments, rupiah in own.union(_first_paid(lists), all=True):
        before = told.get(cycle, (0, 0))
        told[cycle] = before[0] + int(payments), before[1] + int(rupiah)
    return told


def first_paid(lists: QuerySet[PaymentList]) -> dict[UUID, tuple[int, int]]:
    """By cycle, payments and rupiah that supplementary ones of these lists pay for the first time."""
    return {cycle: (int(payments), int(rupiah)) for cycle, payments, rupiah in _first_paid(lists)}


def _first_paid(lists: QuerySet[PaymentList]) -> QuerySet[Payment, tuple[UUID, int, int]]:
    rows = Payment.objects.filter(list__in=lists.filter(round__gt=0), reissue_of=None).order_by()
    return rows.values_list("cycle_id").annotate(n=Count("pk"), rupiah=Sum("amount_rupiah"))


@dataclass
class ChannelTotal:
    """What a channel is to pay in a cycle, and how far its lists are."""

    channel: str
    lists: int = 0
    approved: int = 0
    payments: int = 0
    rupiah: int = 0


def by_channel(cycle: Cycle, lists: Iterable[PaymentList]) -> list[ChannelTotal]:
    """Totals per channel, from lists already read."""
    totals: dict[str, ChannelTotal] = {}
    for each in lists:
        total = totals.setdefault(each.channel, ChannelTotal(each.channel))
        total.lists += 1
        total.approved += next_level(cycle, each.state) is None
        total.payments += each.payments
        total.rupiah += each.total_rupiah
    return [totals[name] for name in sorted(totals)]


def approvals_in_force(lists: Iterable[PaymentList]) -> dict[UUID, list[Approval]]:
    """The approvals of the content each list has now, in their order."""
    roots = {each.pk: each.root for each in lists}
    found: dict[UUID, list[Approval]] = defaultdict(list)
    for approval in Approval.objects.filter(list__in=list(roots)).select_related("person").order_by("at"):
        if roots[approval.list_id] == approval.root:
            found[approval.list_id].append(approval)
    return found


def history_of(payment_list: PaymentList) -> list[Approval | Refusal]:
    """Every yes and no there ever was, newest first; those of an older content are told apart by their root."""
    said: list[Approval | Refusal] = [
        *Approval.objects.filter(list=payment_list).select_related("person"),
        *Refusal.objects.filter(list=payment_list).select_related("person"),
    ]
    return sorted(said, key=lambda each: each.at, reverse=True)


def level_waiting_for(acting: Acting, payment_list: PaymentList) -> Level | None:
    """The level a list waits for, where this person may give it."""
    if payment_list.cycle.state not in decided_while(payment_list):
        return None
    level = next_level(payment_list.cycle, payment_list.state)
    if level is None or level is Level.PREPARE or not acting.may(MAY[level], payment_list.district_code):
        return None
    return level


_DECIDING = (Cycle.State.LISTED, *AFTER_INSTRUCTION)
_WAITING = [state for state in WAITS.values() if state != PaymentList.State.DRAFT]


def lists_waiting_for(acting: Acting, cycle: Cycle) -> list[tuple[PaymentList, Level]]:
    """Lists of the cycle this person may approve now and has not prepared or approved before."""
    if cycle.state not in _DECIDING or not any(acting.may(MAY[level]) for level in asked(cycle)):
        return []
    lists = list(every_list_of(cycle).filter(state__in=_WAITING).select_related("cycle"))
    given = set(Approval.objects.filter(list__in=lists, person_id=acting.person_id).values_list("list_id", "root"))
    waiting = [(each, level_waiting_for(acting, each)) for each in lists if (each.pk, each.root) not in given]
    return [(each, level) for each, level in waiting if level is not None]


def waiting_for_approval(acting: Acting) -> Counter[UUID]:
    """How many lists wait for this person, by cycle, in one query."""
    given = Approval.objects.filter(list=OuterRef("pk"), root=OuterRef("root"), person_id=acting.person_id)
    cycles = cycles_visible_to(acting).filter(state__in=_DECIDING).order_by()
    lists = PaymentList.objects.filter(~Exists(given), cycle__in=cycles, payments__gt=0).select_related("cycle")
    waiting = lists.filter(state__in=_WAITING)
    return Counter(each.cycle_id for each in waiting if level_waiting_for(acting, each) is not None)


def said_dead(lists: Collection[PaymentList]) -> QuerySet[Payment]:
    """Payments of lists that are not ordered yet to people the civil registry takes for dead, and the registry not.

    Its dead are found by district first: they are few, payments are many.
    """
    waiting = [each for each in lists if each.state != PaymentList.State.INSTRUCTED]
    where = Territory(frozenset(each.district_code for each in waiting))
    told = Answer.objects.filter(result=Answer.Result.DECEASED, village_code__within=where)
    dead = Standing.objects.filter(result=Answer.Result.DECEASED, asks=True, member__in=told.values("member"))
    return Payment.objects.filter(
        list__in=waiting, family__in=dead.values("family"), nik_index__in=dead.values("member__nik_index"),
        collector_deceased=False,
    )  # fmt: skip


def deceased_in(lists: Iterable[PaymentList]) -> int:
    """Payments to collectors the registry knows as dead, on lists that `lists_of` gave."""
    return sum(vars(each)["deceased"] for each in lists)


LIST_ORDER = ("list_id", "payment_id")
"""That of the index `payment_list_id`, and of no other."""

LIST_FILTERS = ("q", "kecamatan", "tanda")
"""What the page of a list is filtered by."""


def rows_of(payment_list: PaymentList, filters: dict[str, str]) -> QuerySet[Payment]:
    """Payments of a list, narrowed, in the order of `LIST_ORDER`. The family is not joined: to a bank there are none.

    The list is asked for as a range and stands first in the order: said as equal, PostgreSQL leaves it out of the
    order, and then takes the index of all payments for the cheaper one where a page of the disk costs much, reading
    every list to show one.
    """
    rows = Payment.objects.filter(list_id__gte=payment_list.pk, list_id__lte=payment_list.pk)
    if text := filters.get("q"):
        rows = rows.filter(Q(name__icontains=text) | Q(payment_id__icontains=text))
    if place := filters.get("kecamatan"):
        rows = rows.filter(village_code__startswith=place)
    if filters.get("tanda") == "meninggal":
        rows = rows.filter(collector_deceased=True)
    if filters.get("tanda") == "dukcapil":
        rows = rows.filter(pk__in=said_dead([payment_list]).values("pk"))
    return rows


def sub_districts_of(payment_list: PaymentList) -> dict[str, int]:
    """Sub-districts a list reaches -> payments there to collectors known as dead."""
    rows = Payment.objects.filter(list=payment_list).annotate(place=Left("village_code", 6)).values("place")
    dead = rows.order_by("place").annotate(n=Count("pk", filter=Q(collector_deceased=True)))
    return dict(dead.values_list("place", "n"))


def instructions_of(cycle: Cycle) -> QuerySet[Instruction]:
    """By round and channel."""
    made = Instruction.objects.filter(cycle=cycle).select_related("made_by", "downloaded_by")
    return made.order_by("round", "channel")


def instruction_of(payment: Payment) -> Instruction | None:
    """The order its list went out with; the list is read with it."""
    return instructions_of(payment.cycle).filter(channel=payment.channel, round=payment.list.round).first()


@dataclass
class EntryTold:
    """One entry of the journal with the lines one may see."""

    entry: JournalEntry
    lines: list[JournalLine] = field(default_factory=list)

    @property
    def moved_rupiah(self) -> int:
        """What it moved: the sum of what went in."""
        return sum(line.amount_rupiah for line in self.lines if line.amount_rupiah > 0)


def ordered_by_place(cycle: Cycle) -> dict[tuple[str, str], int]:
    """(district, channel) -> rupiah its channel was told to pay, less what came back and was sent again."""
    lists = PaymentList.objects.filter(cycle=cycle, state=PaymentList.State.INSTRUCTED)
    back = JournalLine.objects.filter(account=JournalLine.Account.FUNDS, entry__kind=JournalEntry.Kind.REISSUED)
    about = Q(entry__cycle=cycle, entry__about_cycle=None) | Q(entry__about_cycle=cycle)
    ordered: dict[tuple[str, str], int] = defaultdict(int)
    for district, channel, rupiah in lists.values_list("district_code", "channel").annotate(n=Sum("total_rupiah")):
        ordered[district, channel] += int(rupiah)
    for district, channel, rupiah in (
        back.filter(about).values_list("district_code", "channel").annotate(n=Sum("amount_rupiah"))
    ):
        ordered[district, channel] -= int(rupiah)
    return ordered


def entries_of(cycle: Cycle) -> QuerySet[JournalEntry]:
    """Entries of a cycle and later ones about it, of which one sees at least a line."""
    seen = JournalLine.objects.filter(Q(entry__cycle=cycle) | Q(entry__about_cycle=cycle)).values("entry_id")
    return JournalEntry.objects.filter(pk__in=seen).select_related("made_by", "cycle", "corrects")


def with_lines(entries: Iterable[JournalEntry]) -> list[EntryTold]:
    """Entries with their lines."""
    told = {entry.pk: EntryTold(entry) for entry in entries}
    for line in JournalLine.objects.filter(entry__in=list(told)).order_by("district_code", "channel", "id"):
        told[line.entry_id].lines.append(line)
    return list(told.values())


@dataclass(frozen=True)
class FamilyMoney:
    """A family's money of one stage: on a list (`payment_id`, `state`), or held back (`reason`, `usable_from`)."""

    year: int
    stage: int
    channel: str
    amount_rupiah: int
    payment_id: str
    account_last3: str
    collector_deceased: bool
    again: bool
    state: str
    reason: str
    usable_from: date | None

    @property
    def words(self) -> str:
        """Why it is held back, else how far its list is."""
        told = HeldPayment.Reason(self.reason) if self.reason else PaymentList.State(self.state)
        return str(told.label)


def _of_id(part: int) -> Cast:
    """Year or stage of the calculation a payment pays, as `ids.stage_of` reads them: whichever cycle sends it."""
    return Cast(Func("payment_id", Value("-"), Value(part), function="split_part"), PositiveSmallIntegerField())


def money_of_family(family_id: UUID) -> list[FamilyMoney]:
    """What was put on lists for a family and what is held back by the calculation in force, newest stage first."""
    names = [each.name for each in fields(FamilyMoney)]
    paid = Payment.objects.filter(family_id=family_id).annotate(
        year=_of_id(1), stage=_of_id(2),
        again=Q(reissue_of__isnull=False), state=F("list__state"), reason=Value(""),
        usable_from=Value(None, output_field=DateField()),
    )  # fmt: skip
    held = HeldPayment.objects.filter(IN_FORCE, family_id=family_id, run=F("cycle__run")).annotate(
        year=F("cycle__year"), stage=F("cycle__stage"), payment_id=Value(""), account_last3=Value(""),
        collector_deceased=Value(False), again=Value(False), state=Value(""),
    )  # fmt: skip
    rows = paid.values_list(*names).union(held.values_list(*names), all=True)
    return [FamilyMoney(*row) for row in rows.order_by("-year", "-stage", "-payment_id")]


def may_start(acting: Acting, cycle: Cycle) -> bool:
    """True for whoever runs cycles of this region."""
    return acting.may(May.RUN_CYCLE, cycle.region_code)


def approvals_of(cycle: Cycle) -> list[Approval]:
    """Every yes to the lists one sees, also to contents of the past."""
    lists = PaymentList.objects.filter(cycle=cycle)
    rows = Approval.objects.filter(list__in=lists).select_related("list", "person")
    return list(rows.order_by("list__district_code", "list__channel", "at"))
