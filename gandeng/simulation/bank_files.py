"""Result rows in the forms in which banks and the post really send them: their own CSV, workbooks, ISO 20022."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from gandeng.files import profiles
from gandeng.files.layouts import RESULTS
from gandeng.files.profiles import WRITE_AMOUNT, Profile
from gandeng.simulation.messages import write_camt054, write_pain002

SPREADSHEET_ROWS_MAX = 60_000
MESSAGE_ROWS_MAX = 40_000
_MADE = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Stands in every workbook as its date, so that the same rows give the same bytes."""


@dataclass(frozen=True)
class Habit:
    """How a channel sends: events that go as a message, a workbook instead of text, encoding and line ends of text."""

    message: Callable[[pa.Table, Path], None] | None = None
    message_name: str = ""
    message_events: tuple[str, ...] = ()
    workbook: bool = False
    encoding: str = "utf-8"
    line_end: str = "\n"


HABITS = {
    "BRI": Habit(encoding="utf-8-sig"),
    "BNI": Habit(workbook=True),
    "MANDIRI": Habit(line_end="\r\n"),
    "BTN": Habit(write_pain002, "pain002", ("CREDIT", "FAILURE"), encoding="utf-16"),
    "BSI": Habit(write_camt054, "camt054", ("CREDIT", "REVERSAL")),
    "POS": Habit(workbook=True),
}


def write_bank_files(channel: str, rows: pa.Table, out: Path) -> dict[str, int]:
    """Write one channel's rows (RESULT columns with `amount_text`, `day_text`, `defect`); file name -> rows."""
    habit, stem = HABITS[channel], f"results-{channel.lower()}"
    written: dict[str, int] = {}
    if habit.message and rows.num_rows <= MESSAGE_ROWS_MAX:
        fit = _fits_message(rows, habit.message_events)
        message, rows = rows.filter(fit), rows.filter(pc.invert(fit))
        if message.num_rows:
            name = f"{stem}.{habit.message_name}.xml"
            habit.message(message, out / name)
            written[name] = message.num_rows
    if not rows.num_rows:
        return written
    workbook = habit.workbook and rows.num_rows <= SPREADSHEET_ROWS_MAX
    path = out / f"{stem}.{'xlsx' if workbook else 'csv'}"
    _write_report(rows, profiles.load(channel), path, habit, workbook=workbook)
    return written | {path.name: rows.num_rows}


def _fits_message(rows: pa.Table, events: tuple[str, ...]) -> pa.Array:
    """A message has no place for a damaged cell or a spreadsheet's lost zeros; those rows stay in the report."""
    undamaged = pc.and_(pc.equal(rows["amount_text"], ""), pc.equal(rows["day_text"], ""))
    of_text = pc.is_in(rows["defect"], pa.array(["zeros_lost", "damaged_nik"]))
    return pc.and_(pc.is_in(rows["event"], pa.array(events)), pc.and_(undamaged, pc.invert(of_text)))


def _write_report(rows: pa.Table, profile: Profile, path: Path, habit: Habit, *, workbook: bool) -> None:
    text = path.with_name(f"{path.name}.part")
    profiles.write_csv(_worded(rows, profile), profile, text)
    try:
        if workbook:
            _as_workbook(text, path, profile)
        else:
            _recoded(text, path, habit)
    finally:
        text.unlink()


def _worded(rows: pa.Table, profile: Profile) -> pa.Table:
    """Amounts and days as the profile writes them, or the damaged text that stands in their place."""
    amounts = [_amount(value, profile) for value in rows["amount"].to_pylist()]
    days = pc.fill_null(pc.strftime(rows["occurred_on"], format=profile.date_format), "")
    cells = {
        "amount": _unless_damaged(pa.chunked_array([pa.array(amounts, pa.string())]), rows["amount_text"]),
        "occurred_on": _unless_damaged(days, rows["day_text"]),
    }
    return pa.table({name: cells.get(name, rows[name]) for name in RESULTS.names})


def _unless_damaged(cells: pa.ChunkedArray, damaged: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(damaged, ""), cells, damaged)


def _amount(amount: int | None, profile: Profile) -> str:
    return "" if amount is None else WRITE_AMOUNT[profile.amount_style](amount)


def _as_workbook(text: Path, path: Path, profile: Profile) -> None:
    """Every cell as text, as a careful sender keeps numbers that are names."""
    with (
        text.open(encoding="utf-8", newline="") as lines,
        xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as book,
    ):
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet("Laporan")
        for place, row in enumerate(csv.reader(lines, delimiter=profile.delimiter)):
            sheet.write_row(place, 0, row)


def _recoded(text: Path, path: Path, habit: Habit) -> None:
    """The same lines in the sender's encoding and with its line ends."""
    with (
        text.open(encoding="utf-8", newline="\n") as lines,
        path.open("w", encoding=habit.encoding, newline=habit.line_end) as file,
    ):
        file.writelines(lines)
