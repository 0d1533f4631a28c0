"""Nearest payments by name for a row that belongs to none (documents.suggestions), asked for one row at a time."""

from contextlib import closing
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from gandeng.core.region_code import RegionCode
from gandeng.documents.suggestions import suggest
from gandeng.engine import parquet
from gandeng.reconciliation.actions.run import rows_path
from gandeng.reconciliation.models import CurrentOutcome, ExceptionCase, ResultRow

AMONG_MAX = 3_000
"""Payments a row is compared with: first those of its own amount, then those with the most at stake."""

_HAVE_THEIRS = ("PAID", "OVERPAID")


@dataclass(frozen=True)
class Suggested:
    """A payment whose name is near; `score` of 100."""

    payment_id: str
    name: str
    district: str
    rupiah: int
    score: int


def suggestions_for(case: ExceptionCase, row: ResultRow) -> list[Suggested]:
    """The nearest payments still without their money, of the same channel and of one's territory.

    Of the cycle the row's file tells of, which for a late report is a closed one.
    """
    if not row.name:
        return []
    waiting = CurrentOutcome.objects.filter(cycle_id=case.told_of_id, channel=case.channel).exclude(
        outcome__in=_HAVE_THEIRS
    )
    found: list[Suggested] = []
    for rows in (waiting.filter(amount_rupiah=row.amount_rupiah or 0), waiting):
        near = rows.order_by("-at_stake_rupiah", "payment_id").values_list(
            "payment_id", "payment__name", "village_code", "amount_rupiah"
        )[:AMONG_MAX]
        found = _nearest(row, list(near))
        if found:
            break
    return found


def _nearest(row: ResultRow, payments: list[tuple[str, str, str, int]]) -> list[Suggested]:
    if not payments:
        return []
    ids, names, villages, amounts = zip(*payments, strict=True)
    districts = [RegionCode(code[:4]).dotted() for code in villages]
    candidates = pa.table({"payment_id": ids, "name": names, "district_code": districts, "amount": amounts})
    asked = pa.table(
        {"source": [""], "row": [row.row], "name": [row.name], "nik": [_nik_like(row)], "amount": [row.amount_rupiah]}
    )
    return [
        Suggested(
            each["payment_id"], each["name"], each["district_code"].replace(".", ""), each["amount"], each["score"]
        )
        for each in suggest(asked, candidates).to_pylist()
    ]


def _nik_like(row: ResultRow) -> str:
    """The district a row's NIK is of, as `suggest` reads it from a NIK; the NIK itself is kept nowhere."""
    path = rows_path(row.file)
    if not path.exists():
        return ""
    with closing(duckdb.connect()) as con:
        found = con.execute(f"select nik_district from {parquet(path)} where row = ?", [row.row]).fetchone()
    district = str(found[0]).replace(".", "") if found else ""
    return district.ljust(16, "0") if district else ""
