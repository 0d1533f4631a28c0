"""The same events told in other files, orders and forms: the same figures to the byte."""

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from gandeng.files.layouts import PAYMENTS, RESULTS, Layout
from gandeng.runs.reconcile import reconcile
from gandeng.runs.tests.samples import write
from gandeng.simulation.results import simulate_results
from tests.journeys.conftest import LOUD, District

pytestmark = [pytest.mark.xdist_group("district"), pytest.mark.usefixtures("no_child")]

Rows = list[tuple[str, ...]]
Told = tuple[bytes, list[tuple[Any, ...]], Counter[tuple[Any, ...]]]
"""summary.csv, outcomes by payment, dispositions without the place they stand in."""

ONE_ROW_ONE_DISPOSITION = ("ACCEPTED", "AMBIGUOUS", "UNKNOWN", "MISDIRECTED")


@pytest.fixture(scope="module")
def events(district: District, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Every result row of the district as text."""
    folder = tmp_path_factory.mktemp("events") / "all"
    simulate_results(district.payments, folder, seed=5, rates=LOUD, layouts="canonical")
    tables = [pq.read_table(path) for path in sorted(folder.glob("results-*"))]
    rows = [tuple(str(cell or "") for cell in row.values()) for table in tables for row in _rows(table)]
    assert len(rows) > 400
    return rows


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.select(RESULTS.names).to_pylist()
    return rows


@pytest.fixture(scope="module")
def plain(district: District, events: Rows, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What the district's events give when told in one CSV."""
    folder = tmp_path_factory.mktemp("plain")
    return told(district.payments, [write(folder / "all.csv", RESULTS, events)], folder / "out")


def told(payments: Path, results: Sequence[Path], out: Path) -> Told:
    reconcile(payments, results, out)
    outcomes = sorted(tuple(row.values()) for row in pq.read_table(out / "outcomes.parquet").to_pylist())
    dispositions = pq.read_table(out / "dispositions.parquet").drop_columns(["source", "row"]).to_pylist()
    return (out / "summary.csv").read_bytes(), outcomes, Counter(tuple(row.values()) for row in dispositions)


def shuffled(rows: Rows, folder: Path) -> list[Path]:
    return [write(folder / "all.csv", RESULTS, Random(3).sample(rows, len(rows)))]


def split(rows: Rows, folder: Path) -> list[Path]:
    return [write(folder / f"{part}.csv", RESULTS, rows[part::3]) for part in range(3)]


def renamed(rows: Rows, folder: Path) -> list[Path]:
    """The second half comes first by name."""
    half = len(rows) // 2
    return [write(folder / "z.csv", RESULTS, rows[:half]), write(folder / "a.csv", RESULTS, rows[half:])]


def semicolons(rows: Rows, folder: Path) -> list[Path]:
    return [write(folder / "all.csv", RESULTS, rows, delimiter=";", lineterminator="\r\n")]


def tabs(rows: Rows, folder: Path) -> list[Path]:
    return [write(folder / "all.txt", RESULTS, rows, delimiter="\t")]


def all_quoted(rows: Rows, folder: Path) -> list[Path]:
    return [write(folder / "all.csv", RESULTS, rows, quoting=csv.QUOTE_ALL)]


def with_mark(rows: Rows, folder: Path) -> list[Path]:
    return _recoded(rows, folder, "utf-8-sig")


def utf_16(rows: Rows, folder: Path) -> list[Path]:
    return _recoded(rows, folder, "utf-16")


def _recoded(rows: Rows, folder: Path, encoding: str) -> list[Path]:
    path = write(folder / "all.csv", RESULTS, rows)
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    return [path]


def turned_columns(rows: Rows, folder: Path) -> list[Path]:
    path = folder / "all.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(row[::-1] for row in [RESULTS.names, *rows])
    return [path]


def workbook(rows: Rows, folder: Path, layout: Layout = RESULTS) -> list[Path]:
    with xlsxwriter.Workbook(folder / "all.xlsx", {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([layout.names, *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell)
    return [folder / "all.xlsx"]


def parquet(rows: Rows, folder: Path, layout: Layout = RESULTS) -> list[Path]:
    columns = {name: list(cells) for name, cells in zip(layout.names, zip(*rows, strict=True), strict=True)}
    typed: dict[str, Any] = {name: pa.array(cells) for name, cells in columns.items()}
    typed["amount"] = pa.array([int(cell) if cell else None for cell in columns["amount"]], pa.int64())
    if "occurred_on" in columns:
        days = [cell or None for cell in columns["occurred_on"]]
        typed["occurred_on"] = pa.array(days, pa.string()).cast(pa.date32())
    pq.write_table(pa.table(typed), folder / "all.parquet")
    return [folder / "all.parquet"]


@pytest.mark.parametrize(
    "retell",
    [shuffled, split, renamed, semicolons, tabs, all_quoted, with_mark, utf_16, turned_columns, workbook, parquet],
)
def test_told_differently_it_is_the_same(
    district: District, events: Rows, plain: Told, tmp_path: Path, retell: Callable[[Rows, Path], list[Path]]
) -> None:
    assert told(district.payments, retell(events, tmp_path), tmp_path / "out") == plain


def replayed(rows: Rows, folder: Path) -> list[Path]:
    path = write(folder / "all.csv", RESULTS, rows)
    return [path, path]


def sent_again(rows: Rows, folder: Path) -> list[Path]:
    return [*replayed(rows, folder)[:1], write(folder / "resent.csv", RESULTS, rows[::-1])]


def doubled(rows: Rows, folder: Path) -> list[Path]:
    return [write(folder / "all.csv", RESULTS, rows * 2)]


@pytest.mark.parametrize("retell", [replayed, sent_again, doubled])
def test_told_twice_no_figure_changes(
    district: District, events: Rows, plain: Told, tmp_path: Path, retell: Callable[[Rows, Path], list[Path]]
) -> None:
    summary, outcomes, dispositions = told(district.payments, retell(events, tmp_path), tmp_path / "out")
    assert (summary, outcomes) == plain[:2]
    assert _once(dispositions) == _once(plain[2])
    assert dispositions.total() == 2 * plain[2].total()


def _once(dispositions: Counter[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """Of rows whose second telling is REPEATED."""
    return Counter({row: count for row, count in dispositions.items() if row[2] in ONE_ROW_ONE_DISPOSITION})


@pytest.mark.parametrize("form", [workbook, parquet], ids=["workbook", "parquet"])
def test_the_list_may_come_in_any_form_and_order(
    district: District, events: Rows, plain: Told, tmp_path: Path, form: Callable[[Rows, Path, Layout], list[Path]]
) -> None:
    with district.payments.open(encoding="utf-8", newline="") as file:
        listed = [tuple(row) for row in csv.reader(file)][1:]
    (payments,) = form(listed[::-1], tmp_path, PAYMENTS)
    assert told(payments, [write(tmp_path / "told.csv", RESULTS, events)], tmp_path / "out") == plain


def test_a_row_of_a_stranger_changes_no_figure(district: District, events: Rows, plain: Told, tmp_path: Path) -> None:
    stranger = ("", "BRI", "2099-1-X", "999", "9171234567890127", "", "CREDIT", "1", "2024-05-17", "")
    results = [write(tmp_path / "all.csv", RESULTS, [stranger, *events])]
    assert told(district.payments, results, tmp_path / "out")[:2] == plain[:2]
