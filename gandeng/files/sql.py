"""DuckDB as the readers use it: within limits, nothing fetched, spilling into the file's own folder."""

from collections.abc import Sequence
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


def literal(path: Path) -> str:
    """The path as an SQL literal; `*`, `?` and `[` in it stand for themselves."""
    plain = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in path.as_posix())
    return "'" + plain.replace("'", "''") + "'"


def parquet(path: Path, *, numbered: bool = False) -> str:
    """A relation over a Parquet file, with `file_row_number` where asked for."""
    return f"read_parquet({literal(path)}{', file_row_number=true' if numbered else ''})"


def write(con: duckdb.DuckDBPyConnection, select: str, path: Path, *, repeating: Sequence[str]) -> None:
    """Rows to Parquet, in order. `repeating` columns hold few different texts and get a dictionary.

    DuckDB computes while pyarrow writes: DuckDB's own writer tries a dictionary for every column and takes a third
    longer. Raises duckdb.InvalidInputException for what the rows do wrong, MemoryError beyond the memory.
    """
    try:
        stream = con.sql(select).to_arrow_reader(_GROUP_ROWS)
        with pq.ParquetWriter(path, stream.schema, compression="snappy", use_dictionary=list(repeating)) as writer:
            for batch in stream:
                writer.write_batch(batch)
    except (OSError, pa.ArrowException) as error:
        raise _meant(error) from error


def _meant(error: Exception) -> Exception:
    """A stream tells DuckDB's errors as input errors without a number; those of the disk have one."""
    if "Out of Memory" in str(error) or isinstance(error, pa.ArrowMemoryError):
        return MemoryError(str(error))
    if isinstance(error, OSError) and error.errno is not None:
        return error
    return duckdb.InvalidInputException(str(error))
