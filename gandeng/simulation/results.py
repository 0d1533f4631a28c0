"""The answers of five banks and the post to a payment list, with everything that goes wrong in reality."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from gandeng.core.calculation import Step
from gandeng.core.channels import CHANNELS
from gandeng.core.tables import Table
from gandeng.files.intake import take
from gandeng.files.layouts import PAYMENTS, RESULTS
from gandeng.runs.publish import published
from gandeng.runs.reconcile import stage_days
from gandeng.simulation.bank_files import write_bank_files
from gandeng.simulation.chance import Chance
from gandeng.simulation.defects import with_defaults
from gandeng.simulation.engine import connect, run_steps
from gandeng.simulation.events import SHARED_KEYS, event_steps
from gandeng.simulation.output import TableFile, write_manifest
from gandeng.simulation.tables import TRUTH

CHUNK_PAYMENTS = 200_000
_MADE_BY = "gandeng simulate results"
BANK_LAYOUT_PAYMENTS_MAX = 200_000
"""A channel with more payments than this is written as canonical Parquet: sorting and spreadsheets end here."""

Layouts = Literal["bank", "canonical"]
Progress = Callable[[int, int], None]
"""Called with payments answered and payments in all."""


@dataclass(frozen=True)
class Results:
    """What was written: the result files, rows in each, and how many payments got which defect."""

    folder: Path
    files: dict[str, int]
    defects: dict[str, int]
    payments: int


def simulate_results(
    payments: Path,
    out: Path,
    *,
    seed: int = 1,
    rates: Mapping[str, float] | None = None,
    layouts: Layouts = "bank",
    progress: Progress | None = None,
) -> Results:
    """Write each channel's result files and truth.parquet (payment_id, channel, defect, outcome, credited) into `out`.

    `payments` is a list of the reconciliation contract, in any form it allows. `layouts="canonical"` writes one
    Parquet file per channel instead of the channel's own forms. `out` appears whole or not at all.
    Raises FileRefused, UnknownDefect, FolderNotOurs.
    """
    all_rates = with_defaults(rates or {})
    with (
        published(out, _MADE_BY) as folder,
        tempfile.TemporaryDirectory(prefix="gandeng-simulate-") as work,
        connect(Path(work)) as con,
    ):
        taken = take(payments, PAYMENTS, Path(work))
        con.execute(f"create temp view payments as {taken.select}")
        con.execute(f"create temp table shared_keys as {SHARED_KEYS}")
        own = frozenset() if layouts == "canonical" else _small_channels(con)
        con.register("stages", _stages(con))
        steps = event_steps(Chance(seed), all_rates, bank_layouts=own)
        pieces = _pieces(con, steps, taken.rows, progress or (lambda _done, _all: None))
        files, defects = _write(con, pieces, folder, own, replay=all_rates["replayed_tail"])
        made = {"made_by": _MADE_BY, "payments": taken.sha256, "seed": seed, "rates": all_rates}
        write_manifest(folder, made, files | {"truth.parquet": taken.rows})
    return Results(out, files, defects, taken.rows)


def _small_channels(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    counts = dict(con.execute("select channel, count(*) from payments group by channel").fetchall())
    return frozenset(one for one in CHANNELS if counts.get(one, 0) <= BANK_LAYOUT_PAYMENTS_MAX)


def _stages(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """`stage`, `starts`: the first day of every stage of the list."""
    stages = [str(stage) for (stage,) in con.execute("select distinct stage from payments order by 1").fetchall()]
    starts = pa.array([stage_days(stage).starts_on for stage in stages], pa.date32())
    return pa.table({"stage": pa.array(stages, pa.string()), "starts": starts})


def _pieces(con: duckdb.DuckDBPyConnection, steps: list[Step], rows: int, progress: Progress) -> Iterator[None]:
    """Make `stories` and `events` for one piece of the list after the other."""
    for begin in range(0, rows, CHUNK_PAYMENTS):
        last = begin + CHUNK_PAYMENTS
        con.execute(
            f"create or replace temp table payments_here as from payments where row > {begin} and row <= {last}"
        )
        run_steps(con, steps)
        yield
        progress(min(last, rows), rows)


def _write(
    con: duckdb.DuckDBPyConnection, pieces: Iterator[None], out: Path, own: frozenset[str], *, replay: float
) -> tuple[dict[str, int], dict[str, int]]:
    """Write everything; returns rows per result file and payments per defect.

    Canonical channels go to their file piece by piece; the small ones wait in memory to be sorted and dressed.
    """
    waiting: dict[str, list[pa.Table]] = defaultdict(list)
    defects: dict[str, int] = defaultdict(int)
    with ExitStack() as open_files:
        truth = open_files.enter_context(TableFile(out, TRUTH, "parquet"))
        large: dict[str, TableFile] = {}
        for _ in pieces:
            truth.write(con.sql(_TRUTH).to_arrow_table())
            for defect, count in con.execute("select defect, count(*) from stories group by 1 order by 1").fetchall():
                defects[defect] += count
            for channel, rows in _by_channel(con):
                if channel in own:
                    waiting[channel].append(rows)
                    continue
                if channel not in large:
                    large[channel] = open_files.enter_context(TableFile(out, _canonical(channel), "parquet"))
                large[channel].write(_undamaged_types(rows))
    files = {file.path.name: file.rows for file in large.values()}
    for channel in sorted(waiting):
        rows = _replayed(_sorted(pa.concat_tables(waiting[channel])), replay)
        files |= write_bank_files(channel, rows, out)
    return files, dict(sorted(defects.items()))


def _canonical(channel: str) -> Table:
    return Table(f"results-{channel.lower()}", RESULTS.row, RESULTS.table.columns)


_TRUTH = """
    select payment_id, channel, defect, outcome,
        case outcome when 'PAID' then amount when 'RETURNED' then amount
            when 'UNDERPAID' then credited_amount when 'OVERPAID' then credited_amount else 0 end as credited
    from (select s.*, e.amount as credited_amount from stories s
        left join events e on e.about = s.payment_id and e.turn = 2)
    order by row"""


def _by_channel(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, pa.Table]]:
    rows = con.sql("select * from events order by channel, about, turn").to_arrow_table()
    for channel in CHANNELS:
        here = rows.filter(pc.equal(rows["channel"], channel))
        if here.num_rows:
            yield channel, here


def _undamaged_types(rows: pa.Table) -> pa.Table:
    """A typed column cannot hold a damaged cell: it becomes an empty one, which nobody can read either."""
    for name, text in (("amount", "amount_text"), ("occurred_on", "day_text")):
        kept = pc.if_else(pc.equal(rows[text], ""), rows[name], pa.scalar(None, rows[name].type))
        rows = rows.set_column(rows.schema.get_field_index(name), name, kept)
    return rows


def _sorted(rows: pa.Table) -> pa.Table:
    """As a bank's report lists them: by day, then its own reference; ties in an order of their own."""
    by = ["occurred_on", "bank_reference", "about", "turn"]
    return rows.sort_by([(name, "ascending") for name in by])


def _replayed(rows: pa.Table, share: float) -> pa.Table:
    """The file's tail once more, as when a transfer was taken up again too early."""
    count = round(rows.num_rows * share)
    return pa.concat_tables([rows, rows.slice(rows.num_rows - count)]) if count else rows
