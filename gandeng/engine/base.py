"""What an engine is, and the running of a calculation on one: schemas in, steps, checks, schemas out."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from gandeng.core.calculation import Calculation, CheckFailed, Step
from gandeng.core.tables import Table, Type

Progress = Callable[[str, int, int], None]
"""Told the step that begins, its place and how many there are."""


class Engine(Protocol):
    """Five verbs. Tables are known by name; big ones are files, never rows in Python."""

    name: str

    def register(self, table: Table, select: str) -> None:
        """Make a table of what `select` (DuckDB SQL over Parquet files) gives."""

    def register_rows(self, table: Table, rows: Sequence[Sequence[object]]) -> None:
        """Make a small table of rows held in memory."""

    def run(self, step: Step) -> None:
        """Run one step: a stored or repeated one now, a view when it is read."""

    def export(self, name: str, path: Path) -> None:
        """Hand over a stored step as one Parquet file."""

    def types(self, name: str) -> Mapping[str, Type | None]:
        """Column names and types of a table; None for a type no schema may have."""

    def fetch(self, sql: str) -> pa.Table:
        """What a query gives, for small results."""

    def close(self) -> None:
        """Let go of what the engine holds."""


class SchemaBroken(Exception):
    """A table does not have the columns, types or values its schema declares: a fault of ours, not of a file."""


def no_progress(step: str, place: int, total: int) -> None:
    """For callers without anybody watching."""


def calculate(
    engine: Engine,
    calculation: Calculation,
    sources: Mapping[str, str],
    out: Path,
    *,
    progress: Progress = no_progress,
) -> None:
    """Run a calculation whose big inputs are the selects in `sources`; its `gives` become `out`/<name>.parquet.

    Raises CheckFailed where an identity breaks and SchemaBroken where a table is not what it declares; nothing in
    `out` may then be published.
    """
    prove(engine, calculation, sources, progress=progress)
    for table in calculation.gives:
        engine.export(table.name, out / f"{table.name}.parquet")


def prove(
    engine: Engine, calculation: Calculation, sources: Mapping[str, str], *, progress: Progress = no_progress
) -> None:
    """As `calculate`, with nothing handed over: the engine then has what the calculation gives, by name."""
    for table in calculation.reads:
        if table.name in sources:
            engine.register(table, sources[table.name])
        else:
            engine.register_rows(table, calculation.parameters[table.name])
        _require_types(engine, table)
    total = len(calculation.steps) + len(calculation.checks)
    for place, step in enumerate(calculation.steps, start=1):
        progress(step.name, place, total)
        engine.run(step)
    for place, check in enumerate(calculation.checks, start=len(calculation.steps) + 1):
        progress(check.name, place, total)
        broken = engine.fetch(f"select * from ({check.sql}) broken limit 1")
        if broken.num_rows:
            raise CheckFailed(calculation.name, check.name, str(broken.to_pylist()[0]))
    for table in calculation.gives:
        _require_types(engine, table)
        _require_values(engine, table)


def _require_types(engine: Engine, table: Table) -> None:
    found = dict(engine.types(table.name))
    declared = {column.name: column.type for column in table.columns}
    if list(found.items()) != list(declared.items()):
        raise SchemaBroken(f"{table.name}: {found} is not {declared}")


def _require_values(engine: Engine, table: Table) -> None:
    never_null = [column.name for column in table.columns if not column.nullable]
    counts = ", ".join(f"count({name}) as {name}" for name in never_null)
    filled = engine.fetch(f"select count(*) as all_rows, {counts} from {table.name}").to_pylist()[0]
    missing = [name for name in never_null if filled[name] != filled["all_rows"]]
    if missing:
        raise SchemaBroken(f"{table.name}: no value in {', '.join(missing)}")
