"""Small synthetic tables, and the same without a child process: what the tests of this package share."""

import io
import tempfile
import zipfile
from pathlib import Path

import duckdb
import xlsxwriter

from conftest import SHARED
from gandeng.core.faults import FileRefused
from gandeng.files import conversion
from gandeng.files.layouts import PAYMENTS, Layout
from gandeng.files.limits import LIMITS, Limits
from gandeng.files.profiles import Profile
from gandeng.files.readers import Reading
from gandeng.files.taken import Taken

PAYMENT = ("2024-2-F1", "2024-2", "F1", "6371014101800001", "SITI AMINAH", "BRI", "001234567890123", "63.71", "225000")
RESULT = ("R1", "BRI", "2024-2-F1", "001234567890123", "6371014101800001", "SITI", "CREDIT", "225000", "2024-05-17", "")


def payment(**cells: str) -> tuple[str, ...]:
    """The sample payment, some cells replaced."""
    return tuple(cells.get(name, cell) for name, cell in zip(PAYMENTS.names, PAYMENT, strict=True))


def csv(layout: Layout, *rows: tuple[str, ...], delimiter: str = ",", end: str = "\n") -> bytes:
    """A CSV file with the layout's header."""
    return "".join(delimiter.join(row) + end for row in (layout.names, *rows)).encode()


def convert(data: bytes, layout: Layout = PAYMENTS, profile: Profile | None = None, limits: Limits = LIMITS) -> Taken:
    """Take the bytes in this process; the result can be read with `rows`."""
    folder = Path(tempfile.mkdtemp(dir=SHARED))
    (folder / "sent.file").write_bytes(data)
    return conversion.convert(Reading(folder / "sent.file", layout, limits, profile), folder)


def rows(taken: Taken) -> list[dict[str, object]]:
    """What was taken, a dictionary per row."""
    with duckdb.connect() as con:
        table = con.sql(taken.select)
        return [dict(zip(table.columns, row, strict=True)) for row in table.fetchall()]


def refusal(
    data: bytes, layout: Layout = PAYMENTS, profile: Profile | None = None, limits: Limits = LIMITS
) -> FileRefused:
    """The refusal of the bytes; fails where they are taken."""
    try:
        taken = convert(data, layout, profile, limits)
    except FileRefused as refused:
        return refused
    raise AssertionError(f"taken: {taken}")


def codes(refused: FileRefused) -> list[tuple[str, int | None, str | None]]:
    """Code, row, column of each fault."""
    return [(fault.code, fault.row, fault.column) for fault in refused.faults]


def workbook(layout: Layout, *rows: tuple[object, ...], **options: object) -> bytes:
    """An XLSX with the layout's header; text cells as text, numbers as numbers, text beginning with = as a formula."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **options})
    sheet = book.add_worksheet("Data")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate((layout.names, *rows)):
        for place, cell in enumerate(row):
            if isinstance(cell, str) and not cell.startswith("="):
                sheet.write_string(number, place, cell)
            else:
                sheet.write(number, place, cell, day if hasattr(cell, "year") else None)
    book.close()
    return file.getvalue()


def with_part(data: bytes, part: str, change: "object") -> bytes:
    """The zip again, one part passed through `change(bytes) -> bytes`."""
    assert callable(change)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            new.writestr(member.filename, change(content) if member.filename == part else content)
    return out.getvalue()
