"""Parquet in: taken as it is where it is canonical already, else brought to the canonical types column by column.

Text is taken exactly as it stands. A column of the wrong type (a NIK stored as a number) refuses the file: the zeros
in front and the 16th digit may be gone from every row of it.
"""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from gandeng.core.faults import Fault, FileRefused
from gandeng.core.tables import Type
from gandeng.engine import literal, parquet, quoted
from gandeng.files import canonical as canonical_rows
from gandeng.files import headers, normalise
from gandeng.files.canonical import Canonical
from gandeng.files.headers import Columns
from gandeng.files.layouts import WHOLE_KINDS, Field, Kind, Layout
from gandeng.files.readers import Reading
from gandeng.files.room import is_full

DAMAGED_FILE = "damaged.parquet"
_EXACT = {Type.TEXT: "VARCHAR", Type.BIGINT: "BIGINT", Type.DATE: "DATE", Type.BOOLEAN: "BOOLEAN"}
_WHOLE = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
)
_FRACTIONS = ("FLOAT", "DOUBLE", "DECIMAL")
_AMOUNT_TYPES = ("VARCHAR", *_WHOLE, *_FRACTIONS)
_NOTHING = '"NULL"'
"""The type of a column that whoever wrote the file had nothing for: every cell is empty."""
_ALLOWED = {
    Kind.AMOUNT: _AMOUNT_TYPES,
    Kind.NUMBER: _AMOUNT_TYPES,
    Kind.COUNT: _AMOUNT_TYPES,
    Kind.DECILE: _AMOUNT_TYPES,
    Kind.DAY: ("VARCHAR", "DATE", "TIMESTAMP"),
    Kind.FLAG: ("VARCHAR", "BOOLEAN"),
}


def canonical(con: duckdb.DuckDBPyConnection, reading: Reading, out: Path) -> Canonical:
    """The canonical rows of a Parquet file. Raises FileRefused."""
    names, types = _names(reading), _types(con, reading)
    if len(names) != len(types):
        raise reading.refuse("parquet_broken")
    columns = headers.match(names, reading)
    _require_types(types, columns, reading)
    try:
        if not con.execute(f"select count(*) from {parquet(reading.path)}").fetchall()[0][0]:
            raise reading.refuse("no_rows")
        _refuse_nul(con, types, columns, reading)
        exact = dict(types)
        if reading.found.profile is None and all(
            exact.get(field.name) == _EXACT[field.type] for field in reading.layout.fields
        ):
            return _as_it_is(con, reading, out)
        raw = _raw(types, columns, reading)
        path = canonical_rows.from_raw(con, f"({raw})", reading, out, guarded=False)
    except duckdb.Error as error:
        raise unreadable(reading, error) from error
    rows = canonical_rows.carried(path)
    return Canonical(rows, rows, path, f"({raw})")


def unreadable(reading: Reading, error: duckdb.Error) -> FileRefused:
    """The file's fault, unless the memory or the disk was too small."""
    if isinstance(error, duckdb.OutOfMemoryException) or is_full(error):
        raise error
    return reading.refuse("parquet_broken")


def _names(reading: Reading) -> list[str]:
    """The columns as the file names them: of two alike DuckDB gives the second another name."""
    try:
        return list(pq.read_schema(reading.path).names)
    except (OSError, pa.ArrowException) as error:
        raise reading.refuse("parquet_broken") from error


def _refuse_nul(
    con: duckdb.DuckDBPyConnection, types: list[tuple[str, str]], columns: Columns, reading: Reading
) -> None:
    """As in CSV: no database keeps such a text. Where a form is asked for, none passes."""
    texts = (field.name for field in reading.layout.fields if field.kind not in normalise.PATTERNS)
    for name, type_ in (types[columns.places[text]] for text in texts if text in columns.places):
        held = f"select 1 from {parquet(reading.path)} where contains({_named(name)}, chr(0)) limit 1"
        if type_ == "VARCHAR" and con.execute(held).fetchall():
            raise reading.refuse("nul_bytes")


