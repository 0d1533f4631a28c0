"""A clean text table straight through DuckDB: the way of ten million rows. Gives up at the first irregularity.

`None` is never a verdict: `csv_reader` then reads the file with care and says what is wrong with which row.
"""

from pathlib import Path

import duckdb

from gandeng.core.tables import Type
from gandeng.files import canonical
from gandeng.files.canonical import Canonical
from gandeng.files.csv_dialect import Bytes
from gandeng.files.csv_reader import TextTable
from gandeng.files.layouts import Field, Layout
from gandeng.files.sql import literal, parquet

_WIDE = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"


def read(con: duckdb.DuckDBPyConnection, table: TextTable, seen: Bytes, out: Path) -> Canonical | None:
    """The canonical rows of a file that is regular throughout, else None."""
    if not _regular(table, seen):
        return None
    layout = table.reading.layout
    try:
        path = canonical.from_raw(con, _raw(table, seen), table.reading, out, numbered=False)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return None
    rows = Canonical(canonical.counted(path, layout), canonical.carried(path), path)
    counted = con.execute(f"select count(*) from {parquet(path)}").fetchall()[0][0]
    agrees = counted == seen.lines - 1 and counted > 0
    return rows if agrees and not _blank_rows(con, rows, layout) else None


def _blank_rows(con: duckdb.DuckDBPyConnection, rows: Canonical, layout: Layout) -> bool:
    """A row of separators alone, which a spreadsheet shows as an empty row; a strict layout calls it unsound anyway."""
    if layout.strict:
        return False
    empty = [f"{field.name} = ''" if field.type is Type.TEXT else f"{field.name} is null" for field in layout.fields]
    sql = f"select row from ({rows.relation}) where damage <> '' and {' and '.join(empty)} limit 1"
    return bool(con.execute(sql).fetchall())


def _regular(table: TextTable, seen: Bytes) -> bool:
    """Nothing that two readers of CSV understand differently, nothing above the header or below the rows."""
    profile = table.dialect.profile
    framed = profile is not None and (profile.skip_rows or profile.trailer)
    odd = seen.nul or seen.lone_returns or seen.odd_quotes
    return table.dialect.encoding == "utf-8-sig" and table.dialect.header_at == 0 and not odd and not framed


def _raw(table: TextTable, seen: Bytes) -> str:
    """The layout's columns as trimmed text; columns the file does not have are empty."""
    tabs_are_text = seen.tabs and (table.dialect.delimiter != "\t" or seen.quotes)
    wide = seen.wide_spaces or tabs_are_text
    named = {place: name for name, place in table.columns.places.items()}
    spec = ", ".join(f"'{named.get(place, f'extra {place}')}': 'VARCHAR'" for place in range(len(table.dialect.header)))
    options = (
        "auto_detect = false, header = true, quote = '\"', escape = '\"', strict_mode = true, parallel = true, "
        f"delim = '{table.dialect.delimiter}', max_line_size = {table.reading.limits.line:d}, columns = {{{spec}}}, "
        f"nullstr = '\x01\x02'"
    )
    cells = ", ".join(_cell(field, table, wide=wide) for field in table.reading.layout.fields)
    return f"(select {cells} from read_csv({literal(table.reading.path)}, {options}))"


def _cell(field: Field, table: TextTable, *, wide: bool) -> str:
    if field.name not in table.columns.places:
        return f"'' as {field.name}"
    name = field.name
    if wide:
        return f"trim({name}, {_WIDE}) as {name}"
    # looking at both ends is nearly free; trim copies every text it meets
    return f"case when starts_with({name}, ' ') or ends_with({name}, ' ') then trim({name}) else {name} end as {name}"
