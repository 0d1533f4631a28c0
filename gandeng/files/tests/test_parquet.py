"""Parquet: taken as it is where it is canonical, brought to it where that is safe, else refused."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gandeng.files import conversion
from gandeng.files.layouts import PAYMENTS, RESULTS
from gandeng.files.readers import Reading
from gandeng.files.tests.tables import PAYMENT, RESULT, codes, convert, payment, refusal, rows

DAY = date(2024, 5, 17)


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return bytes(sink.getvalue())


def payments(*cells: tuple[str, ...], **columns: pa.Array) -> bytes:
    table = {name: pa.array([row[at] for row in cells]) for at, name in enumerate(PAYMENTS.names)}
    table["amount"] = pa.array([int(row[-1]) for row in cells], pa.int64())
    return _bytes(pa.table(table | columns))


def results(**columns: list[object]) -> bytes:
    sample = dict(zip(RESULTS.names, RESULT, strict=True)) | {"amount": 225_000, "occurred_on": DAY}
    count = max((len(values) for values in columns.values()), default=1)
    return _bytes(pa.table({name: columns.get(name, [sample[name]] * count) for name in RESULTS.names}))


def test_it_works_without_writing_the_rows_again() -> None:
    taken = convert(payments(PAYMENT, payment(payment_id="2024-2-F2")))
    assert [path.name for path in taken.paths] == ["sent.file"]
    assert [row["row"] for row in rows(taken)] == [1, 2]
    assert (taken.rows, taken.total_rupiah) == (2, 450_000)


def test_text_is_taken_exactly_as_it_is() -> None:
    assert rows(convert(payments(payment(name=" SITI "))))[0]["name"] == " SITI "


def test_it_refuses_a_bad_row_by_its_number() -> None:
    refused = refusal(payments(PAYMENT, payment(nik="1", amount="0"), PAYMENT))
    assert codes(refused) == [
        ("duplicate_key", 3, "payment_id"),
        ("nik_damaged", 3, "nik"),
        ("amount_not_positive", 3, "amount"),
        ("duplicate_key", 4, "payment_id"),
    ]


def test_a_result_carries_its_damage() -> None:
    taken = convert(
        results(
            nik=["", "1", None, ""],
            account_no=["1E+5", "1", None, "1"],
            amount=[None, 1, 10**12, -1],
            occurred_on=[DAY, DAY, DAY, None],
        ),
        RESULTS,
    )
    assert [row["damage"] for row in rows(taken)] == [
        "account_damaged",
        "nik_damaged",
        "amount_unreadable",
        "amount_unreadable,date_unreadable",
    ]
    assert rows(taken)[2]["nik"] == ""
    assert (taken.rows, taken.total_rupiah) == (4, 1)


@pytest.mark.parametrize("day", [date(1, 1, 1), 1_073_741_824])
def test_a_day_of_no_year_of_ours_is_damage(day: date | int) -> None:
    """The second is in the year 2.941.775, which no calendar of Python has, and pages could not show."""
    day_of = pa.array([day], pa.int32()).cast(pa.date32()) if isinstance(day, int) else pa.array([day])
    taken = convert(results(occurred_on=day_of), RESULTS)
    strange = isinstance(day, int)
    assert [row["damage"] for row in rows(taken)] == ["date_unreadable" if strange else ""]


def test_it_refuses_a_column_that_is_there_twice() -> None:
    """Told apart by its letters alone, or not at all: which of two amounts is meant, nobody knows."""
    table = pq.read_table(pa.BufferReader(payments(PAYMENT)))
    for name in ("AMOUNT", "amount"):
        twice = pa.table([pa.array([1]), *table.columns], names=[name, *table.column_names])
        assert codes(refusal(_bytes(twice))) == [("duplicate_column", 1, "amount")]


@pytest.mark.parametrize("column", ["name", "payment_id"])
def test_it_refuses_a_text_that_no_database_keeps(column: str) -> None:
    assert codes(refusal(payments(PAYMENT, payment(**({"payment_id": "P2"} | {column: "a\0b"}))))) == [
        ("nul_bytes", None, None)
    ]


def test_text_and_fractions_become_whole_rupiah_or_damage() -> None:
    whole = payments(PAYMENT, payment(payment_id="P2"), amount=pa.array([225_000.0, 5.0]))
    assert [row["amount"] for row in rows(convert(whole))] == [225_000, 5]
    half = payments(PAYMENT, amount=pa.array([1.125]))
    assert codes(refusal(half)) == [("amount_unreadable", 2, "amount")]
    assert refusal(half).faults[0].facts["found"] == "1,125", "as it stands there, and not as thousands"
    halves = pa.array([Decimal("1250.50"), Decimal("1.125"), Decimal(10**15)], pa.decimal128(20, 3))
    assert [row["amount"] for row in rows(convert(results(amount=halves), RESULTS))] == [None] * 3
    text = results(amount=["Rp1.250.000", "1.25"], occurred_on=["17/05/2024", "soon"])
    assert [row["amount"] for row in rows(convert(text, RESULTS))] == [1_250_000, None]
    assert rows(convert(text, RESULTS))[1]["damage"] == "amount_unreadable,date_unreadable"


def test_a_name_stays_as_it_is() -> None:
    """An apostrophe against spreadsheets is a matter of CSV and workbooks."""
    taken = convert(payments(PAYMENT, name=["'=SITI"], amount=pa.array([225_000], pa.int32())))
    assert [row["name"] for row in rows(taken)] == ["'=SITI"]


def test_a_column_of_nothing_is_empty() -> None:
    taken = convert(results(reason=pa.nulls(2), name=pa.nulls(2), amount=pa.nulls(2), event=["FAILURE"] * 2), RESULTS)
    assert [(row["reason"], row["name"], row["amount"], row["damage"]) for row in rows(taken)] == [
        ("", "", None, "")
    ] * 2
    assert codes(refusal(payments(PAYMENT, nik=pa.nulls(1)))) == [("cell_empty", 2, "nik")]


@pytest.mark.parametrize("column", ["nik", "account_no", "payment_id"])
def test_it_refuses_identifiers_stored_as_numbers(column: str) -> None:
    assert codes(refusal(payments(PAYMENT, **{column: pa.array([6371014101800001])}))) == [("wrong_type", None, column)]


def test_it_refuses_a_missing_column_an_empty_table_and_broken_files() -> None:
    data = payments(PAYMENT)
    assert codes(refusal(_bytes(pq.read_table(pa.BufferReader(data)).drop_columns(["nik"])))) == [
        ("missing_column", 1, "nik")
    ]
    assert codes(refusal(_bytes(pq.read_table(pa.BufferReader(data)).slice(0, 0)))) == [("no_rows", None, None)]
    for length in range(4, len(data), 97):
        assert refusal(data[:length]).faults[0].code == "parquet_broken"


@pytest.mark.parametrize("column", ["payment_id", "account_no", "amount"])
def test_it_refuses_a_page_that_is_damaged_within(column: str) -> None:
    """Its rows are taken as they are: nothing has read the page before they are counted."""
    data = bytearray(payments(*(payment(payment_id=f"P{at}") for at in range(300))))
    there = pq.read_metadata(pa.BufferReader(bytes(data))).row_group(0).column(PAYMENTS.names.index(column))
    start = (there.dictionary_page_offset or there.data_page_offset) + 25
    data[start : start + 12] = bytes(byte ^ 0xFF for byte in data[start : start + 12])
    assert codes(refusal(bytes(data))) == [("parquet_broken", None, None)]


def test_a_path_with_wildcards_stands_for_itself(tmp_path: Path) -> None:
    odd = tmp_path / "tahap [2]*'?.parquet"
    odd.write_bytes(payments(PAYMENT))
    (tmp_path / "tahap 2.parquet").write_bytes(payments(PAYMENT, payment(payment_id="P2")))
    assert len(rows(conversion.convert(Reading(odd, PAYMENTS), tmp_path))) == 1
