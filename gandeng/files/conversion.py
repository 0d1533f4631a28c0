"""The whole way of one file inside the child process: recognised, read, made canonical, held to its rules."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from gandeng.core.faults import Fault, FileRefused
from gandeng.engine import parquet
from gandeng.files import canonical, csv_dialect, csv_fast, csv_reader, faults, parquet_reader, readers
from gandeng.files.canonical import Canonical
from gandeng.files.csv_reader import TextTable
from gandeng.files.digests import sha256_of
from gandeng.files.headers import ColumnsMissing
from gandeng.files.profiles import Profile
from gandeng.files.readers import Found, Reading
from gandeng.files.sql import SPILL, connect
from gandeng.files.taken import Taken


def convert(reading: Reading, out: Path) -> Taken:
    """Take `reading.path`; its Parquet stays in `out`. Raises FileRefused."""
    try:
        return _converted(reading, out)
    except ColumnsMissing as lacking:
        raise _with_what_the_rows_lack(lacking, reading, out) from None


def _with_what_the_rows_lack(lacking: ColumnsMissing, reading: Reading, out: Path) -> FileRefused:
    """The faults of the columns that are there, too: whoever mends the file hears of all at once."""
    layout = reading.layout.without(lacking.columns)
    if not layout.strict or not layout.fields:
        return lacking
    try:
        _converted(replace(reading, layout=layout, found=Found()), out)
    except FileRefused as more:
        told = [*lacking.faults, *more.faults][: reading.limits.faults]
        return FileRefused(lacking.source, told, lacking.fault_count + more.fault_count)
    return lacking


def _converted(reading: Reading, out: Path) -> Taken:
    notes: list[Fault] = []
    reading = replace(reading, tell=notes.append, source=reading.source or reading.path.name)
    reading.found.profile = reading.profile
    format_ = readers.recognise(reading.path)
    if format_ in readers.REFUSED_FORMATS:
        raise reading.refuse(readers.REFUSED_FORMATS[format_])
    table = csv_reader.opened(reading) if format_ == "csv" else None
    with connect(reading.limits, out) as con:
        if table:
            rows, counts, digest = _text_table(con, table, out)
        else:
            digest = sha256_of(reading.path)
            rows, counts = (_parquet if format_ == "parquet" else _streamed)(con, reading, out)
        if reading.profile is None and reading.found.profile is not None:
            reading.note("profile_found", profile=reading.found.profile.name)
        faults.require_totals(counts, reading)
        if not counts.sound:
            raise faults.refusal(con, rows, reading)
    _clear(out)
    select = rows.select(reading.layout)
    header = reading.found.header_row
    return Taken(
        reading.source,
        digest,
        counts.rows,
        counts.rupiah,
        select,
        tuple(notes),
        (rows.path,),
        header,
        reading.found.above,
        _account_digits(reading.found.profile or reading.profile),
    )


def _account_digits(profile: Profile | None) -> dict[str, int]:
    if profile is None or profile.channel is None or profile.account_digits is None:
        return {}
    return {profile.channel: profile.account_digits}


def _text_table(con: duckdb.DuckDBPyConnection, table: TextTable, out: Path) -> tuple[Canonical, faults.Counts, str]:
    """Fast where the file is regular and sound, else with care. Gives its digest too."""
    layout, path = table.reading.layout, table.reading.path
    rows, digest = csv_fast.read(con, table, out) or (None, "")
    counts = faults.count(con, rows, layout) if rows else None
    if rows is None or counts is None or not counts.sound:
        rows, digest = _kept(con, table.reading, out, csv_reader.rows_of(table)), sha256_of(path)
        counts = faults.count(con, rows, layout)
    if not csv_dialect.ended(path):
        table.reading.note("no_last_line_end")
    return rows, counts, digest


def _parquet(con: duckdb.DuckDBPyConnection, reading: Reading, out: Path) -> tuple[Canonical, faults.Counts]:
    """Where it is canonical already, counting is what reads its pages first."""
    rows = parquet_reader.canonical(con, reading, out)
    try:
        return rows, faults.count(con, rows, reading.layout)
    except duckdb.Error as error:
        raise parquet_reader.unreadable(reading, error) from error


def _streamed(con: duckdb.DuckDBPyConnection, reading: Reading, out: Path) -> tuple[Canonical, faults.Counts]:
    """Any format with a reader of its own."""
    rows = _kept(con, reading, out, readers.reader_of(readers.recognise(reading.path))(reading))
    return rows, faults.count(con, rows, reading.layout)


def _kept(con: duckdb.DuckDBPyConnection, reading: Reading, out: Path, batches: readers.Batches) -> Canonical:
    """Raw rows kept as Parquet, then made canonical."""
    raw = out / canonical.RAW_FILE
    with pq.ParquetWriter(raw, readers.raw_schema(reading.layout), compression="lz4") as writer:
        for batch in batches:
            writer.write_batch(batch)
    path = canonical.from_raw(con, parquet(raw), reading, out, guarded=True)
    return Canonical(canonical.carried(path), canonical.carried(path), path, parquet(raw))


def _clear(out: Path) -> None:
    """What only the conversion needed."""
    (out / canonical.RAW_FILE).unlink(missing_ok=True)
    shutil.rmtree(out / SPILL, ignore_errors=True)
