"""exceptions.xlsx: what a person must look at, a sheet per kind, the largest amount first, and an overview."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gandeng.core.cycle import Cycle
from gandeng.core.matching_tables import EVENTS
from gandeng.core.money import format_number
from gandeng.documents.exception_sheets import (
    DISPOSITION_KINDS,
    OUTCOME_KINDS,
    PAYMENT_KINDS,
    ExceptionSheet,
    SheetColumn,
    amounts_of,
    by_row,
    columns_of,
    whole_list_of,
)
from gandeng.documents.masking import last_four, mask_code, mask_text
from gandeng.documents.minutes_data import BY_EVENT
from gandeng.documents.numerals import long_date
from gandeng.documents.queries import SUGGESTED_MAX
from gandeng.words import say

SHEET_ROWS = 1_048_576
"""Rows a sheet of the format holds, header rows included."""

TEXT_MAX = 32_767
"""Characters a cell of the format holds."""

HEAD_ROWS = 3
_NAME_MAX = 31
_BATCH = 10_000
_SAFE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "d mmmm yyyy",
}
_PAPER_A4 = 9
_AMOUNTS = ("at_stake", *BY_EVENT)
_OVERVIEW = ("kind", "count", *_AMOUNTS, "listed", "left_out", "means", "do")


@dataclass(frozen=True)
class _Look:
    title: Format
    wrapped: Format
    header: Format
    cells: Mapping[str, Format]


def write_exceptions(
    path: Path,
    sheets: Sequence[ExceptionSheet],
    *,
    stages: Sequence[str],
    as_of: date,
    districts: Mapping[str, str] | None = None,
    sheet_rows: int = SHEET_ROWS,
) -> None:
    """Write the workbook; the same sheets give the same bytes. Every kind stands in the overview, rows or none.

    `districts` are names by code. What exceeds `sheet_rows` goes on in a further sheet; what `sheets` left out is
    counted in the overview and beneath the rows. Text is text: no cell is ever a formula or a link.
    """
    by_kind = {sheet.kind: sheet for sheet in sheets}
    with xlsxwriter.Workbook(str(path), _SAFE | {"tmpdir": str(path.parent)}) as workbook:
        workbook.set_properties({"created": datetime(as_of.year, as_of.month, as_of.day)})  # noqa: DTZ001 (no zone in it)
        look = _look(workbook)
        _overview(workbook, look, by_kind, stages=stages, as_of=as_of)
        for kind in (*PAYMENT_KINDS, *DISPOSITION_KINDS):
            if kind in by_kind and by_kind[kind].count:
                _sheets_of(workbook, look, by_kind[kind], districts or {}, sheet_rows)


def _look(workbook: Workbook) -> _Look:
    plain = {"valign": "top", "font_name": "Calibri", "font_size": 10}
    rupiah = {**plain, "num_format": '"Rp"#,##0;[Red]-"Rp"#,##0'}
    head = {**plain, "bold": True, "bg_color": "#E9E9E9", "bottom": 1, "text_wrap": True}
    return _Look(
        title=workbook.add_format({**plain, "bold": True, "font_size": 13}),
        wrapped=workbook.add_format({**plain, "text_wrap": True}),
        header=workbook.add_format(head),
        cells={
            "text": workbook.add_format({**plain, "num_format": "@"}),
            "rupiah": workbook.add_format(rupiah),
            "number": workbook.add_format({**plain, "num_format": "#,##0"}),
            "day": workbook.add_format({**plain, "num_format": "d mmmm yyyy", "align": "left"}),
        },
    )


def _overview(
    workbook: Workbook, look: _Look, sheets: Mapping[str, ExceptionSheet], *, stages: Sequence[str], as_of: date
) -> None:
    sheet = workbook.add_worksheet(say("exceptions.overview"))
    for place, width in enumerate((34, 12, *[18] * len(_AMOUNTS), 14, 18, 60, 60)):
        sheet.set_column(place, place, width)
    _print_settings(sheet)
    stage = ", ".join(say("minutes.stage", stage=one.stage, year=one.year) for one in map(Cycle.parse, stages))
    sheet.write_string(0, 0, say("exceptions.overview_title", stage=stage, date=long_date(as_of)), look.title)
    sheet.write_string(
        1, 0, say("exceptions.overview_note", suggested=format_number(SUGGESTED_MAX)), look.cells["text"]
    )
    for place, name in enumerate(_OVERVIEW):
        sheet.write_string(HEAD_ROWS, place, say(f"exceptions.column_{name}"), look.header)
    kinds = [kind for kind in PAYMENT_KINDS if kind in OUTCOME_KINDS or kind in sheets]
    _overview_group(sheet, look, HEAD_ROWS + 1, "payments", [(kind, sheets.get(kind)) for kind in kinds])
    below = HEAD_ROWS + len(kinds) + 2
    _overview_group(sheet, look, below, "rows", [(kind, sheets.get(kind)) for kind in DISPOSITION_KINDS])
    sheet.freeze_panes(HEAD_ROWS + 1, 1)


def _overview_group(
    sheet: Worksheet, look: _Look, top: int, heading: str, kinds: Sequence[tuple[str, ExceptionSheet | None]]
) -> None:
    sheet.write_string(top, 0, say(f"exceptions.overview_{heading}"), look.header)
    for number, (kind, told) in enumerate(kinds, start=top + 1):
        _overview_row(sheet, look, number, kind, told)


def _overview_row(sheet: Worksheet, look: _Look, number: int, kind: str, told: ExceptionSheet | None) -> None:
    sheet.write_string(number, 0, say(f"outcomes.{kind}"), look.cells["text"])
    count, left_out, amounts = (told.count, told.left_out, told.amounts) if told else (0, 0, {})
    for name, figure in {"count": count, "listed": count - left_out, "left_out": left_out}.items():
        sheet.write_number(number, _OVERVIEW.index(name), figure, look.cells["number"])
    for name in amounts_of(kind):
        sheet.write_number(number, _OVERVIEW.index(name), amounts.get(name, 0), look.cells["rupiah"])
    for name in ("means", "do"):
        sheet.write_string(number, _OVERVIEW.index(name), say(f"outcomes.{kind}_{name}"), look.wrapped)


def _sheets_of(
    workbook: Workbook, look: _Look, told: ExceptionSheet, districts: Mapping[str, str], sheet_rows: int
) -> None:
    """The sheet of a kind, and further ones where its rows are too many."""
    room = sheet_rows - HEAD_ROWS - 1
    parts = range(0, max(told.rows.num_rows, 1), room)
    for part, start in enumerate(parts, start=1):
        sheet = workbook.add_worksheet(_sheet_name(told.kind, part))
        _head(sheet, look, told.kind)
        last = HEAD_ROWS - 1
        for last, cells in enumerate(_cells(told, districts, start, room), start=HEAD_ROWS):
            _write_row(sheet, look, last, columns_of(told.kind), cells)
        sheet.autofilter(HEAD_ROWS - 1, 0, max(last, HEAD_ROWS), len(columns_of(told.kind)) - 1)
        if told.left_out and part == len(parts):
            facts = {"count": format_number(told.left_out), "file": whole_list_of(told.kind)}
            sheet.write_string(last + 1, 0, say("exceptions.left_out", **facts), look.title)


def _sheet_name(kind: str, part: int) -> str:
    tail = "" if part == 1 else f" ({part})"
    return say(f"outcomes.{kind}")[: _NAME_MAX - len(tail)] + tail


def _head(sheet: Worksheet, look: _Look, kind: str) -> None:
    """What happened, what to do, and the header, which stay in sight."""
    columns = columns_of(kind)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    _print_settings(sheet)
    sheet.repeat_rows(HEAD_ROWS - 1)
    sheet.freeze_panes(HEAD_ROWS, 1)
    means, do = say(f"outcomes.{kind}_means"), say(f"outcomes.{kind}_do")
    sheet.write_string(0, 0, say("exceptions.what_happened", kind=say(f"outcomes.{kind}"), means=means), look.title)
    sheet.write_string(1, 0, say("exceptions.what_to_do", do=do), look.cells["text"])
    for place, column in enumerate(columns):
        sheet.write_string(HEAD_ROWS - 1, place, say(f"exceptions.column_{column.name}"), look.header)


def _print_settings(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(_PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L&A&R{say('exceptions.footer')}")


def _cells(told: ExceptionSheet, districts: Mapping[str, str], start: int, room: int) -> Iterator[dict[str, object]]:
    """Rows as dictionaries, a batch at a time, with the district's name and the suggestions put in."""
    suggestions = by_row(told.suggestions)
    for batch in told.rows.slice(start, room).to_batches(max_chunksize=_BATCH):
        for row in batch.to_pylist():
            row["district"] = districts.get(row["district_code"] or "", row["district_code"])
            for place, near in enumerate(suggestions.get((row.get("source"), row.get("row")), []), start=1):
                where = districts.get(str(near["district_code"]), str(near["district_code"]))
                row[f"suggestion_{place}"] = say("exceptions.suggestion", **{**near, "district": where})
            yield row