def _named(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _types(con: duckdb.DuckDBPyConnection, reading: Reading) -> list[tuple[str, str]]:
    """Column names and DuckDB types, in the file's order."""
    try:
        rows = con.execute(f"describe select * from {parquet(reading.path)}").fetchall()
    except duckdb.Error as error:
        raise unreadable(reading, error) from error
    return [(row[0], row[1].partition("(")[0]) for row in rows]


def _require_types(types: list[tuple[str, str]], columns: Columns, reading: Reading) -> None:
    faults = []
    for field in reading.layout.fields:
        place = columns.places.get(field.name)
        allowed = (*_ALLOWED.get(field.kind, ("VARCHAR",)), _NOTHING)
        if place is not None and types[place][1] not in allowed:
            wanted = " / ".join(_ALLOWED.get(field.kind, ("VARCHAR",))[:2])
            faults.append(Fault("wrong_type", None, types[place][0], {"found": types[place][1], "wanted": wanted}))
    if faults:
        raise FileRefused(reading.source, faults)


def _as_it_is(con: duckdb.DuckDBPyConnection, reading: Reading, out: Path) -> Canonical:
    """A view: no cell is written, only what is wrong with the damaged rows of a layout that keeps them."""
    layout = reading.layout
    nullable = _columns_with_nulls(con, reading)
    cells = ", ".join(_plain(field, nullable) for field in layout.fields)
    base = f"select {cells}, file_row_number + 1 as row from {parquet(reading.path, numbered=True)}"
    unnumbered = f"select {cells}, '' as damage from {parquet(reading.path)}"
    damaged = None if layout.strict else _damaged(con, layout, base, unnumbered, out)
    relation = f"select *, '' as damage from ({base})"
    if damaged:
        # grouped, so that DuckDB sees that no row comes twice and leaves out the join where nobody asks for damage
        once = f"select row, min(damage) as damage from {parquet(damaged)} group by row"
        told = f"left join ({once}) d on d.row = b.row"
        relation = f"select b.*, coalesce(d.damage, '') as damage from ({base}) b {told}"
    return Canonical(relation, unnumbered, reading.path, f"({base})", bare=True)


def _damaged(con: duckdb.DuckDBPyConnection, layout: Layout, base: str, unnumbered: str, out: Path) -> Path | None:
    """A file of the damaged rows: `row` and the codes. A query per rule, as most are broken nowhere."""
    empty_day = normalise.Rule("date_unreadable", normalise.EVENT_DAY, f"{normalise.EVENT_DAY} is null")
    broken = [
        f"select row, {normalise.quoted(rule.code)} as code from ({base}) where {rule.broken}"
        for rule in (empty_day, *normalise.rules(layout))
        if con.execute(f"select 1 from ({unnumbered}) where {rule.broken} limit 1").fetchall()
    ]
    if not broken:
        return None
    codes = "select row, string_agg(distinct code, ',' order by code) as damage"
    con.execute(f"copy ({codes} from ({' union all '.join(broken)}) group by row) to '{quoted(out / DAMAGED_FILE)}'")
    return out / DAMAGED_FILE


def _plain(field: Field, nullable: set[str]) -> str:
    """'' for NULL, only where the file may hold one; a result's amount beyond the longest is no amount."""
    name = field.name
    if field.type is Type.TEXT and name in nullable:
        return f"coalesce({name}, '') as {name}"
    return name


def _columns_with_nulls(con: duckdb.DuckDBPyConnection, reading: Reading) -> set[str]:
    """By the file's own statistics; a column without them may hold NULL."""
    rows = con.execute(
        "select path_in_schema, bool_or(coalesce(stats_null_count, 1) > 0)"
        f" from parquet_metadata({literal(reading.path)}) group by 1"
    ).fetchall()
    return {name for name, may_hold in rows if may_hold}


def _raw(types: list[tuple[str, str]], columns: Columns, reading: Reading) -> str:
    """Raw text of typed columns, with the marks only the types can tell (half a rupiah)."""
    cells, marks = [], []
    for field in reading.layout.fields:
        place = columns.places.get(field.name)
        if place is None:
            cells.append(f"'' as {field.name}")
            continue
        name, type_ = types[place]
        text, spoiled = _as_text(_named(name), type_, field)
        cells.append(f"coalesce({text}, '') as {field.name}")
        if spoiled:
            marks.append(f"case when {spoiled} then '{field.kind}_unreadable@{field.name}' end")
    damage = f"concat_ws(',', {', '.join(marks)})" if marks else "''"
    rows = parquet(reading.path, numbered=True)
    return f"select {', '.join(cells)}, file_row_number + 1 as row, {damage} as damage from {rows}"


def _as_text(source: str, type_: str, field: Field) -> tuple[str, str | None]:
    """The cell as canonical text, and when it cannot be that."""
    if type_ in _FRACTIONS and field.kind in WHOLE_KINDS:
        whole = f"({source} = trunc({source}) and abs({source}) < 1e15)"
        told = f"replace(cast({source} as varchar), '.', ',')"  # no form of an amount: 1.125 would be thousands
        text = f"case when {whole} then cast(cast({source} as bigint) as varchar) else {told} end"
        return text, f"not coalesce({whole}, true)"
    if type_ == "TIMESTAMP":
        return f"cast(cast({source} as date) as varchar)", None
    return f"cast({source} as varchar)", None
