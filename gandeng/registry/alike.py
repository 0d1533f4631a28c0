"""People who look like one person: rows of the database through the search of `core.duplicates`."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
from django.db import connection

from gandeng.core.duplicates import duplicates
from gandeng.engine import Progress, calculate, no_progress, open_engine, quoted
from gandeng.registry.models import Family

LEFT_BEHIND = (Family.Status.ENDED.value, Family.Status.GRADUATED.value)
"""Families nobody is paid in: their people are compared with nobody."""

_MEMORY = "800MB"
_COLUMNS = ("family_id", "member_id", "name", "birth_date", "sex", "village_code")


def alike(sql: str, values: Mapping[str, Any], *, progress: Progress = no_progress) -> list[dict[str, Any]]:
    """Rows of `alike` among the people `sql` gives, in the columns of `core.duplicates_tables.PEOPLE`."""
    with TemporaryDirectory(prefix="gandeng-alike-") as name:
        folder = Path(name)
        told = folder / "people.csv"
        with connection.cursor() as cursor, told.open("wb") as file:
            copied = f"copy (select {', '.join(_COLUMNS)} from ({sql}) t) to stdout (format csv, header)"
            # Django's cursor that counts statements copies none that has values; the driver's own beneath it does
            with cursor.cursor.copy(copied, values) as copy:
                for block in copy:
                    file.write(block)
        with closing(open_engine("duckdb", folder / "engine", memory_limit=_MEMORY)) as engine:
            calculate(engine, duplicates(), {"people": _read(told)}, folder, progress=progress)
        rows: list[dict[str, Any]] = pq.read_table(folder / "alike.parquet").to_pylist()
    return rows


def _read(told: Path) -> str:
    types = ", ".join(f"'{name}': '{'date' if name == 'birth_date' else 'varchar'}'" for name in _COLUMNS)
    return f"""select {", ".join(_COLUMNS)} from read_csv('{quoted(told)}', header = true, delim = ',', quote = '"',
        escape = '"', columns = {{{types}}}, auto_detect = false, parallel = false, max_line_size = 1000000)"""
