"""Rows of a list that came in, between reading and applying: one Parquet file, held to its digest.

The list as it was sent is deleted once its rows are here; they go when it is applied or put away. Names and numbers of
staff stand in them in the open, as in the tables they go to: the folder is the office's own, and private. NIK and
family cards are sealed (identities).
"""

import shutil
import time
from contextlib import closing, suppress
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection

from gandeng.core.tables import Type
from gandeng.engine import connect, parquet, quoted
from gandeng.engine.to_postgres import copy_into
from gandeng.facilitators import identities
from gandeng.files.digests import sha256_of
from gandeng.files.layouts import CASELOAD, STAFF, Layout
from gandeng.files.taken import Taken
from gandeng.registry.staging import StagedOtherwise

_MEMORY = "600MB"
_FORGOTTEN_SECONDS = 24 * 3600
_ROWS = "rows.parquet"
LAYOUTS: dict[str, Layout] = {"STAFF": STAFF, "CASELOAD": CASELOAD}
"""By `Import.Kind`."""

_TYPES = {Type.TEXT: 'text collate "C"', Type.DATE: "date", Type.BIGINT: "bigint", Type.BOOLEAN: "boolean"}


def folder_of(import_id: UUID) -> Path:
    """Where the rows lie."""
    return Path(settings.DATA_DIR) / "staff-lists" / str(import_id)


def keep(import_id: UUID, taken: Taken, layout: Layout) -> str:
    """Write the rows; gives their digest."""
    folder = folder_of(import_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    path = folder / _ROWS
    select = f"select {', '.join(layout.names)}, row + {taken.header_row:d} as row from ({taken.select}) t order by row"
    with closing(connect(folder / "spill", memory_limit=_MEMORY)) as con:
        if layout.sealed:
            rows = con.sql(select).to_arrow_table()
            for number in identities.NUMBERS:
                rows = identities.seal(rows, number, folder)
            pq.write_table(rows, path)
        else:
            con.execute(f"copy ({select}) to '{quoted(path)}' (format parquet)")
    shutil.rmtree(folder / "spill", ignore_errors=True)
    return sha256_of(path)


def forget(import_id: UUID) -> None:
    """The rows are not needed any more."""
    shutil.rmtree(folder_of(import_id), ignore_errors=True)


def forget_old(waiting: set[UUID]) -> None:
    """What a killed worker left behind is gone after a day; rows of lists that wait stay."""
    names = {str(one) for one in waiting}
    for root in ("uploads", "staff-lists"):
        folders = Path(settings.DATA_DIR) / root
        for folder in folders.iterdir() if folders.is_dir() else ():
            with suppress(OSError):
                if folder.name not in names and time.time() - folder.stat().st_mtime > _FORGOTTEN_SECONDS:
                    shutil.rmtree(folder)


def fill(import_id: UUID, layout: Layout, digest: str) -> None:
    """The rows into the temporary table of their layout, with the number a spreadsheet gives them.

    Raises StagedOtherwise where they are not those that were shown.
    """
    path = folder_of(import_id) / _ROWS
    if not path.is_file() or sha256_of(path) != digest:
        raise StagedOtherwise(str(import_id))
    fill_from(f"select * from {parquet(path)}", layout, folder_of(import_id))
    if layout.sealed:
        identities.lay_beside(path)


def fill_from(select: str, layout: Layout, work: Path) -> None:
    """The temporary table `incoming_<layout>`, empty before, from a DuckDB query of the layout's columns and `row`.

    Columns that are sealed stand beside it (`incoming_identity`).
    """
    fields = [field for field in layout.fields if field not in layout.sealed]
    columns = ", ".join(f"{field.name} {_TYPES[field.type]}" for field in fields)
    table, names = f"incoming_{layout.name}", ", ".join([*(field.name for field in fields), "row"])
    with connection.cursor() as cursor, closing(connect(work / "spill", memory_limit=_MEMORY)) as con:
        cursor.execute(f"drop table if exists {table}")
        cursor.execute(f"create temporary table {table} ({columns}, row bigint) on commit drop")
        copy_into(cursor, f"{table} ({names})", con, f"select {names} from ({select}) t", work / f"{table}.csv")
    shutil.rmtree(work / "spill", ignore_errors=True)
