"""exceptions.xlsx of one's own territory: masked, the worst thousand rows, the rest counted."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db.models import Count, OuterRef, Subquery, Sum
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.region_code import DISTRICT_DIGITS, RegionCode
from gandeng.documents.exception_sheets import PAYMENT_KINDS, ExceptionSheet
from gandeng.documents.exceptions import write_exceptions
from gandeng.documents.masking import HIDDEN
from gandeng.documents.minutes_data import dispositions_from_rows
from gandeng.exports.actions import take_alone
from gandeng.exports.sources import ROWS_ALONE
from gandeng.payments.models import Cycle
from gandeng.reconciliation.models import ExceptionCase, OutcomeInForce, ResultRow
from gandeng.reconciliation.queries import exceptions_of
from gandeng.web.language import indonesian

ROWS_MAX = ROWS_ALONE

_OF_OUTCOMES = {
    "payment_id": pa.string(), "district_code": pa.string(), "channel": pa.string(), "name": pa.string(),
    "nik": pa.string(), "instructed": pa.int64(), "credited": pa.int64(), "reversed": pa.int64(),
    "withdrawn": pa.int64(), "net": pa.int64(), "at_stake": pa.int64(), "reason": pa.string(), "first_on": pa.date32(),
    "last_on": pa.date32(),
}  # fmt: skip
_OF_ROWS = {
    "source": pa.string(), "row": pa.int64(), "event": pa.string(), "channel": pa.string(), "amount": pa.int64(),
    "occurred_on": pa.date32(), "reported_name": pa.string(), "nik": pa.string(), "account_no": pa.string(),
    "payment_id": pa.string(), "name": pa.string(), "district_code": pa.string(), "matched_by": pa.string(),
    "evidence": pa.string(), "detail": pa.string(), "reason": pa.string(), "bank_reference": pa.string(),
}  # fmt: skip


def exceptions_workbook(acting: Acting, cycle: Cycle, filters: dict[str, str]) -> bytes:
    """The workbook of the exceptions under way that one may see and has filtered; written down in the log.

    Raises exports.refused.Refused where the person has taken too much away today.
    """
    authority = acting.authority(May.SEE_RECONCILIATION)
    rows = exceptions_of(cycle, filters)
    cases = list(rows.order_by("-at_stake_rupiah", "pk")[:ROWS_MAX])
    take_alone(acting, "ExceptionCase", len(cases), region=_region(acting))
    whole = _totals(rows)
    outcomes = OutcomeInForce.objects.select_related("payment").in_bulk(
        [case.payment_id for case in cases if case.row is None and case.payment_id]
    )
    told: dict[tuple[Any, Any], ResultRow] = {
        (row.file_id, row.row): row for row in _rows([case for case in cases if case.row is not None])
    }
    sheets = [_sheet(kind, cases, whole[kind], outcomes, told) for kind in sorted({case.kind for case in cases})]
    districts = {case.region_code[:4] for case in cases if len(case.region_code) >= DISTRICT_DIGITS}
    names = {RegionCode(code).dotted(): region_name(code) for code in districts}
    with tempfile.TemporaryDirectory(prefix="gandeng-export-") as folder:
        path = Path(folder) / "exceptions.xlsx"
        with indonesian():  # what leaves the office
            write_exceptions(path, sheets, stages=(str(cycle),), as_of=timezone.localdate(), districts=names)
        content = path.read_bytes()
    record(
        acting, "exceptions.exported", cycle, region=_region(acting), authority=authority, rows=len(cases),
        filters={name: value for name, value in filters.items() if value},
    )  # fmt: skip
    return content


def _region(acting: Acting) -> str:
    return acting.first.region_code if acting.first else ""


def _totals(rows: Any) -> dict[str, tuple[int, Mapping[str, int]]]:
    """Rows and amounts of each kind: what is at stake of payments, event by event of report rows."""
    event = ResultRow.objects.filter(file=OuterRef("file"), row=OuterRef("row")).order_by("-number").values("event")
    counted = rows.order_by().annotate(event=Subquery(event[:1])).values("kind", "event")
    told = list(counted.annotate(rows=Count("pk"), amount=Sum("at_stake_rupiah")))
    lines = dispositions_from_rows({**row, "disposition": row["kind"]} for row in told)
    totals: dict[str, tuple[int, Mapping[str, int]]] = {
        row["kind"]: (row["rows"], {"at_stake": row["amount"]}) for row in told
    }
    by_event = {line.disposition: (line.rows, line.by_event) for line in lines}
    return totals | {kind: whole for kind, whole in by_event.items() if kind not in PAYMENT_KINDS}


def _rows(cases: list[ExceptionCase]) -> list[ResultRow]:
    files, numbers = {case.file_id for case in cases}, {case.row for case in cases if case.row is not None}
    rows = ResultRow.objects.filter(file_id__in=files, row__in=numbers).select_related("file", "payment")
    return list(rows.order_by("file_id", "row", "-number").distinct("file_id", "row"))


def _sheet(
    kind: str,
    cases: list[ExceptionCase],
    whole: tuple[int, Mapping[str, int]],
    outcomes: dict[str, OutcomeInForce],
    told: dict[tuple[Any, Any], ResultRow],
) -> ExceptionSheet:
    own = [case for case in cases if case.kind == kind]
    if kind in PAYMENT_KINDS:
        lines = [_outcome(outcomes[case.payment_id]) for case in own if case.payment_id in outcomes]
        table = _table(lines, _OF_OUTCOMES)
    else:
        lines = [_row(told[case.file_id, case.row]) for case in own if (case.file_id, case.row) in told]
        table = _table(lines, _OF_ROWS)
    return ExceptionSheet(kind, table, *whole)


def _table(lines: list[dict[str, Any]], columns: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(lines, schema=pa.schema(list(columns.items())))


def _outcome(row: OutcomeInForce) -> dict[str, Any]:
    return {
        "payment_id": row.payment_id,
        "district_code": RegionCode(row.village_code[:4]).dotted(),
        "channel": row.channel,
        "name": row.payment.name,
        "nik": HIDDEN + row.payment.nik_last4,
        "instructed": row.amount_rupiah,
        "credited": row.credited_rupiah,
        "reversed": row.reversed_rupiah,
        "withdrawn": row.withdrawn_rupiah,
        "net": row.net_rupiah,
        "at_stake": row.at_stake_rupiah,
        "reason": row.reason,
        "first_on": row.first_on,
        "last_on": row.last_on,
    }


def _row(row: ResultRow) -> dict[str, Any]:
    payment = row.payment
    return {
        "source": row.file.name,
        "row": row.row,
        "event": row.event,
        "channel": row.channel,
        "amount": row.amount_rupiah,
        "occurred_on": row.occurred_on,
        "reported_name": row.name,
        "nik": HIDDEN + payment.nik_last4 if payment else "",
        "account_no": HIDDEN + payment.account_last3 if payment and payment.account_last3 else "",
        "payment_id": payment.pk if payment else "",
        "name": payment.name if payment else "",
        "district_code": RegionCode(row.region_code[:4]).dotted() if len(row.region_code) >= DISTRICT_DIGITS else "",
        "matched_by": row.matched_by,
        "evidence": row.evidence,
        "detail": row.detail,
        "reason": "",
        "bank_reference": row.bank_reference,
    }
