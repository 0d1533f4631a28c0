"""Text tables read with care: every row numbered as a spreadsheet numbers it, every irregularity told apart.

Ten times slower than `csv_fast`, and right where that one gives up.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

import pyarrow as pa

from gandeng.core.faults import FileRefused
from gandeng.files import csv_dialect, headers
from gandeng.files.csv_dialect import WHITE, Dialect
from gandeng.files.headers import Columns
from gandeng.files.readers import Reading, batches, keep_totals, require_rows, require_totals, require_totals_last

_TOO_FEW, _TOO_MANY = "too_few_cells", "too_many_cells"


@dataclass(frozen=True)
class TextTable:
    """A text table opened: its dialect and where its columns stand."""

    reading: Reading
    dialect: Dialect
    columns: Columns


def read(reading: Reading) -> Iterator[pa.RecordBatch]:
    """The rows of a text table (see `readers`)."""
    return rows_of(opened(reading))


def opened(reading: Reading) -> TextTable:
    """Encoding, delimiter, profile and header settled. Raises FileRefused with every fault of the header."""
    dialect = csv_dialect.look(reading)
    reading.found.profile, reading.found.header_row = dialect.profile, dialect.header_at + 1
    return TextTable(reading, dialect, headers.match(dialect.header, reading))


def rows_of(table: TextTable) -> Iterator[pa.RecordBatch]:
    """Raw rows; falls back to Windows-1252 where the bytes are certainly that. Raises FileRefused."""
    encoding = _sure_encoding(table)
    with table.reading.path.open(encoding=encoding, newline="") as file:
        yield from batches(table.reading.layout, _rows(table, file))


def _sure_encoding(table: TextTable) -> str:
    """Decode the whole file once before the first row is given; half a file is no file."""
    reading, encoding = table.reading, table.dialect.encoding
    try:
        nul = csv_dialect.holds_nul(reading.path, encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise reading.refuse("cut_short") from error
        encoding = csv_dialect.single_byte_encoding(reading)
        nul = csv_dialect.holds_nul(reading.path, encoding)
    except UnicodeError as error:
        raise reading.refuse("encoding_unknown") from error
    if nul:
        raise reading.refuse("nul_bytes")
    if encoding != "utf-8-sig":
        reading.note("read_as_encoding", encoding={"cp1252": "Windows-1252", "utf-16": "UTF-16"}[encoding])
    return encoding


def _rows(table: TextTable, file: TextIO) -> Iterator[Sequence[str | int]]:
    """Cells, row and damage of each record below the header; empty records only count."""
    places = [table.columns.places.get(name, -1) for name in table.reading.layout.names]
    trailer = table.dialect.profile.trailer if table.dialect.profile else None
    found = False
    for number, record in _records(table, file):
        cells = [cell.strip(WHITE) for cell in record]
        if number <= table.dialect.header_at or not any(cells):
            continue
        if trailer is not None and cells[0] == trailer.marker:
            keep_totals(table.reading, trailer, cells, number + 1)
            continue
        require_totals_last(table.reading)
        found = True
        yield _raw_row(cells, places, table.columns.width, number - table.dialect.header_at)
    require_rows(table.reading, found=found)
    require_totals(table.reading, table.dialect.profile)


def _raw_row(cells: list[str], places: list[int], width: int, row: int) -> Sequence[str | int]:
    """One row in the layout's order."""
    damage = _TOO_FEW if len(cells) < width else ""
    if len(cells) > width and any(cells[width:]):
        damage = _TOO_MANY
    have = len(cells)
    return [*[cells[place] if 0 <= place < have else "" for place in places], row, damage]


def _records(table: TextTable, file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Numbered records. Raises FileRefused where quotes do not pair or a line is beyond the limit."""
    reading = table.reading
    csv.field_size_limit(reading.limits.line)
    lines = _limited(file, reading)
    parsed = csv.reader(lines, delimiter=table.dialect.delimiter, strict=True, skipinitialspace=True)
    number = -1
    try:
        for number, record in enumerate(parsed):
            yield number, record
    except csv.Error as error:
        raise _broken(reading, str(error), number + 2) from error


def _broken(reading: Reading, said: str, row: int) -> FileRefused:
    if "field larger" in said:
        return reading.refuse("line_too_long", row, limit=reading.limits.line)
    return reading.refuse("broken_quotes", row)


def _limited(file: TextIO, reading: Reading) -> Iterator[str]:
    """Lines of at most the limit's characters, so that no single one can fill the memory."""
    limit = reading.limits.line
    row = 0
    while line := file.readline(limit + 1):
        row += 1
        if len(line) > limit:
            raise reading.refuse("line_too_long", row, limit=limit)
        yield line
