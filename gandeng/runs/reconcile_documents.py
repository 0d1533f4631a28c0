"""The papers of a reconciliation: exceptions.xlsx and minutes.pdf, from the tables of the run."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import duckdb

import gandeng
from gandeng.core.region_code import RegionCode, UnreadableRegionCode
from gandeng.documents import queries
from gandeng.documents.exception_sheets import DISPOSITION_KINDS, OUTCOME_KINDS, ExceptionSheet
from gandeng.documents.exceptions import write_exceptions
from gandeng.documents.minutes import write_minutes
from gandeng.documents.minutes_data import FileDigest, MinutesData, dispositions_from_rows, districts_from_rows
from gandeng.documents.office import Office, load_office
from gandeng.documents.suggestions import suggest
from gandeng.engine import MEMORY_LIMIT, Progress, connect, parquet
from gandeng.regions.places import name_of
from gandeng.runs.manifest import output_files
from gandeng.runs.reconcile import ReconcileRun

EXCEPTIONS, MINUTES = "exceptions.xlsx", "minutes.pdf"
DIFFERENCES_NAMED = 20
"""Differences of a district that its minutes name; all of them stand in exceptions.xlsx."""


def write_documents(
    folder: Path,
    sources: Mapping[str, str],
    run: ReconcileRun,
    *,
    as_of: date,
    engine: str,
    progress: Progress,
    office: Path | None = None,
    memory_limit: str = MEMORY_LIMIT,
) -> None:
    """Write exceptions.xlsx and minutes.pdf into a run's folder.

    `as_of` is the day the minutes bear; `office` a file of the office's own settings (docs/minutes.md).
    """
    districts = {str(row["district_code"]): district_name(str(row["district_code"])) for row in run.summary}
    with _tables(folder, sources, memory_limit) as con:
        progress(EXCEPTIONS, 0, 0)
        write_exceptions(folder / EXCEPTIONS, _sheets(con, run), stages=run.stages, as_of=as_of, districts=districts)
        progress(MINUTES, 0, 0)
        write_minutes(_minutes(con, folder, run, districts, as_of, engine, load_office(office)), folder / MINUTES)


def district_name(code: str) -> str:
    """`Kabupaten Banjar`, or the code where no such place is known."""
    try:
        return name_of(RegionCode.parse(code)) or code
    except UnreadableRegionCode:
        return code


@contextmanager
def _tables(folder: Path, sources: Mapping[str, str], memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(connect(folder.with_name(f"{folder.name}-spill"), memory_limit=memory_limit)) as con:
        for name, select in sources.items():
            con.execute(f"create view {name} as {select}")
        for name in ("outcomes", "dispositions"):
            con.execute(f"create view {name} as select * from {parquet(folder / f'{name}.parquet')}")
        yield con


def _sheets(con: duckdb.DuckDBPyConnection, run: ReconcileRun) -> list[ExceptionSheet]:
    by_disposition = dispositions_from_rows(run.dispositions)
    totals = _at_stake(con) | {line.disposition: (line.rows, line.by_event) for line in by_disposition}
    sheets = []
    for kind in (*OUTCOME_KINDS, *DISPOSITION_KINDS):
        if kind not in totals:
            continue
        rows = queries.outcome_rows(kind) if kind in OUTCOME_KINDS else queries.disposition_rows(kind)
        suggestions = None
        if kind == "UNKNOWN":
            candidates = con.sql(queries.open_payments()).to_arrow_table()
            suggestions = suggest(con.sql(queries.unknown_rows()).to_arrow_table(), candidates)
        sheets.append(ExceptionSheet(kind, con.sql(rows).to_arrow_table(), *totals[kind], suggestions))
    return sheets


def _at_stake(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, Mapping[str, int]]]:
    totals = con.execute(queries.outcome_totals()).fetchall()
    return {str(kind): (int(count), {"at_stake": int(amount)}) for kind, count, amount in totals}


def _minutes(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    run: ReconcileRun,
    districts: Mapping[str, str],
    as_of: date,
    engine: str,
    office: Office,
) -> MinutesData:
    differences = con.sql(queries.named_differences(DIFFERENCES_NAMED)).to_arrow_table().to_pylist()
    return MinutesData(
        stages=run.stages,
        as_of=as_of,
        districts=districts_from_rows(run.summary, differences, names=districts),
        province_names={code[:2]: district_name(code[:2]) for code in districts},
        files_in=tuple(
            FileDigest(file.source, file.sha256, file.rows, file.total_rupiah, file.notes) for file in run.inputs
        ),
        files_out=tuple(FileDigest(file.name, file.sha256, file.rows) for file in output_files(folder, run.rows)),
        dispositions=dispositions_from_rows(run.dispositions),
        versions={"version": gandeng.__version__, "engine": engine},
        office=office,
    )
