"""One reconciliation on files: take the list and the results, calculate, write the folder, swap it in whole."""

import csv
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gandeng.core.cycle import Cycle, UnreadableCycle
from gandeng.core.faults import Fault
from gandeng.core.matching import reconciliation
from gandeng.core.matching_tables import DETAILS, SUMMARY_ROWS, StageDays
from gandeng.core.matching_tables import RESULTS as RESULT_ROWS
from gandeng.engine import MEMORY_LIMIT, Progress, calculate, connect, no_progress, open_engine, parquet
from gandeng.files.intake import Taken, explain_damage
from gandeng.files.layouts import PAYMENTS, RESULTS
from gandeng.files.normalise import padded_sql
from gandeng.files.profiles import Profile
from gandeng.policy import PolicyGap, load_figures, months_of
from gandeng.runs.manifest import InputFile, input_file, output_files, write_manifest
from gandeng.runs.publish import published, scratch
from gandeng.runs.sources import named_sources
from gandeng.runs.taking import Given, take_all
from gandeng.words import say

RESULT_NO_PER_FILE = 1 << 40
"""Rows of file n are numbered from n x 2^40: (file, row) as one integer."""

_NO_RESULTS = f"""select {
    ", ".join(f"cast(null as {column.type}) as {column.name}" for column in RESULT_ROWS.columns)
} where false"""

LATE_AFTER = "reconciliation/days_after_stage_max"

BYTES_PER_PAYMENT = 110
"""What one payment takes in the join, measured at ten million (docs/algorithms/reconciliation.md)."""

SHARE_OF_MEMORY = 0.6
_UNITS = {"MB": 10**6, "GB": 10**9}


@dataclass(frozen=True)
class ReconcileRun:
    """What a run did: row counts by output, the summary rows in order, notes on the files taken."""

    stages: tuple[str, ...]
    inputs: tuple[InputFile, ...]
    rows: Mapping[str, int]
    summary: list[dict[str, object]]
    dispositions: list[dict[str, object]]
    notes: tuple[tuple[str, Fault], ...] = field(default=())


Documents = Callable[[Path, Mapping[str, str], ReconcileRun], None]
"""Writes papers into a run's folder: (folder, selects of `payments` and `results`, what the run found)."""


def reconcile(
    payments: Path,
    results: Sequence[Path],
    out: Path,
    *,
    engine: str = "duckdb",
    master: str | None = None,
    memory_limit: str = MEMORY_LIMIT,
    profiles: Mapping[Path, Profile] | None = None,
    documents: Documents | None = None,
    progress: Progress = no_progress,
) -> ReconcileRun:
    """Reconcile a payment list with result files; `out` then holds the files the contract names.

    `documents` adds exceptions.xlsx and minutes.pdf (`runs.reconcile_documents.write_documents`).
    Raises FileRefused for a file that cannot be trusted, CheckFailed where an identity breaks, FolderNotOurs for an
    `out` that holds other files. In each case `out` is what it was.
    """
    with published(out, "reconcile") as folder, scratch(out) as work:
        named = named_sources(list(results))
        chosen = profiles or {}
        given = [
            Given(payments, PAYMENTS, payments.name),
            *(Given(path, RESULTS, name, chosen.get(path)) for name, path in named),
        ]
        listed, *reported = take_all(given, work, progress)
        digits = account_digits(reported)
        sources = {"payments": payments_select(listed, digits), "results": results_select(reported, digits)}
        inputs = (
            input_file("payments", payments, listed),
            *(
                input_file("results", path, taken, chosen.get(path))
                for (_, path), taken in zip(named, reported, strict=True)
            ),
        )
        notes = tuple((taken.source, note) for taken in (listed, *reported) for note in taken.notes)
        stages = calculate_into(sources, listed.rows, folder, work, engine, master, memory_limit, progress)
        run = _finished(folder, stages, inputs, notes)
        if documents is not None:
            documents(folder, sources, run)
        outputs = output_files(folder, run.rows)
        write_manifest(folder, kind="reconcile", stages=stages, engine=engine, inputs=inputs, outputs=outputs)
    return run


def payments_select(taken: Taken, account_digits: Mapping[str, int] | None = None) -> str:
    """A taken payment list as the calculation reads it; accounts of those channels are so long (`account_digits`)."""
    names = ", ".join(_padded(PAYMENTS.names, account_digits or {}))
    return f"select row - 1 as payment_no, {names} from ({taken.select}) list"


def _padded(names: Sequence[str], account_digits: Mapping[str, int]) -> list[str]:
    """SQL: the columns, accounts of those channels with zeros in front."""
    longer = "".join(
        f" when channel = '{channel}' then {padded_sql('account_no', digits)}"
        for channel, digits in account_digits.items()
    )
    padded = f"case{longer} else account_no end as account_no" if longer else "account_no"
    return [padded if name == "account_no" else name for name in names]


def account_digits(results: Sequence[Taken]) -> dict[str, int]:
    """How long a channel's accounts are where a profile of one of its files says so, in all that the run reads.

    A number that lost its zeros in one of the files is one number still.
    """
    longest: dict[str, int] = {}
    for channel, digits in (pair for taken in results for pair in taken.account_digits.items()):
        longest[channel] = max(digits, longest.get(channel, 0))
    return longest


