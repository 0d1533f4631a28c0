"""Rows of an accepted file in Python: of small files alone, which people look at before they are entered."""

from contextlib import closing
from pathlib import Path
from typing import Any

from gandeng.engine import connect
from gandeng.files.layouts import Layout
from gandeng.files.taken import Taken

_MEMORY = "200MB"


def rows_of(taken: Taken, layout: Layout, work: Path) -> list[tuple[int, dict[str, Any]]]:
    """Each with the number a spreadsheet gives it, cells by the layout's names, in the order of the file."""
    with closing(connect(work / "spill", memory_limit=_MEMORY)) as con:
        names = ", ".join(layout.names)
        found = con.execute(
            f"select row + {taken.header_row:d}, {names} from ({taken.select}) t order by row"
        ).fetchall()
    return [(row[0], dict(zip(layout.names, row[1:], strict=True))) for row in found]
