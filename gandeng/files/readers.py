"""The door every file format comes through: recognised by its content, read as raw text columns.

A *reader* is a function `read(reading) -> iterator of RecordBatch` in the schema `raw_schema(layout)`: the layout's
columns as TEXT in the contract's order ('' where empty, as found otherwise: normalisation is common to all formats),
`row` (1-based data row: the row below the header is 1) and `damage` for what only the reader can see ('' or
comma-joined `code@column` or `code`: `formula@amount`, `nik_damaged@nik`, `too_few_cells`). It runs in the child
process, raises `FileRefused` for what makes the whole file unreadable and tells notes through `reading.tell`.

A new format: write `<format>_reader.py` with `read` and add its line to `READERS` and `_MARKS`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyarrow as pa

from gandeng.core.faults import Fault, FileRefused
from gandeng.files.layouts import Layout
from gandeng.files.limits import LIMITS, Limits

if TYPE_CHECKING:
    from gandeng.files.profiles import Profile, Trailer

BATCH_ROWS = 20_000
_HEAD_BYTES = 4_096


def _not_told(_: Fault) -> None:
    """For callers who do not want the notes."""


@dataclass
class Found:
    """What a reader finds out on its way: the profile it took, where the header stands, the totals the file states.

    `header_row` as a spreadsheet numbers it; `rows_stated` and `rupiah_stated` as they stand in row `totals_row`.
    """

    profile: "Profile | None" = None
    header_row: int = 1
    totals_row: int | None = None
    rows_stated: str | None = None
    rupiah_stated: str | None = None
    above: tuple[tuple[str, ...], ...] = ()
    """Cells of the lines above the header of a framed layout."""
    titles: dict[str, str] = field(default_factory=dict)
    """Our column -> its header in this file."""


@dataclass(frozen=True)
class Reading:
    """What a reader is asked: this file, as that layout, within limits, under a profile where one is named.

    `source` is the name for people; notes go to `tell`; what the reader finds out goes into `found`.
    """

    path: Path
    layout: Layout
    limits: Limits = LIMITS
    profile: "Profile | None" = None
    source: str = ""
    tell: Callable[[Fault], None] = field(default=_not_told)
    found: Found = field(default_factory=Found)

    def refuse(
        self, code: str, /, row: int | None = None, column: str | None = None, **facts: str | int
    ) -> FileRefused:
        """The error to raise for a fault of the whole file."""
        return FileRefused(self.source or self.path.name, [Fault(code, row, column, facts)])

    def note(self, code: str, /, row: int | None = None, column: str | None = None, **facts: str | int) -> None:
        """Something the sender should know although the file is taken."""
        self.tell(Fault(code, row, column, facts))


Batches = Iterator[pa.RecordBatch]
Reader = Callable[[Reading], Batches]

READERS = {
    "csv": "gandeng.files.csv_reader",
    "xlsx": "gandeng.files.xlsx_reader",
    "ole": "gandeng.files.ole_reader",
    "iso20022": "gandeng.files.iso20022_reader",
    "mt940": "gandeng.files.mt940_reader",
}
"""Format -> module whose `read` reads it; imported in the child, when needed. Parquet is not streamed: `conversion`."""

REFUSED_FORMATS = {
    "pdf": "pdf",
    "gzip": "compressed",
    "html": "html",
}
"""Recognised formats that are never read -> the fault code that says so."""

_MARKS = (
    ("parquet", re.compile(rb"PAR1")),
    ("xlsx", re.compile(rb"PK(\x03\x04|\x05\x06|\x07\x08)")),
    ("ole", re.compile(rb"\xd0\xcf\x11\xe0")),
    ("pdf", re.compile(rb"%PDF-")),
    ("gzip", re.compile(rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd")),
    ("html", re.compile(rb"(?is)\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(!doctype\s+html|html|head|body|table|meta)\b")),
    ("iso20022", re.compile(rb"\s*<[?!A-Za-z]")),
    ("mt940", re.compile(rb"\s*(\{1:|:20:)")),
)


def recognise(path: Path) -> str:
    """The format by the first bytes, whatever the name says; `csv` where nothing else fits."""
    with path.open("rb") as file:
        head = _plain(file.read(_HEAD_BYTES))
    return next((name for name, mark in _MARKS if mark.match(head)), "csv")


def _plain(head: bytes) -> bytes:
    """Without a byte order mark; UTF-16 (with a mark, or XML's `<?` in it) as ASCII, to see what it starts with."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0?\0", b"\0<\0?")):
        return head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return head.removeprefix(b"\xef\xbb\xbf")


def reader_of(format_: str) -> Reader:
    """The function that reads the format; KeyError for one nobody reads."""
    return cast(Reader, import_module(READERS[format_]).read)


def raw_schema(layout: Layout) -> pa.Schema:
    """What a reader yields: TEXT columns, never null, then `row` and `damage`."""
    text = [pa.field(name, pa.string(), nullable=False) for name in layout.names]
    return pa.schema(
        [*text, pa.field("row", pa.int64(), nullable=False), pa.field("damage", pa.string(), nullable=False)]
    )


def batches(layout: Layout, rows: Iterable[Sequence[str | int]], size: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
    """Record batches of rows in the order of `raw_schema`: the cells, the row number, the damage."""
    schema = raw_schema(layout)
    waiting: list[Sequence[str | int]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == size:
            yield _batch(waiting, schema)
            waiting = []
    if waiting:
        yield _batch(waiting, schema)


def _batch(rows: list[Sequence[str | int]], schema: pa.Schema) -> pa.RecordBatch:
    """Columns from rows; a lone surrogate cannot be text, so it becomes the replacement character."""
    columns = list(zip(*rows, strict=True))
    try:
        return pa.record_batch(
            [pa.array(column, kind.type) for column, kind in zip(columns, schema, strict=True)], schema
        )
    except UnicodeEncodeError:
        safe = [[_whole(cell) for cell in column] for column in columns]
        return pa.record_batch([pa.array(column, kind.type) for column, kind in zip(safe, schema, strict=True)], schema)


def _whole(cell: str | int) -> str | int:
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell


def keep_totals(reading: Reading, trailer: "Trailer", cells: Sequence[str], row: int) -> None:
    """Remember the control totals of a trailer row. Raises FileRefused for a second one."""
    require_totals_last(reading)
    found = reading.found
    found.totals_row = row
    found.rows_stated = _cell(cells, trailer.count_cell)
    found.rupiah_stated = _cell(cells, trailer.sum_cell)


def _cell(cells: Sequence[str], place: int | None) -> str | None:
    if place is None:
        return None
    return cells[place] if place < len(cells) else ""


def require_totals_last(reading: Reading) -> None:
    """Called before each row: none stands below the control totals, which would not count it. Raises FileRefused."""
    if reading.found.totals_row is not None:
        raise reading.refuse("totals_not_last", reading.found.totals_row)


def require_rows(reading: Reading, *, found: bool) -> None:
    """A table of a header alone may have lost its rows, unless its control totals say that there are none: a channel
    may have nothing to tell. Raises FileRefused.
    """
    if not found and reading.found.totals_row is None:
        raise reading.refuse("no_rows")
    if not found:
        reading.note("bankfiles.no_events")


def require_totals(reading: Reading, profile: "Profile | None") -> None:
    """A layout with control totals must have them: without, the file may be cut. Raises FileRefused."""
    if profile is not None and profile.trailer is not None and reading.found.totals_row is None:
        raise reading.refuse("totals_missing", marker=profile.trailer.marker)
