"""Reads, each limited to what the asker may see: territory and channel of the request, in queries and database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.lookups import Exact
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.matching_tables import OUTCOMES
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.reconciliation.figures import Figures, total
from gandeng.reconciliation.models import (
    CurrentOutcome,
    ExceptionCase,
    OutcomeInForce,
    Reconciliation,
    ReissueRequest,
    ResultFile,
    ResultRow,
    Signature,
    Statement,
    SummaryRow,
)
from gandeng.web.finding import found_or_404
from gandeng.web.scoping import NOWHERE

OUTCOME_FILTERS = ("outcome", "channel", "district")
EXCEPTION_FILTERS = ("kind", "state", "channel", "district", "code")
ROW_FILTERS = ("disposition", "event", "file", "evidence")
BY_OURS_ALONE = "payment_id"
"""What a row agrees in that repeats our payment's id and says nothing else we could hold against it."""

UNDER_WAY = (ExceptionCase.State.OPEN, ExceptionCase.State.WITH_BANK)


def still_worked() -> Q:
    """Cases somebody can still do something about: of a closed cycle those of which nothing has come since.

    There a case stays as it was signed, also once its money has arrived or was sent again, or another cycle took it up.
    """
    of_payment = ExceptionCase.objects.filter(payment=OuterRef("payment"), row=None)
    year, stage = OuterRef("cycle__year"), OuterRef("cycle__stage")
    later = of_payment.filter(Q(cycle__year__gt=year) | Q(cycle__year=year, cycle__stage__gt=stage))
    again = Payment.objects.filter(reissue_of=OuterRef("payment"), list__state=PaymentList.State.INSTRUCTED)
    told = Subquery(OutcomeInForce.objects.filter(payment=OuterRef("payment")).values("outcome")[:1])
    stands = ~Exists(later) & ~Exists(again) & ~Q(Exact(told, Value("PAID")))
    return Q(~Q(cycle__state=Cycle.State.CLOSED) | stands, state__in=UNDER_WAY)


def access_file(acting: Acting, file_id: object) -> ResultFile:
    """A file of one's territory and channel. Raises Http404."""
    files = ResultFile.objects.select_related("cycle", "about_cycle", "sent_by", "withdrawn_by")
    return _seen(acting, files, file_id)


def access_exception(acting: Acting, case_id: object) -> ExceptionCase:
    """An exception of one's territory and channel, with `.worked`. Raises Http404."""
    cases = ExceptionCase.objects.select_related("cycle", "payment__cycle", "file")
    worked = ExpressionWrapper(still_worked(), output_field=BooleanField())
    return _seen(acting, cases.annotate(worked=worked), case_id)  # type: ignore[no-redef]


def access_statement(acting: Acting, statement_id: object) -> Statement:
    """A statement of one's territory. Raises Http404."""
    return _seen(acting, Statement.objects.select_related("cycle"), statement_id)


def access_reissue(acting: Acting, request_id: object) -> ReissueRequest:
    """A request for reissue whose exception one may see. Raises Http404."""
    found = _seen(acting, ReissueRequest.objects.select_related("exception", "exception__cycle"), request_id)
    access_exception(acting, found.exception_id)
    return found


def _seen[M: Model](acting: Acting, rows: QuerySet[M], key: object) -> M:
    if acting.territory == NOWHERE:
        raise Http404
    return found_or_404(rows, key)


def latest_run(cycle: Cycle) -> Reconciliation | None:
    """The run in force."""
    own = cycle.reconciliations.filter(about_cycle=None)
    return own.select_related("made_by").order_by("-number").first()


def runs_by_cycle(cycles: Iterable[Cycle]) -> dict[UUID, int]:
    """Number of the run in force of each cycle that has one."""
    own = Reconciliation.objects.filter(cycle__in=list(cycles), about_cycle=None)
    found = own.values("cycle_id").annotate(last=Max("number"))
    return {row["cycle_id"]: row["last"] for row in found}


def summary_of(run: Reconciliation) -> list[Figures]:
    """The run's figures of one's territory: a row per district and channel."""
    rows = SummaryRow.objects.filter(reconciliation=run).order_by("district_code", "channel")
    return [figures_of(row) for row in rows]


def figures_of(row: SummaryRow) -> Figures:
    """A row's figures by the names that pages and statements use."""
    return {
        "district": row.district_code,
        "channel": row.channel,
        "payments": row.payments,
        "instructed": row.instructed_rupiah,
        "net": row.net_rupiah,
        "withdrawn": row.withdrawn_rupiah,
        "counts": row.counts,
        "amounts": row.amounts,
    }


