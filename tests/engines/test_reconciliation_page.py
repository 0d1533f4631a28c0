"""docs/algorithms/reconciliation.md against the run itself: its tables become files, the answer must be its tables."""

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gandeng.core.matching_tables import DETAILS, DISPOSITIONS, OUTCOMES
from gandeng.core.money import format_number
from gandeng.files.intake import explain_damage
from gandeng.files.layouts import PAYMENTS, RESULTS
from gandeng.runs.reconcile import reconcile
from gandeng.words import say

PAGE = Path(__file__).parents[2] / "docs" / "algorithms" / "reconciliation.md"
SAME_FOR_ALL = {"stage": "2024-2", "name": "CONTOH", "district_code": "63.71"}


def table(heading):
    """Rows of the first table below `### heading`, as dictionaries of text."""
    lines = PAGE.read_text(encoding="utf-8").split(f"### {heading}\n")[1].splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("|"))
    cells = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        cells.append([cell.strip() for cell in line.strip("|").split("|")])
    names, _, *rows = cells
    return [dict(zip(names, row, strict=True)) for row in rows]


def write(path, columns, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore", delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    payments = [row | SAME_FOR_ALL | {"family_id": row["payment_id"]} for row in table("Payments")]
    write(folder / "payments.csv", PAYMENTS.names, payments)
    told = [
        row | {"bank_reference": row["reference"], "occurred_on": row["day"]}
        for row in table("Rows the banks and the post sent")
    ]
    files = sorted({row["file"] for row in told}, reverse=True)
    for name in files:
        rows = [row for row in told if row["file"] == name]
        assert [row["row"] for row in rows] == [str(place) for place in range(1, len(rows) + 1)]
        write(folder / name, RESULTS.names, rows)
    reconcile(folder / "payments.csv", [folder / name for name in files], folder / "out")
    given = ("dispositions", "outcomes")
    return {name: pq.read_table(folder / "out" / f"{name}.parquet").to_pylist() for name in given}


def text(value):
    return "" if value is None else format_number(value) if isinstance(value, int) else str(value)


def words(code):
    return "" if not code else say(f"details.{code}") if code in DETAILS else explain_damage(code)


def test_every_row_becomes_what_the_page_says(answer):
    promised = {(row["file"], row["row"]): row for row in table("What becomes of them")}
    assert len(promised) == len(answer["dispositions"])
    for row in answer["dispositions"]:
        said = promised[row["source"], str(row["row"])]
        found = {name: text(row[name]) for name in ("disposition", "matched_by", "evidence")}
        assert {name: said[name] for name in found} == found, said
        assert (said["payment"], words(said["why"])) == (text(row["payment_id"]), text(row["detail"])), said


def test_every_payment_becomes_what_the_page_says(answer):
    promised = {row.pop("payment"): row for row in table("What becomes of the payments")}
    assert len(promised) == len(answer["outcomes"])
    for row in answer["outcomes"]:
        said = promised[row["payment_id"]]
        assert said == {name: text(row[name]) for name in said}, row["payment_id"]


def test_the_page_shows_every_disposition_and_every_outcome():
    assert {row["disposition"] for row in table("What becomes of them")} == set(DISPOSITIONS)
    assert {row["outcome"] for row in table("What becomes of the payments")} == set(OUTCOMES)
