"""The payment list of one channel as CSV: its own layout, and a last row with count, sum and digest of the list."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from gandeng.files.instruction_layouts import Order, Payment, TotalsDiffer, layout_of

FORMULA_SIGNS: Final = frozenset("=+-@\t\r\n＝＋－＠")
"""A cell that starts with one of these is a formula, or the end of a cell, to some spreadsheet."""
_SPACES = " \u00a0\u3000"


def write_csv(path: Path, order: Order, payments: Iterable[Payment]) -> None:
    """Write UTF-8 with CRLF, text guarded against being taken for a formula. Raises TotalsDiffer."""
    layout = layout_of(order.channel)
    places = [Payment._fields.index(ours) for ours in layout.columns.values()]
    rows, total = 0, 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=layout.delimiter, lineterminator="\r\n")
        writer.writerow([guarded(header) for header in layout.columns])
        for payment in payments:
            writer.writerow([guarded(payment[place]) for place in places])
            rows += 1
            total += payment.amount
        writer.writerow(_trailer(layout.trailer, order, len(places)))
    if (rows, total) != (order.rows, order.total):
        raise TotalsDiffer(order.channel, (order.rows, order.total), (rows, total))


def _trailer(marker: str, order: Order, width: int) -> list[str | int]:
    cells: list[str | int] = [marker, order.rows, order.total, order.digest]
    return cells + [""] * (width - len(cells))


def guarded(cell: str | int) -> str | int:
    """Text that no spreadsheet takes for a formula: an apostrophe in front of one that starts like it."""
    if isinstance(cell, str) and cell.lstrip(_SPACES)[:1] in FORMULA_SIGNS:
        return f"'{cell}"
    return cell