@dataclass(frozen=True)
class OutcomeLine:
    """One outcome: payments and instructed rupiah."""

    outcome: str
    payments: int
    rupiah: int


def by_outcome(rows: Iterable[Figures]) -> list[OutcomeLine]:
    """Every outcome that occurs, in the order of the contract."""
    told = total(rows)
    return [OutcomeLine(name, told["counts"][name], told["amounts"][name]) for name in OUTCOMES if told["counts"][name]]


def instructed_of(cycle: Cycle) -> tuple[int, int]:
    """Payments and rupiah instructed in one's territory, before there is a run."""
    sums = PaymentList.objects.filter(cycle=cycle, state=PaymentList.State.INSTRUCTED).aggregate(
        rows=Sum("payments"), rupiah=Sum("total_rupiah")
    )
    return sums["rows"] or 0, sums["rupiah"] or 0


def files_of(cycle: Cycle) -> QuerySet[ResultFile]:
    """Newest first: those about this cycle, also late ones, and those it books for closed ones."""
    told = ResultFile.objects.filter(Q(cycle=cycle) | Q(about_cycle=cycle))
    return told.select_related("sent_by", "cycle", "about_cycle").order_by("-sent_at", "pk")


def outcomes_of(cycle: Cycle, filters: dict[str, str]) -> QuerySet[CurrentOutcome]:
    """Outcomes in force, narrowed by `filters`."""
    rows = CurrentOutcome.objects.filter(cycle=cycle).select_related("payment")
    if filters.get("outcome"):
        rows = rows.filter(outcome=filters["outcome"])
    return _placed(rows, filters, "village_code")


def exceptions_of(cycle: Cycle, filters: dict[str, str]) -> QuerySet[ExceptionCase]:
    """Exceptions under way unless a state is asked for, narrowed by `filters`."""
    rows = ExceptionCase.objects.filter(cycle=cycle).select_related("payment", "file")
    rows = rows.filter(state=filters["state"]) if filters.get("state") else rows.filter(state__in=UNDER_WAY)
    if filters.get("kind"):
        rows = rows.filter(kind=filters["kind"])
    if filters.get("code"):
        rows = rows.filter(reason_code="" if filters["code"] == "none" else filters["code"])
    return _placed(rows, filters, "region_code")


def _placed(rows: QuerySet[Any], filters: dict[str, str], region: str) -> QuerySet[Any]:
    if filters.get("channel"):
        rows = rows.filter(channel=filters["channel"])
    if district := filters.get("district"):
        rows = rows.filter(**{f"{region}__gte": district, f"{region}__lt": f"{district}:"})
    return rows


def exception_kinds(cycle: Cycle) -> list[dict[str, Any]]:
    """Kind, cases under way, all cases, rupiah at stake of those under way; most money first."""
    rows = ExceptionCase.objects.filter(cycle=cycle).exclude(state=ExceptionCase.State.GONE)
    open_now = Q(state__in=UNDER_WAY)
    found = rows.values("kind").annotate(
        under_way=Count("pk", filter=open_now), everything=Count("pk"), rupiah=Sum("at_stake_rupiah", filter=open_now)
    )
    told: list[dict[str, Any]] = [{**row} for row in found]
    return sorted(told, key=lambda row: (-(row["rupiah"] or 0), row["kind"]))


def under_way_in(cycle: Cycle) -> dict[str, int]:
    """Exceptions of the cycle that nobody has settled: those of payments, those of rows, and the rupiah at stake."""
    of_rows = Q(row__isnull=False)
    return ExceptionCase.objects.filter(cycle=cycle, state__in=UNDER_WAY).aggregate(
        payments=Count("pk", filter=~of_rows), payments_rupiah=Sum("at_stake_rupiah", filter=~of_rows, default=0),
        rows=Count("pk", filter=of_rows), rows_rupiah=Sum("at_stake_rupiah", filter=of_rows, default=0),
    )  # fmt: skip


def in_force(column: str) -> Subquery:
    """For a question of payments: a column of the outcome in force, looked up payment by payment.

    For questions that begin with a few payments, or end with the first: of a join or an EXISTS the planner reads the
    whole view, in which it finds neither places nor families.
    """
    return Subquery(OutcomeInForce.objects.filter(payment=OuterRef("pk")).values(column)[:1])


