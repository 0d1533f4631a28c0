"""Calculations on DuckDB in this process: the default engine."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from gandeng.core.calculation import Step
from gandeng.core.tables import Column, Table, Type

MEMORY_LIMIT = "2200MB"
"""Beyond it DuckDB spills to disk; the process stays under 2,5 GB at ten million payments."""

PARQUET = "format parquet, parquet_version v2, compression lz4_raw, dictionary_size_limit 4096"
"""How stored steps are written: version 2 packs integers; ids hardly repeat, so their dictionary ends early."""

_SQL_TYPES = {Type.TEXT: "varchar", Type.BIGINT: "bigint", Type.DATE: "date", Type.BOOLEAN: "boolean"}
_TYPES = {sql: type_ for type_, sql in _SQL_TYPES.items()}

_SPARK_SPELLINGS = (
    "create macro regexp_like(value, pattern) as regexp_matches(value, pattern)",
    "create macro xxhash64(a, b, c) as hash(a, b, c)",
)
"""Functions the steps call by Spark's name. Hashes differ between engines: steps use them to choose, never to give."""


class DuckDBEngine:
    """Runs steps on one connection; stored steps are Parquet files in `workdir`, read back as views."""

    name = "duckdb"

    def __init__(self, workdir: Path, *, memory_limit: str = MEMORY_LIMIT, threads: int | None = None) -> None:
        self.workdir = workdir
        workdir.mkdir(parents=True, exist_ok=True)
        self.con = connect(workdir / "spill", memory_limit=memory_limit, threads=threads)
        for macro in _SPARK_SPELLINGS:
            self.con.execute(macro)

    def register(self, table: Table, select: str) -> None:
        """Make a table of what `select` (DuckDB SQL over files) gives."""
        self.con.execute(f"create view {table.name} as {select}")

    def register_rows(self, table: Table, rows: Sequence[Sequence[object]]) -> None:
        """Make a small table of rows held in memory; its texts travel through joins and into Parquet as numbers."""
        columns = ", ".join(
            f"{column.name} {_sql_type(column, [row[place] for row in rows])}"
            for place, column in enumerate(table.columns)
        )
        self.con.execute(f"create or replace table {table.name} ({columns})")
        if rows:
            names = [column.name for column in table.columns]
            held = pa.table([pa.array(values) for values in zip(*rows, strict=True)], names=names)
            self.con.register("held_rows", held)
            self.con.execute(f"insert into {table.name} from held_rows")
            self.con.unregister("held_rows")

    def run(self, step: Step) -> None:
        """Run one step: a stored or repeated one is computed now, a view when it is read."""
        if step.repeated:
            self._keep_repeated(step)
            return
        if not step.stored:
            self.con.execute(f"create view {step.name} as {step.sql}")
            return
        path = self.workdir / f"{step.name}.parquet"
        self.con.execute(f"copy ({step.sql}) to '{quoted(path)}' ({PARQUET})")
        self.con.execute(f"create view {step.name} as select * from {parquet(path)}")

    def _keep_repeated(self, step: Step) -> None:
        """Sorted numbers stand beside their like: a third of the work of grouping them, eight bytes each."""
        ((name, numbers),) = self.con.execute(step.sql).fetchnumpy().items()
        numbers.sort()
        later = numbers[1:]
        found = pa.table({name: np.unique(later[later == numbers[:-1]])})
        self.con.register("found_numbers", found)
        self.con.execute(f"create or replace table {step.name} as select * from found_numbers")
        self.con.unregister("found_numbers")

    def export(self, name: str, path: Path) -> None:
        """Hand over a stored step as one Parquet file."""
        (self.workdir / f"{name}.parquet").rename(path)
        self.con.execute(f"create or replace view {name} as select * from {parquet(path)}")

    def types(self, name: str) -> dict[str, Type | None]:
        """Column names and types of a table."""
        described = self.con.execute(f"describe {name}").fetchall()
        return {str(row[0]): _type(str(row[1]).lower()) for row in described}

    def fetch(self, sql: str) -> pa.Table:
        """What a query gives, for small results."""
        return self.con.sql(sql).to_arrow_table()

    def close(self) -> None:
        """Let go of memory and spill files."""
        self.con.close()


class InMemory(DuckDBEngine):
    """For few rows: each table and step is a table in memory, none a file or a view that every question plans anew.

    One after the other, calculations take the same names; a step is there until the next that has its name.
    """

    def register(self, table: Table, select: str) -> None:
        """Make a table of what `select` gives."""
        self.con.execute(f"create or replace table {table.name} as {select}")

    def run(self, step: Step) -> None:
        """Run one step now."""
        if step.repeated:
            self._keep_repeated(step)
        else:
            self.con.execute(f"create or replace table {step.name} as {step.sql}")

    def export(self, name: str, path: Path) -> None:
        """Write a step as one Parquet file."""
        self.con.execute(f"copy {name} to '{quoted(path)}' ({PARQUET})")


def _sql_type(column: Column, values: Sequence[object]) -> str:
    """A text column of a small table is an enumeration of its texts, in their order; read back it is text."""
    words = sorted({str(value) for value in values if value is not None})
    if column.type is not Type.TEXT or not words:
        return _SQL_TYPES[column.type]
    listed = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    return f"enum ({listed})"


def _type(sql: str) -> Type | None:
    return Type.TEXT if sql.startswith("enum(") else _TYPES.get(sql)


def connect(spill: Path, *, memory_limit: str = MEMORY_LIMIT, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A connection for batch work: bounded, spilling beside the work, never fetching an extension."""
    con = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    con.execute("set preserve_insertion_order = false")
    con.execute(f"set memory_limit = '{memory_limit}'")
    con.execute(f"set temp_directory = '{quoted(spill)}'")
    con.execute("set timezone = 'UTC'")
    if threads is not None:
        con.execute(f"set threads = {threads:d}")
    return con


def quoted(path: Path) -> str:
    """A path inside a single-quoted SQL string; what is read goes by `parquet`."""
    return str(path).replace("'", "''")


def literal(path: Path) -> str:
    """The path of a file to read, as an SQL literal; `*`, `?` and `[` in it stand for themselves."""
    plain = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in path.as_posix())
    return "'" + plain.replace("'", "''") + "'"


def parquet(path: Path, *, numbered: bool = False) -> str:
    """A relation over the rows of that file alone, with `file_row_number` where asked for.

    Left to itself DuckDB takes a folder named `channel=BNI` for a column, in the place of the file's own. In brackets
    it can stand on both sides of a join: two functions cannot.
    """
    number = ", file_row_number=true" if numbered else ""
    return f"(from read_parquet({literal(path)}, hive_partitioning=false{number}))"
