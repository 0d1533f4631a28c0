"""People who look like one person: rows of the database through the search of `core.duplicates`."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from gandeng.core.duplicates import duplicates
from gandeng.core.duplicates_tables import PEOPLE
from gandeng.engine import Progress, calculate, no_progress, open_engine
from gandeng.registry.copying import as_copied, copy_out

_MEMORY = "800MB"


def alike(sql: str, values: Mapping[str, Any], *, progress: Progress = no_progress) -> list[dict[str, Any]]:
    """Rows of `alike` among the people `sql` gives, in the columns of `core.duplicates_tables.PEOPLE`."""
    names = PEOPLE.column_names()
    with TemporaryDirectory(prefix="gandeng-alike-") as name:
        folder = Path(name)
        told = folder / "people.csv"
        copy_out(sql, names, values, told)
        people = f"select * replace (cast(birth_date as date) as birth_date) from {as_copied(told, names)}"
        with closing(open_engine("duckdb", folder / "engine", memory_limit=_MEMORY)) as engine:
            calculate(engine, duplicates(), {PEOPLE.name: people}, folder, progress=progress)
        rows: list[dict[str, Any]] = pq.read_table(folder / "alike.parquet").to_pylist()
    return rows
