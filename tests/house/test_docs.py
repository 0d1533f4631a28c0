"""Pages written by `make docs` say what the code says, and the forms of cells they tell are read."""

import re
import runpy
from pathlib import Path

import pytest

from gandeng.core.faults import FileRefused
from gandeng.files.layouts import FAMILIES, MEMBERS, PAYMENTS, RESULTS, VERDICTS
from gandeng.files.tests.tables import PAYMENT, RESULT, convert, csv, rows

DOCS = Path(__file__).parents[2] / "docs"
GENERATE = runpy.run_path(str(DOCS / "generate.py"))
FORMATS = (DOCS / "file-formats.md").read_text(encoding="utf-8")
FAMILY = ("F1", "M1", "63.71.01.1001", "ACTIVE", "BRI", "001234567890123")
MEMBER = ("F1", "M1", "6371014101800001", "SITI", "1980-01-01", "F", "SD", "1", "false", "false", "2024-05-17")
ROWS = {
    "Families": (FAMILIES, FAMILY),
    "Members": (MEMBERS, MEMBER),
    "Verdicts": (VERDICTS, ("M1", "HEALTH", "MET")),
    "Payments": (PAYMENTS, PAYMENT),
    "Result": (RESULTS, RESULT),
}
"""By heading of the page: a row that is taken."""


def columns_told(heading):
    """Column, form, whether it may be empty, as the table under the heading tells."""
    section = FORMATS.partition(f"### {heading}: ")[2].partition("###")[0]
    rows_told = re.findall(r"^\| `(\w+)` \|(.*)\|(.*)\|(.*)\|$", section, re.MULTILINE)
    return [(name, form, empty) for name, _, form, empty in rows_told]


def is_taken(layout, row, column, cell):
    """Whether the row with this cell is taken without a fault and without damage."""
    changed = dict(zip(layout.names, row, strict=True)) | {column: cell} | ({"account_no": ""} if cell == "POS" else {})
    try:
        return rows(convert(csv(layout, tuple(changed.values()), delimiter=";"), layout))[0].get("damage", "") == ""
    except FileRefused:
        return False


def test_pages_are_what_make_docs_writes():
    written = GENERATE["pages"]()
    assert len(written) > 4
    assert {name: (DOCS / name).read_text(encoding="utf-8") for name in written} == written, "say make docs"


@pytest.mark.parametrize("heading", ROWS)
def test_each_form_that_is_told_is_read_and_another_is_not(heading):
    layout, row = ROWS[heading]
    told = columns_told(heading)
    assert tuple(name for name, _, _ in told) == layout.names
    for name, form, _ in told:
        samples = re.findall("`([^`]+)`", form)
        assert [sample for sample in samples if not is_taken(layout, row, name, sample)] == [], name
        assert not samples or not is_taken(layout, row, name, "=?"), name


@pytest.mark.parametrize("heading", ROWS)
def test_a_cell_is_empty_where_the_page_allows_it_alone(heading):
    layout, row = ROWS[heading]
    left_to_others = {"channel", "event"} if layout is RESULTS else {"account_no"} if layout is PAYMENTS else set()
    for name, _, empty in columns_told(heading):
        if name not in left_to_others:  # the calculation, and the channel beside it
            assert is_taken(layout, row, name, "") == (empty.strip().partition(":")[0] != "no"), name
