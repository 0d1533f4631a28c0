"""A table that leaves the office, as CSV that spreadsheets know and that holds no formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TextIO

from gandeng.files.instruction_csv import guarded

ENCODING = "utf-8-sig"
"""With the mark by which spreadsheets know it."""


def write_table(
    file: TextIO, header: Sequence[str], rows: Iterable[Sequence[str | int]], *, delimiter: str = ";"
) -> None:
    """Header and rows; text that a spreadsheet would calculate is guarded."""
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def table_bytes(header: Sequence[str], rows: Iterable[Sequence[str | int]], *, delimiter: str = ";") -> bytes:
    """The same as a whole file."""
    file = io.StringIO()
    write_table(file, header, rows, delimiter=delimiter)
    return file.getvalue().encode(ENCODING)