def _write_row(
    sheet: Worksheet, look: _Look, number: int, columns: Sequence[SheetColumn], cells: Mapping[str, object]
) -> None:
    for place, column in enumerate(columns):
        value = cells.get(column.name)
        if value is None or value == "":
            continue
        if column.show in {"rupiah", "number"}:
            sheet.write_number(number, place, int(str(value)), look.cells[column.show])
        elif isinstance(value, date):
            sheet.write_datetime(number, place, value, look.cells["day"])
        else:
            sheet.write_string(number, place, _shown(column, str(value))[:TEXT_MAX], look.cells["text"])


def _shown(column: SheetColumn, text: str) -> str:
    """A text cell as a person may see it."""
    shows = {
        "masked": last_four,
        "free": mask_text,
        "text": mask_text,
        "code": mask_code,
        "keys": keys_in_words,
        "event": _event,
    }
    return shows.get(column.show, partial(str))(text)


def keys_in_words(keys: str) -> str:
    """`payment_id+nik` -> `ID pembayaran, NIK`."""
    return ", ".join(say(f"outcomes.key_{key}") for key in keys.split("+"))


def _event(event: str) -> str:
    """The event's word; what a bank wrote instead of an event stays as it is."""
    return say(f"outcomes.{event}") if event in EVENTS else mask_text(event)