def waiting_exceptions(acting: Acting) -> QuerySet[ExceptionCase]:
    """Open exceptions of one's territory, for the first page of those who work them."""
    if not acting.may(May.WORK_EXCEPTIONS):
        return ExceptionCase.objects.none()
    return ExceptionCase.objects.filter(state=ExceptionCase.State.OPEN).exclude(cycle__state=Cycle.State.CLOSED)


def exceptions_waiting(acting: Acting, cycles: Iterable[Cycle]) -> dict[UUID, int]:
    """As many as `waiting_exceptions` says, by cycle."""
    waiting = waiting_exceptions(acting).filter(cycle__in=list(cycles))
    return dict(waiting.values_list("cycle").annotate(n=Count("pk")))


def rows_in_force(cycle: Cycle, filters: dict[str, str]) -> QuerySet[ResultRow]:
    """The newest disposition of every row of the files in use, narrowed by `filters`."""
    files = ResultFile.objects.filter(cycle=cycle, state=ResultFile.State.TAKEN)
    files = files.filter(pk=filters["file"]) if filters.get("file") else files.filter(about_cycle=None)
    names = list(files.values_list("pk", flat=True))  # named, so that the database knows how many rows they have
    later = ResultRow.objects.filter(file=OuterRef("file"), row=OuterRef("row"), number__gt=OuterRef("number"))
    rows = ResultRow.objects.filter(~Exists(later), file__in=names).select_related("file", "payment")
    narrowed = {name: filters[name] for name in ("disposition", "event", "evidence") if filters.get(name)}
    return rows.filter(**narrowed)


def credited_by_channel(rows: QuerySet[ResultRow]) -> list[dict[str, Any]]:
    """Accepted credits among these rows: {channel, count, rupiah}, the most money first."""
    accepted = rows.filter(event="CREDIT", disposition="ACCEPTED").order_by().values("channel")
    summed = accepted.annotate(count=Count("pk"), rupiah=Sum("amount_rupiah")).order_by("-rupiah", "channel")
    return [dict(row) for row in summed]


def rows_of_payment(payment_id: str) -> list[ResultRow]:
    """What files in use say of one payment, in order of day."""
    rows = (
        ResultRow.objects.filter(payment_id=payment_id, file__state=ResultFile.State.TAKEN)
        .select_related("file")
        .order_by("file_id", "row", "-number")
        .distinct("file_id", "row")
    )
    return sorted(rows, key=lambda row: (str(row.occurred_on or ""), row.pk))


def not_accepted(file: ResultFile) -> list[dict[str, Any]]:
    """Rows of a file that belong to no payment or were not believed, of one's territory: {kind, count}, most first."""
    rows = ExceptionCase.objects.filter(file=file, row__isnull=False).exclude(state=ExceptionCase.State.GONE)
    return [dict(row) for row in rows.values("kind").annotate(count=Count("pk")).order_by("-count", "kind")]


def row_of_exception(case: ExceptionCase) -> ResultRow | None:
    """What the row of an exception said."""
    if case.row is None:
        return None
    rows = ResultRow.objects.filter(file_id=case.file_id, row=case.row).select_related("file", "payment")
    return rows.order_by("-number").first()


def places_of(cycle: Cycle) -> tuple[list[str], list[str]]:
    """Districts and channels with payments in one's territory, for choices."""
    pairs = list(PaymentList.objects.filter(cycle=cycle).values_list("district_code", "channel").distinct())
    return sorted({district for district, _ in pairs}), sorted({channel for _, channel in pairs})


def senders_places(acting: Acting, cycle: Cycle, may: May = May.SEND_RESULTS) -> tuple[list[str], list[str]]:
    """Regions and channels the person may send files for in this cycle, or what else `may` says."""
    districts, channels = places_of(cycle)
    regions = sorted({code[:length] for code in districts for length in (0, 2, 4)}, key=lambda code: (len(code), code))
    may_for = [channel for channel in channels if acting.may(may, None, channel)]
    allowed = [
        region
        for region in regions
        if region.startswith(cycle.region_code) and any(acting.may(may, region, channel) for channel in may_for)
    ]
    return allowed, [channel for channel in may_for if any(acting.may(may, r, channel) for r in allowed)]


def statements_of(cycle: Cycle) -> list[Statement]:
    """Statements of one's territory with their signatures, newest first."""
    found = Statement.objects.filter(cycle=cycle).prefetch_related("signatures__person")
    return list(found.order_by("-made_at"))


def signatures_of(statement: Statement) -> list[Signature]:
    """In the order they were given."""
    return list(statement.signatures.select_related("person").order_by("at"))
