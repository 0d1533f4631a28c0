"""The SQL that reads cells, against the rules of the core and against naive readings."""

import re
from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.faults import FileRefused
from gandeng.core.money import UnreadableAmount, parse_rupiah
from gandeng.files.layouts import PAYMENTS, RESULTS, Layout
from gandeng.files.normalise import amount_sql, day_sql, readable_total
from gandeng.files.tests.tables import RESULT, convert, csv, refusal, rows

PIECES = [
    "Rp",
    " ",
    "1",
    "12",
    "250",
    "000",
    "999",
    "0",
    ".",
    ",",
    "00",
    ",00",
    ".00",
    "-",
    "+",
    "e",
    "_",
    "５",
    "\n",
    "IDR",
]
amounts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.integers(-1, 10**14).map(str),
    st.integers(0, 10**13).map(lambda amount: f"Rp{amount:,d}".replace(",", ".")),
    st.text("0123456789., Rp-eE", max_size=16),
)
days = st.one_of(
    st.dates(date(1890, 1, 1), date(2110, 1, 1)).flatmap(
        lambda day: st.sampled_from([day.isoformat(), day.strftime("%d/%m/%Y"), day.strftime("%d-%m-%Y")])
    ),
    st.text("0123456789-/ ", max_size=11),
    st.sampled_from(
        ["2024-02-30", "30/02/2024", "0202-05-17", "2024-5-7", "17/05-2024", "epoch", "infinity", "1/1/24"]
    ),
)


def _evaluate(expression: str, texts: list[str]) -> list[object]:
    with duckdb.connect() as con:
        con.register("raw", pa.table({"x": texts}))
        return [row[0] for row in con.execute(f"select {expression} from raw").fetchall()]


def _rupiah(text: str) -> int | None:
    try:
        return parse_rupiah(text)
    except UnreadableAmount:
        return None


def _day(text: str) -> date | None:
    parts = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text, re.ASCII)
    first = re.fullmatch(r"(\d\d)([/-])(\d\d)\2(\d{4})", text, re.ASCII)
    numbers = [parts[1], parts[2], parts[3]] if parts else [first[4], first[3], first[1]] if first else []
    try:
        day = date(*map(int, numbers)) if numbers else None
    except ValueError:
        return None
    return day if day and 1900 <= day.year <= 2099 else None


def test_it_works() -> None:
    texts = [
        "Rp1.250.000",
        "1.250.000,00",
        "1250000.00",
        "1250000",
        "0",
        "1.25",
        "1,250",
        "999999999999",
        "1000000000000",
    ]
    assert _evaluate(amount_sql("x"), texts) == [1_250_000] * 4 + [0, None, None, 999_999_999_999, None]
    assert readable_total(pa.chunked_array([[*texts[:4], None, "x"]])) == 5_000_000


@settings(deadline=None, max_examples=100)
@given(st.lists(amounts, min_size=1, max_size=40))
def test_amounts_are_read_as_the_core_reads_them(texts: list[str]) -> None:
    assert _evaluate(amount_sql("x"), texts) == [_rupiah(text) for text in texts]


@settings(deadline=None, max_examples=100)
@given(st.lists(days, min_size=1, max_size=40))
def test_days_are_read_as_the_contract_lists_them(texts: list[str]) -> None:
    assert _evaluate(day_sql("x"), texts) == [_day(text) for text in texts]


def test_days_of_a_profile() -> None:
    assert _evaluate(day_sql("x", "%Y%m%d"), ["20240517", "20240230", "17052024"]) == [date(2024, 5, 17), None, None]
    assert _evaluate(day_sql("x", "%d%m%Y"), ["17052024", "20240517"]) == [date(2024, 5, 17), None]
    assert _evaluate(day_sql("x", "%d.%m.%Y"), ["17.05.2024", "17/05/2024"]) == [date(2024, 5, 17)] * 2


cells = st.text(st.sampled_from(list('ab1 ,;"\n\r\t.\u00a0Í')), max_size=5)
lines = st.lists(cells, min_size=9, max_size=11).map(lambda row: ",".join(row))


def _verdict(data: bytes, layout: Layout = RESULTS) -> Sequence[object]:
    """The rows taken, or the codes of the refusal."""
    try:
        return [tuple(row.values()) for row in rows(convert(data, layout))]
    except FileRefused as refused:
        return sorted({fault.code for fault in refused.faults})


@settings(deadline=None, max_examples=40)
@given(st.lists(lines, min_size=1, max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_the_fast_and_the_careful_reading_agree(texts: list[str], end: str) -> None:
    """A last row with a quoted line end sends the same rows the careful way."""
    head = csv(RESULTS, RESULT, end=end)
    body = "".join(text + end for text in texts).encode()
    careful = '"a\nb"' + ",x" * 9 + end
    fast, slow = _verdict(head + body), _verdict(head + body + careful.encode())
    if isinstance(fast[0], tuple):
        assert slow[: len(fast)] == fast and len(slow) == len(fast) + 1
    else:
        assert fast == slow


def test_every_cut_of_a_table_gets_a_verdict() -> None:
    whole = csv(PAYMENTS, ("P1", "2024-2", "F1", "6371014101800001", "SITÍ", "BRI", "001", "63.71", "225000"))
    verdicts = [_verdict(whole[:length], PAYMENTS) for length in range(1, len(whole))]
    taken = [verdict for verdict in verdicts if isinstance(verdict[0], tuple)]
    assert len(taken) == len("225000") and all(verdicts)
    assert convert(whole[:-1]).notes[-1].code == "no_last_line_end"


def test_a_cut_table_of_results_gets_a_verdict() -> None:
    whole = csv(RESULTS, RESULT)
    assert refusal(whole[:30], RESULTS).faults
    assert [convert(whole[:length], RESULTS).rows for length in range(len(whole) - 25, len(whole))] == [1] * 25
