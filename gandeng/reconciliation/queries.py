"""Reads, each limited to what the asker may see: territory and channel of the request, in queries and database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, Model, OuterRef, Q, QuerySet, Sum
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.matching_tables import OUTCOMES
from gandeng.payments.models import Cycle, PaymentList
from gandeng.reconciliation.figures import Figures, total
from gandeng.reconciliation.models import (
    CurrentOutcome,
    ExceptionCase,
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
ROW_FILTERS = ("disposition", "file")
UNDER_WAY = (ExceptionCase.State.OPEN, ExceptionCase.State.WITH_BANK)


def access_file(acting: Acting, file_id: object) -> ResultFile:
    """A file of one's territory and channel. Raises Http404."""
    return _seen(acting, ResultFile.objects.select_related("cycle", "sent_by", "withdrawn_by"), file_id)


def access_exception(acting: Acting, case_id: object) -> ExceptionCase:
    """An exception of one's territory and channel. Raises Http404."""
    return _seen(acting, ExceptionCase.objects.select_related("cycle", "payment", "file"), case_id)


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
    return cycle.reconciliations.select_related("made_by").order_by("-number").first()


def runs_by_cycle(cycles: Iterable[Cycle]) -> dict[UUID, int]:
    """Number of the run in force of each cycle that has one."""
    found = Reconciliation.objects.filter(cycle__in=list(cycles)).values("cycle_id").annotate(last=Max("number"))
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
    """Newest first."""
    return ResultFile.objects.filter(cycle=cycle).select_related("sent_by").order_by("-sent_at", "pk")


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


def waiting_exceptions(acting: Acting) -> int:
    """Open exceptions of one's territory, for the first page."""
    if not acting.may(May.WORK_EXCEPTIONS):
        return 0
    return ExceptionCase.objects.filter(state=ExceptionCase.State.OPEN).exclude(cycle__state=Cycle.State.CLOSED).count()


def rows_in_force(cycle: Cycle, filters: dict[str, str]) -> QuerySet[ResultRow]:
    """The newest disposition of every row of the files in use, narrowed by `filters`."""
    files = ResultFile.objects.filter(cycle=cycle, state=ResultFile.State.TAKEN)
    if filters.get("file"):
        files = files.filter(pk=filters["file"])
    later = ResultRow.objects.filter(file=OuterRef("file"), row=OuterRef("row"), number__gt=OuterRef("number"))
    rows = ResultRow.objects.filter(~Exists(later), file__in=files).select_related("file", "payment")
    return rows.filter(disposition=filters["disposition"]) if filters.get("disposition") else rows


def rows_of_payment(payment_id: str) -> list[ResultRow]:
    """What files in use say of one payment, in order of day."""
    rows = (
        ResultRow.objects.filter(payment_id=payment_id, file__state=ResultFile.State.TAKEN)
        .select_related("file")
        .order_by("file_id", "row", "-number")
        .distinct("file_id", "row")
    )
    return sorted(rows, key=lambda row: (str(row.occurred_on or ""), row.pk))


def row_of_exception(case: ExceptionCase) -> ResultRow | None:
    """What the row of an exception said."""
    if case.row is None:
        return None
    rows = ResultRow.objects.filter(file_id=case.file_id, row=case.row).select_related("file")
    return rows.order_by("-number").first()


def places_of(cycle: Cycle) -> tuple[list[str], list[str]]:
    """Districts and channels with payments in one's territory, for choices."""
    pairs = list(PaymentList.objects.filter(cycle=cycle).values_list("district_code", "channel").distinct())
    return sorted({district for district, _ in pairs}), sorted({channel for _, channel in pairs})


def senders_places(acting: Acting, cycle: Cycle) -> tuple[list[str], list[str]]:
    """Regions and channels the person may send files for in this cycle."""
    districts, channels = places_of(cycle)
    regions = sorted({code[:length] for code in districts for length in (0, 2, 4)}, key=lambda code: (len(code), code))
    may_for = [channel for channel in channels if acting.may(May.SEND_RESULTS, None, channel)]
    allowed = [
        region
        for region in regions
        if region.startswith(cycle.region_code)
        and any(acting.may(May.SEND_RESULTS, region, channel) for channel in may_for)
    ]
    return allowed, [channel for channel in may_for if any(acting.may(May.SEND_RESULTS, r, channel) for r in allowed)]


def statements_of(cycle: Cycle) -> list[Statement]:
    """Statements of one's territory with their signatures, newest first."""
    found = Statement.objects.filter(cycle=cycle).prefetch_related("signatures__person")
    return list(found.order_by("-made_at"))


def signatures_of(statement: Statement) -> list[Signature]:
    """In the order they were given."""
    return list(statement.signatures.select_related("person").order_by("at"))


def approved_reissues(cycle: Cycle) -> QuerySet[ReissueRequest]:
    """Reissues two people have agreed on, which no list carries yet: for whoever makes the next list."""
    return ReissueRequest.objects.filter(payment__cycle=cycle, state=ReissueRequest.State.APPROVED).exclude(
        payment__payment__isnull=False
    )
