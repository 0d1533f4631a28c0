"""What the papers show, picked from the tables of a small run."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gandeng.documents import queries
from gandeng.documents.exception_sheets import DISPOSITION_COLUMNS, OUTCOME_COLUMNS
from gandeng.documents.suggestions import suggest
from gandeng.engine import connect

PAYMENTS = """select * from (values ('P1', '6371014101800001', 'NORHASANAH', '63.71'),
    ('P2', '6371014101800002', 'RUSDIANA', '63.71'),
    ('P3', '6371014101800003', 'AMINAH', '63.71')) p(payment_id, nik, name, district_code)"""
RESULTS = """select * from (values ('bri.csv', 1, 'R1', 'BRI', 'P1', '', '', '', date '2024-05-02', ''),
    ('bri.csv', 2, 'R2', 'BRI', 'P9', '', '', 'RUSDIANAH', date '2024-05-03', ''))
    r(source, row, bank_reference, channel, payment_id, account_no, nik, name, occurred_on, reason)"""


def outcome(payment_id: str, kind: str, net: int) -> dict[str, object]:
    day = date(2024, 5, 2) if net else None
    return {
        "payment_id": payment_id, "stage": "2024-2", "family_id": f"F{payment_id}", "channel": "BRI",
        "district_code": "63.71", "amount": 750_000, "outcome": kind, "credited": net, "reversed": 0,
        "withdrawn": 0, "net": net, "reason": None, "first_on": day, "last_on": day,
    }  # fmt: skip


def disposition(row: int, kind: str, payment_id: str | None) -> dict[str, object]:
    return {
        "source": "bri.csv", "row": row, "event": "CREDIT", "amount": 750_000, "disposition": kind,
        "payment_id": payment_id, "matched_by": payment_id and "payment_id", "evidence": payment_id and "payment_id",
        "detail": None if payment_id else "tidak ada pembayaran dengan nomor ini",
    }  # fmt: skip


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    outcomes = [outcome("P1", "PAID", 750_000), outcome("P2", "UNREPORTED", 0), outcome("P3", "UNDERPAID", 700_000)]
    dispositions = [disposition(1, "ACCEPTED", "P1"), disposition(2, "UNKNOWN", None)]
    with closing(connect(tmp_path / "spill")) as opened:
        opened.execute(f"create view payments as {PAYMENTS}")
        opened.execute(f"create view results as {RESULTS}")
        for name, told in (("outcomes", outcomes), ("dispositions", dispositions)):
            pq.write_table(pa.Table.from_pylist(told), tmp_path / f"{name}.parquet")
            opened.execute(f"create view {name} as from read_parquet('{tmp_path / name}.parquet')")
        yield opened


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    return list(con.sql(sql).to_arrow_table().to_pylist())


def test_it_works(con: duckdb.DuckDBPyConnection) -> None:
    (unreported,) = rows(con, queries.outcome_rows("UNREPORTED"))
    assert set(unreported) == {column.name for column in OUTCOME_COLUMNS} - {"district"}
    assert (unreported["name"], unreported["at_stake"]) == ("RUSDIANA", 750_000)
    (unknown,) = rows(con, queries.disposition_rows("UNKNOWN"))
    assert {column.name for column in DISPOSITION_COLUMNS} - {"district"} <= set(unknown)
    assert (unknown["reported_name"], unknown["payment_id"]) == ("RUSDIANAH", "P9")


def test_totals_count_every_row_of_a_kind(con: duckdb.DuckDBPyConnection) -> None:
    assert con.sql(queries.outcome_totals()).fetchall() == [("UNDERPAID", 1, 50_000), ("UNREPORTED", 1, 750_000)]


def test_an_unknown_row_is_given_the_nearest_open_payment(con: duckdb.DuckDBPyConnection) -> None:
    unknown = con.sql(queries.unknown_rows()).to_arrow_table()
    near = suggest(unknown, con.sql(queries.open_payments()).to_arrow_table())
    assert near.column("payment_id").to_pylist() == ["P2"]


def test_the_largest_differences_of_a_district_are_named(con: duckdb.DuckDBPyConnection) -> None:
    assert [row["payment_id"] for row in rows(con, queries.named_differences(5))] == ["P2", "P3"]
    assert [row["payment_id"] for row in rows(con, queries.named_differences(1))] == ["P2"]


def test_it_refuses_a_kind_that_is_not_ours() -> None:
    with pytest.raises(ValueError, match="drop"):
        queries.outcome_rows("'; drop table outcomes")