def results_select(results: Sequence[Taken], account_digits: Mapping[str, int] | None = None) -> str:
    """All result rows in one table; `result_no` follows (file, row). Without a file there is a table without rows.

    Accounts as in `payments_select`.
    """
    if not results:
        return _NO_RESULTS
    names = ", ".join(_padded(RESULTS.names, account_digits or {}))
    return " union all ".join(
        f"""select cast({place * RESULT_NO_PER_FILE} as bigint) + row as result_no,
            '{taken.source.replace("'", "''")}' as source, row, {names}, damage from ({taken.select}) file_{place}"""
        for place, taken in enumerate(results)
    )


def calculate_into(
    sources: Mapping[str, str],
    payment_count: int,
    folder: Path,
    work: Path,
    engine: str = "duckdb",
    master: str | None = None,
    memory_limit: str = MEMORY_LIMIT,
    progress: Progress = no_progress,
) -> tuple[str, ...]:
    """Outcomes, dispositions and summary of the selects `payments` and `results`, as Parquet in `folder`.

    Gives the stages on the list. Whoever has rows from elsewhere than files calls this with selects of its own.
    """
    stages, damages = _looked_up(sources, work, memory_limit)
    dated = tuple(stage_days(stage) for stage in stages)
    late = "/".join(sorted({str((each.late_after - each.starts_on).days) for each in dated}))
    words = {code: say(f"details.{code}", days=late) for code in DETAILS}
    words |= {damage: explain_damage(damage) for damage in damages}
    calculation = reconciliation(
        dated,
        words,
        parts=1 if engine == "spark" else parts_for(payment_count, memory_limit),
    )
    with closing(open_engine(engine, work / "engine", memory_limit=memory_limit, master=master)) as opened:
        calculate(opened, calculation, sources, folder, progress=progress)
    return stages


def _looked_up(sources: Mapping[str, str], work: Path, memory_limit: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stages on the list and the damages among the results: few values, found before the calculation is built."""
    with closing(connect(work / "spill", memory_limit=memory_limit)) as con:
        stages = con.execute(f"select distinct stage from ({sources['payments']}) order by all").fetchall()
        damaged = f"select distinct damage from ({sources['results']}) told where damage <> '' order by all"
        damages = con.execute(damaged).fetchall()
    return tuple(str(row[0]) for row in stages), tuple(str(row[0]) for row in damages)


def stage_days(stage: str) -> StageDays:
    """First day of a stage by that year's calendar; 1 January where policy has no calendar that it fits."""
    cycle = Cycle.parse(stage)
    try:
        starts_on = cycle.starts_on(months=months_of(cycle))
    except (PolicyGap, UnreadableCycle):
        starts_on = date(max(cycle.year, 1), 1, 1)
    return StageDays(stage, starts_on, starts_on + timedelta(days=late_after_days(starts_on)))


def late_after_days(day: date) -> int:
    """Days from the first of a stage after which an event of it is late, by that day's policy. Raises PolicyGap."""
    figures = load_figures()
    dated = figures.on(LATE_AFTER, max(day, min(figures.by_name[LATE_AFTER].values)))
    if dated is None or not isinstance(dated.value, int):
        raise PolicyGap("nothing_in_force", figure=LATE_AFTER)
    return dated.value


def parts_for(payment_count: int, memory_limit: str) -> int:
    """How many shares the join is done in so that one fits the engine's memory."""
    limit = int(memory_limit[:-2]) * _UNITS[memory_limit[-2:].upper()]
    return max(1, ceil(payment_count * BYTES_PER_PAYMENT / (limit * SHARE_OF_MEMORY)))


def _finished(
    folder: Path, stages: tuple[str, ...], inputs: tuple[InputFile, ...], notes: tuple[tuple[str, Fault], ...]
) -> ReconcileRun:
    summary = _summary_csv(folder)
    rows = {name: pq.read_metadata(folder / name).num_rows for name in ("outcomes.parquet", "dispositions.parquet")}
    with closing(connect(folder)) as con:
        told = con.sql(
            f"""select source, event, disposition, count(*) as rows, cast(coalesce(sum(amount), 0) as bigint) as amount
                from {parquet(folder / "dispositions.parquet")} group by all order by all"""
        ).to_arrow_table()
    return ReconcileRun(
        stages=stages,
        inputs=inputs,
        rows=rows | {"summary.csv": len(summary)},
        summary=summary,
        dispositions=told.to_pylist(),
        notes=notes,
    )


def _summary_csv(folder: Path) -> list[dict[str, object]]:
    """The summary in the order of district and channel, byte-equal for equal files; the engine's copy goes."""
    written = folder / "summary.parquet"
    table: pa.Table = pq.read_table(written).sort_by([("district_code", "ascending"), ("channel", "ascending")])
    written.unlink()
    rows = table.to_pylist()
    with (folder / "summary.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, SUMMARY_ROWS.column_names(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return list(rows)
