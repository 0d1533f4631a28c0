"""DuckDB as the readers use it: within limits, nothing fetched, spilling into the file's own folder."""

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from gandeng.files.limits import MEGABYTE, Limits

SPILL = "spill"
_THREADS_MOST = 4
_GROUP_ROWS = 2 * 122_880


def connect(limits: Limits, out: Path) -> duckdb.DuckDBPyConnection:
    """A connection for one file; rows keep their order, as row numbers are counted from it."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{limits.engine_memory // MEGABYTE}MiB",
        "temp_directory": str(out / SPILL),
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_unredacted_secrets": False,
    }
    con = duckdb.connect(config=config)
    threads = int(con.execute("select current_setting('threads')").fetchall()[0][0])
    con.execute(f"set threads = {min(threads, _THREADS_MOST):d}")
    return con


def write(con: duckdb.DuckDBPyConnection, select: str, path: Path, *, repeating: Sequence[str]) -> None:
    """Rows to Parquet, in order. `repeating` columns hold few different texts and get a dictionary.

    DuckDB computes while pyarrow writes: DuckDB's own writer tries a dictionary for every column and takes a third
    longer. Raises duckdb.InvalidInputException for what the rows do wrong, MemoryError beyond the memory.
    """
    try:
        stream = con.sql(select).to_arrow_reader(_GROUP_ROWS)
        with _writer(path, stream.schema, repeating) as writer:
            for batch in stream:
                writer.write_batch(batch)
    except (OSError, pa.ArrowException) as error:
        raise _meant(error) from error


def write_tables(tables: Iterable[pa.Table], path: Path, *, repeating: Sequence[str]) -> bool:
    """Tables with the same columns to Parquet, in order; False, and no file, where there are none."""
    waiting = iter(tables)
    first = next(waiting, None)
    if first is None:
        return False
    with _writer(path, first.schema, repeating) as writer:
        for table in chain([first], waiting):
            writer.write_table(table)
    return True


def _writer(path: Path, schema: pa.Schema, repeating: Sequence[str]) -> pq.ParquetWriter:
    """Not compressed: the rows are read a moment later, and making them smaller takes longer than reading all."""
    return pq.ParquetWriter(path, schema, compression="none", use_dictionary=list(repeating))


def over(con: duckdb.DuckDBPyConnection, cells: pa.Table, select: str) -> pa.Table:
    """What `select` gives over a table in memory, which it knows as `cells`; rows keep their order. For any thread."""
    with con.cursor() as cursor:
        cursor.register("cells", cells)
        return cursor.sql(select).to_arrow_table()


def _meant(error: Exception) -> Exception:
    """A stream tells DuckDB's errors as input errors without a number; those of the disk have one."""
    if "Out of Memory" in str(error) or isinstance(error, pa.ArrowMemoryError):
        return MemoryError(str(error))
    if isinstance(error, OSError) and error.errno is not None:
        return error
    return duckdb.InvalidInputException(str(error))
