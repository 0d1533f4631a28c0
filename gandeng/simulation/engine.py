"""The engine the simulator runs its steps on: DuckDB in this process, with a bound on its memory."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from gandeng.core.calculation import Step
from gandeng.simulation.chance import define_macros

MEMORY = "1200MB"


def connect(spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection that fetches nothing from anywhere and keeps rows in order; `spill` takes what exceeds MEMORY."""
    con = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    con.execute(f"set preserve_insertion_order=true; set memory_limit='{MEMORY}'; set timezone='UTC'")
    if spill is not None:
        con.execute("set temp_directory=?", [str(spill)])
    define_macros(con)
    return con


def run_steps(con: duckdb.DuckDBPyConnection, steps: Iterable[Step]) -> None:
    """Each step under its name: a table where it is stored, else a view."""
    for step in steps:
        con.execute(f"create or replace temp {'table' if step.stored else 'view'} {step.name} as {step.sql}")
