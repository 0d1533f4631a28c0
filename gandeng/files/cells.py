"""Raw text columns in memory -> canonical ones, by the same SQL as everywhere, run only where it can matter.

A typed cell is read once for each different text; damage is worked out for the rows where some cell may be wrong.
"""

from functools import reduce

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from gandeng.core.matching_tables import NIK_LENGTH
from gandeng.core.tables import Type
from gandeng.files import normalise
from gandeng.files.csv_dialect import WHITE
from gandeng.files.csv_lines import hold
from gandeng.files.layouts import SIXTEEN_DIGITS, Field, Kind, Layout
from gandeng.files.readers import Reading
from gandeng.files.sql import over

_WHITE = (b" ", b"\t", b"\xa0")
"""Bytes without one of which there is nothing to trim; line ends do not stand inside these cells."""


def canonical(con: duckdb.DuckDBPyConnection, parsed: pa.Table, reading: Reading) -> pa.Table:
    """Canonical columns and `damage` (marks `code@column`) of rows of text; columns they lack are empty."""
    layout, profile = reading.layout, reading.found.profile or reading.profile
    columns: dict[str, pa.ChunkedArray] = {}
    doubts = []
    for field in layout.fields:
        expression = normalise.value_sql(field, profile)
        text = _text(parsed, field.name)
        if field.name == normalise.GUARDED and hold(text, *normalise.GUARDS):
            expression = normalise.unguarded_sql(field.name)
        value = text if expression == field.name else _read(con, field, text, expression)
        columns |= {field.name: value, f"raw_{field.name}": text}
        doubts.append(_doubtful(field, text, value, strict=layout.strict))
    values = {name: columns[name] for name in layout.names}
    return pa.table(values | {"damage": _damage(con, layout, columns, doubts)})


def _text(parsed: pa.Table, name: str) -> pa.ChunkedArray:
    """The trimmed cells of a column."""
    if name not in parsed.column_names:
        return pa.chunked_array([pa.repeat("", parsed.num_rows)])
    cells = parsed.column(name)
    return pc.utf8_trim(cells, WHITE) if hold(cells, *_WHITE) else cells


def _read(con: duckdb.DuckDBPyConnection, field: Field, text: pa.ChunkedArray, expression: str) -> pa.ChunkedArray:
    """The value of each cell, read once for each different text."""
    coded = text.combine_chunks().dictionary_encode()
    distinct = pa.table({field.name: coded.dictionary})
    return over(con, distinct, f"select {expression} as value from cells").column("value").take(coded.indices)


def _doubtful(field: Field, text: pa.ChunkedArray, value: pa.ChunkedArray, *, strict: bool) -> pa.ChunkedArray | None:
    """The rows in which this cell may be damaged, None where it is in none; `normalise` says whether it is."""
    if field.type is not Type.TEXT:
        lost = pc.is_null(value) if value.null_count else None
        return lost if lost is None or field.name == normalise.EVENT_DAY else pc.and_(lost, pc.not_equal(text, ""))
    if strict or field.kind is Kind.TEXT:
        return None
    if field.kind in (Kind.ACCOUNT, Kind.IDENTIFIER):
        return pc.match_substring_regex(value, "[+=@]") if hold(value, b"+", b"=", b"@") else None
    if field.kind in SIXTEEN_DIGITS:
        length = pc.binary_length(value)
        digits = pc.and_(pc.equal(length, NIK_LENGTH), pc.ascii_is_decimal(value))
        return pc.invert(pc.or_(digits, pc.equal(length, 0)))
    return pc.is_valid(value)


def _damage(
    con: duckdb.DuckDBPyConnection,
    layout: Layout,
    columns: dict[str, pa.ChunkedArray],
    doubts: list[pa.ChunkedArray | None],
) -> pa.ChunkedArray:
    """Marks of each row, '' for a sound one."""
    rows = pa.table(columns)
    none = pa.repeat("", rows.num_rows)
    doubtful = reduce(pc.or_, (doubt for doubt in doubts if doubt is not None), pa.repeat(False, rows.num_rows))
    if not pc.any(doubtful).as_py():
        return none
    found = over(con, rows.filter(doubtful), f"select {normalise.marks_sql(layout)} as damage from cells")
    return pc.replace_with_mask(none, _one(doubtful), _one(found.column("damage")))


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
