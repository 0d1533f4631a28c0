"""The payment list of one channel as a workbook: the list in the channel's layout, and a sheet with its control totals.

Streams row by row; the same order gives the same bytes. A sheet holds 1,048,576 rows, so a larger order becomes one
workbook per stage and district, and a district that is larger still goes on in further sheets.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from gandeng.files.instruction_layouts import ListLayout, Order, Payment, TotalsDiffer, layout_of
from gandeng.words import say

SHEET_ROWS_MAX: Final = 1_000_000
_WIDTHS: Final = {"payment_id": 26, "name": 34, "account_no": 22, "nik": 20, "amount": 16}
_A4: Final = 9


def write_workbooks(
    folder: Path, stem: str, order: Order, payments: Iterable[Payment], scratch: Path, most: int = SHEET_ROWS_MAX
) -> list[tuple[Path, Order]]:
    """Write `stem.xlsx`, or one workbook per stage and district where that has over `most` rows. Raises TotalsDiffer.

    Gives each path with the part of the order it holds. `payments` come by stage and district; `scratch` takes the
    parts of a sheet while it is written.
    """
    if order.rows <= most:
        path = folder / f"{stem}.xlsx"
        _write_workbook(path, order, iter(payments), scratch, most)
        return [(path, order)]
    written = []
    blocks = {(block.stage, block.district_code): block for block in order.blocks}
    for key, group in groupby(payments, key=lambda payment: (payment.stage, payment.district_code)):
        part = replace(order, blocks=(blocks.pop(key),))
        path = folder / f"{order.channel}-{key[0]}-{key[1]}.xlsx"
        _write_workbook(path, part, group, scratch, most)
        written.append((path, part))
    if blocks:
        raise TotalsDiffer(order.channel, (len(order.blocks), 0), (len(written), 0))
    return written


def _write_workbook(path: Path, order: Order, payments: Iterator[Payment], scratch: Path, most: int) -> None:
    layout = layout_of(order.channel)
    options = {"constant_memory": True, "tmpdir": str(scratch), "strings_to_formulas": False, "strings_to_urls": False}
    rows, total = 0, 0
    with xlsxwriter.Workbook(str(path), options) as book:
        created = order.created.astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": say("instruct.sheet_list"), "author": "Gandeng", "created": created})
        formats = _formats(book)
        number = 0
        while number == 0 or rows < order.rows:
            number += 1
            sheet = book.add_worksheet(say("instruct.sheet_list") + (f" {number}" if number > 1 else ""))
            _dress(sheet, layout, formats)
            added = _write_rows(sheet, layout, islice(payments, most), formats)
            if added == (0, 0):
                break
            rows, total = rows + added[0], total + added[1]
        _write_control(book.add_worksheet(say("instruct.sheet_control")), order, formats)
    if (rows, total) != (order.rows, order.total) or next(payments, None) is not None:
        raise TotalsDiffer(order.channel, (order.rows, order.total), (rows, total))


def _formats(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format(
            {"bold": True, "bg_color": "#1D4F91", "font_color": "white", "border": 1, "text_wrap": True}
        ),
        "text": book.add_format({"num_format": "@"}),
        "amount": book.add_format({"num_format": "#,##0"}),
        "label": book.add_format({"bold": True}),
    }


def _dress(sheet: Any, layout: ListLayout, formats: dict[str, Any]) -> None:
    """Header, widths, and a page that prints: landscape A4, one page wide, header on each, pages numbered."""
    for place, (theirs, ours) in enumerate(layout.columns.items()):
        sheet.set_column(place, place, _WIDTHS.get(ours, 14))
        sheet.write_string(0, place, theirs, formats["head"])
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L&F&R{say('instruct.page')}")


def _write_rows(
    sheet: Any, layout: ListLayout, payments: Iterable[Payment], formats: dict[str, Any]
) -> tuple[int, int]:
    """Every text as text, whatever it starts with; only the amount is a number."""
    places = [Payment._fields.index(ours) for ours in layout.columns.values()]
    rows, total = 0, 0
    for rows, payment in enumerate(payments, start=1):
        for column, place in enumerate(places):
            cell = payment[place]
            if isinstance(cell, int):
                sheet.write_number(rows, column, cell, formats["amount"])
            else:
                sheet.write_string(rows, column, cell, formats["text"])
        total += payment.amount
    return rows, total


def _write_control(sheet: Any, order: Order, formats: dict[str, Any]) -> None:
    """Totals of this workbook, per stage and district and together, and the digest of the channel's whole list."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 3, 22)
    facts = (
        ("channel", order.channel),
        ("stages", ", ".join(order.stages)),
        ("created", order.created.isoformat(timespec="seconds")),
        ("execute_on", order.execute_on.isoformat()),
        ("digest", order.digest),
    )
    for row, (code, value) in enumerate(facts):
        sheet.write_string(row, 0, say(f"instruct.control_{code}"), formats["label"])
        sheet.write_string(row, 1, value, formats["text"])
    head = len(facts) + 1
    for column, code in enumerate(("stage", "district", "rows", "total")):
        sheet.write_string(head, column, say(f"instruct.control_{code}"), formats["head"])
    for row, block in enumerate(order.blocks, start=head + 1):
        sheet.write_string(row, 0, block.stage, formats["text"])
        sheet.write_string(row, 1, block.district_code, formats["text"])
        sheet.write_number(row, 2, block.rows, formats["amount"])
        sheet.write_number(row, 3, block.total, formats["amount"])
    last = head + 1 + len(order.blocks)
    sheet.write_string(last, 0, say("instruct.control_all"), formats["label"])
    sheet.write_number(last, 2, order.rows, formats["amount"])
    sheet.write_number(last, 3, order.total, formats["amount"])
