"""Rows of a question as a CSV file, on their way from PostgreSQL to DuckDB; none is an object on the way."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import connection

from gandeng.engine import quoted


def copy_out(sql: str, names: Iterable[str], values: Mapping[str, Any], told: Path) -> None:
    """Write the columns `names` of a question into `told`, with a header."""
    copied = f"copy (select {', '.join(names)} from ({sql}) t) to stdout (format csv, header)"
    # Django's cursor that counts statements copies none that has values; the driver's own beneath it does
    with connection.cursor() as cursor, told.open("wb") as file, cursor.cursor.copy(copied, values) as copy:
        for block in copy:
            file.write(block)


def as_copied(told: Path, names: Iterable[str]) -> str:
    """DuckDB SQL for the rows of `told`: every column as text, NULL where it was."""
    types = ", ".join(f"'{name}': 'varchar'" for name in names)
    return f"""read_csv('{quoted(told)}', header = true, delim = ',', quote = '"', escape = '"', columns = {{{types}}},
        auto_detect = false, hive_partitioning = false, parallel = false, max_line_size = 1000000)"""
