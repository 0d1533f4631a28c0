"""Rows of an accepted file in Python: all of a small file, which people look at first; of any, those that are odd."""

from contextlib import closing
from pathlib import Path
from typing import Any

from gandeng.engine import connect
from gandeng.files.layouts import Layout
from gandeng.files.taken import Taken

_MEMORY = "600MB"
_SHOWN = 20


def rows_of(taken: Taken, layout: Layout, work: Path) -> list[tuple[int, dict[str, Any]]]:
    """Each with the number a spreadsheet gives it, cells by the layout's names, in the order of the file."""
    with closing(connect(work / "spill", memory_limit=_MEMORY)) as con:
        names = ", ".join(layout.names)
        found = con.execute(
            f"select row + {taken.header_row:d}, {names} from ({taken.select}) t order by row"
        ).fetchall()
    return [(row[0], dict(zip(layout.names, row[1:], strict=True))) for row in found]


def odd_rows(taken: Taken, work: Path, which: str) -> dict[str, Any]:
    """File, count and first numbers of the rows for which `which`, SQL over the layout's columns, holds; or nothing."""
    with closing(connect(work / "spill", memory_limit=_MEMORY)) as con:
        rows = con.execute(
            f"select row, count(*) over () from ({taken.select}) t where {which} order by row limit {_SHOWN:d}"
        ).fetchall()
    numbers = ", ".join(str(row + taken.header_row) for row, _ in rows)
    return {"file": taken.source, "n": rows[0][1], "rows": numbers} if rows else {}
