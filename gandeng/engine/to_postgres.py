"""Rows of DuckDB into a table of PostgreSQL, without one of them becoming a Python object on the way."""

from pathlib import Path
from typing import Any

import duckdb

from gandeng.engine.duckdb_engine import quoted

_CHUNK = 1 << 20


def copy_into(cursor: Any, target: str, con: duckdb.DuckDBPyConnection, select: str, told: Path) -> None:
    """Append what `select` gives to `target`, a table with or without its columns, through a file of CSV at `told`.

    Bytes are told as `bytea(column)` says. The file is readable by us alone and gone afterwards.
    """
    told.touch(mode=0o600)
    try:
        con.execute(f"copy ({select}) to '{quoted(told)}' (format csv, header false, nullstr '\\N')")
        with told.open("rb") as file, cursor.copy(f"copy {target} from stdin (format csv, null '\\N')") as rows:
            while chunk := file.read(_CHUNK):
                rows.write(chunk)
    finally:
        told.unlink(missing_ok=True)


def bytea(column: str) -> str:
    """A column of bytes as PostgreSQL reads it; null stays null."""
    return f"'\\x' || hex({column})"
