"""A clean text table in one pass over its bytes: the way of ten million rows. Gives up at the first irregularity.

`None` is never a verdict: `csv_reader` then reads the file with care and says what is wrong with which row. The digest
is of the very bytes that became rows.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import duckdb
import pyarrow as pa

from gandeng.core.tables import Type
from gandeng.files import canonical, cells, csv_lines
from gandeng.files.canonical import Canonical
from gandeng.files.csv_lines import Irregular
from gandeng.files.csv_reader import TextTable
from gandeng.files.layouts import Layout
from gandeng.files.sql import write_tables

_PIECE = 4 << 20
_WORKERS = 2
_UNDER_WAY = (_WORKERS + 1) * 4 * _PIECE
"""Memory the pieces under way may need: each as it was read, parsed, and canonical."""

_MARK = b"\xef\xbb\xbf"


def read(con: duckdb.DuckDBPyConnection, table: TextTable, out: Path) -> tuple[Canonical, str] | None:
    """The canonical rows of a file that is regular throughout, and its digest, else None."""
    if not _plain(table) or table.reading.limits.engine_memory < _UNDER_WAY:
        return None
    layout, path, digest = table.reading.layout, out / canonical.FILE, hashlib.sha256()
    try:
        with table.reading.path.open("rb") as file:
            pieces = _pieces(file, table, digest.update)
            made = _side_by_side(lambda lines: cells.canonical(con, _parsed(lines, table), table.reading), pieces)
            found = write_tables(made, path, repeating=[*layout.repeating, "damage"])
    except Irregular:
        return None
    # what the pieces took goes back before the rows are counted: the child's limit is on addresses, not on use
    pa.default_memory_pool().release_unused()
    rows = Canonical(canonical.counted(path, layout), canonical.carried(path), path)
    return (rows, digest.hexdigest()) if found and not _blank_rows(con, rows, layout) else None


def _plain(table: TextTable) -> bool:
    """The header is the first line, and nothing stands above it or below the rows."""
    dialect = table.dialect
    framed = dialect.profile is not None and (dialect.profile.skip_rows or dialect.profile.trailer)
    return dialect.encoding == "utf-8-sig" and dialect.header_at == 0 and not framed


def _pieces(file: BinaryIO, table: TextTable, seen: Callable[[bytes], object]) -> Iterator[bytes]:
    """The lines below the header; every byte of the file is `seen` once."""
    header = file.readline(table.reading.limits.line)
    seen(header)
    _parsed(header.removeprefix(_MARK), table)
    for lines in csv_lines.whole_lines(file, _PIECE):
        seen(lines)
        yield lines


def _side_by_side(work: Callable[[bytes], pa.Table], pieces: Iterable[bytes]) -> Iterator[pa.Table]:
    """`work` of each piece, in order; a few are under way while the one before is written."""
    waiting: deque[Future[pa.Table]] = deque()
    with ThreadPoolExecutor(_WORKERS) as pool:
        for piece in pieces:
            waiting.append(pool.submit(work, piece))
            if len(waiting) > _WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _parsed(lines: bytes, table: TextTable) -> pa.Table:
    """The layout's columns that the file has, as text. Raises Irregular."""
    places = {place: name for name, place in table.columns.places.items()}
    names = [places.get(place, f"extra {place}") for place in range(len(table.dialect.header))]
    limit = table.reading.limits.line
    rows = csv_lines.parsed(lines, names, delimiter=table.dialect.delimiter, longest=limit)
    return rows.select(list(places.values()))


def _blank_rows(con: duckdb.DuckDBPyConnection, rows: Canonical, layout: Layout) -> bool:
    """A row of separators alone, which a spreadsheet shows as an empty row; a strict layout calls it unsound anyway."""
    if layout.strict:
        return False
    empty = [f"{field.name} = ''" if field.type is Type.TEXT else f"{field.name} is null" for field in layout.fields]
    sql = f"select row from ({rows.relation}) where damage <> '' and {' and '.join(empty)} limit 1"
    return bool(con.execute(sql).fetchall())
