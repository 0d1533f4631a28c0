"""`gandeng reconcile`: a payment list against what banks and post report."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from gandeng.cli.engine_options import (
    DEFAULT_MEMORY,
    EngineName,
    EngineOption,
    MasterOption,
    MemoryOption,
    require_spark,
)  # fmt: skip
from gandeng.cli.shell import errors_told, next_step, results_console, right_aligned, steps_shown, tell
from gandeng.core.matching_tables import OUTCOMES
from gandeng.core.money import format_number, format_rupiah
from gandeng.documents.minutes_data import BY_EVENT, dispositions_from_rows
from gandeng.files.intake import explain_note
from gandeng.files.profiles import Profile, load, names
from gandeng.runs.reconcile import ReconcileRun
from gandeng.runs.reconcile import reconcile as run_reconcile
from gandeng.runs.reconcile_documents import district_name, write_documents
from gandeng.words import say


def reconcile(
    payments: Annotated[Path, typer.Argument(help=say("reconcile.help_payments"))],
    results: Annotated[list[Path], typer.Argument(help=say("reconcile.help_results"))],
    out: Annotated[Path, typer.Option("--out", help=say("reconcile.help_out"))],
    profile: Annotated[list[str] | None, typer.Option("--profile", help=say("reconcile.help_profile"))] = None,
    documents: Annotated[bool, typer.Option("--documents/--no-documents", help=say("reconcile.help_documents"))] = True,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("reconcile.help_as_of"))] = None,
    office: Annotated[
        Path | None, typer.Option("--office", exists=True, dir_okay=False, help=say("reconcile.help_office"))
    ] = None,
    engine: EngineOption = EngineName.DUCKDB,
    master: MasterOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
) -> None:
    """Reconcile; figures by district and by channel go to stdout."""
    require_spark(engine, master)
    day = as_of.date() if as_of else _today()
    with errors_told():
        with steps_shown() as progress:
            papers = partial(
                write_documents, as_of=day, engine=engine.value, progress=progress, office=office, memory_limit=memory
            )
            run = run_reconcile(
                payments, results, out, engine=engine.value, master=master, memory_limit=memory,
                profiles=_profiles(results, profile or []), documents=papers if documents else None, progress=progress,
            )  # fmt: skip
        show_reconciliation(run)
        _tell_rest(run, out, documents=documents)


def show_reconciliation(run: ReconcileRun) -> None:
    """Figures by district, by channel, by outcome and by disposition, on stdout."""
    console = results_console()
    console.print(_by(run, "district_code", "reconcile.by_district", district_name))
    console.print(_by(run, "channel", "reconcile.by_channel", str))
    console.print(_outcomes(run))
    console.print(_dispositions(run))


def _today() -> date:
    """The day the minutes bear, in Jakarta; the clock is read here and nowhere below."""
    return datetime.now(ZoneInfo("Asia/Jakarta")).date()


def _profiles(results: Iterable[Path], given: list[str]) -> dict[Path, Profile]:
    """`FILE=NAME` for one file, `NAME` for all."""
    by_file = {path.name: path for path in results}
    chosen: dict[Path, Profile] = {}
    for text in given:
        file, _, name = text.rpartition("=")
        if name not in names() or (file and file not in by_file):
            words = say("reconcile.bad_profile", value=text, names=", ".join(names()))
            raise typer.BadParameter(words, param_hint="--profile")
        chosen |= {by_file[file]: load(name)} if file else dict.fromkeys(by_file.values(), load(name))
    return chosen


def _by(run: ReconcileRun, key: str, title: str, named: Callable[[str], str]) -> Table:
    """One row per district or channel: payments, rupiah, how many arrived in full and how many someone must look at."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in run.summary:
        for column, value in row.items():
            if isinstance(value, int):
                sums[named(str(row[key]))][column] += value
                sums[""][column] += value
    table = Table(title=say(title, stages=", ".join(run.stages)), title_justify="left")
    table.add_column(say(f"reconcile.column_{key}"))
    right_aligned(
        table, *(say(f"reconcile.column_{name}") for name in ("payments", "instructed", "net", "paid", "open"))
    )
    for name in [*(name for name in sums if name), ""]:
        if not name:
            table.add_section()
        figures = sums[name]
        table.add_row(
            name or say("shell.total"),
            format_number(figures["payments"]),
            format_rupiah(figures["instructed"]),
            format_rupiah(figures["net"]),
            format_number(figures["paid_count"]),
            format_number(figures["payments"] - figures["paid_count"]),
        )
    return table


def _outcomes(run: ReconcileRun) -> Table:
    table = Table(title=say("reconcile.outcomes"), title_justify="left")
    table.add_column(say("reconcile.column_outcome"))
    right_aligned(table, say("reconcile.column_payments"), say("reconcile.column_instructed"))
    for outcome in OUTCOMES:
        count, amount = (
            sum(int(str(row[f"{outcome.lower()}_{what}"])) for row in run.summary) for what in ("count", "amount")
        )
        table.add_row(say(f"outcomes.{outcome}"), format_number(count), format_rupiah(amount))
    return table


def _dispositions(run: ReconcileRun) -> Table:
    """Rupiah by event, as in the minutes."""
    table = Table(title=say("reconcile.dispositions"), title_justify="left")
    table.add_column(say("minutes.column_disposition"))
    right_aligned(table, *(say(f"minutes.column_{name}") for name in ("rows", *BY_EVENT)))
    for line in sorted(dispositions_from_rows(run.dispositions), key=lambda line: -line.rows):
        amounts = map(format_rupiah, line.by_event.values())
        table.add_row(say(f"outcomes.{line.disposition}"), format_number(line.rows), *amounts)
    return table


def _tell_rest(run: ReconcileRun, out: Path, *, documents: bool) -> None:
    for source, note in run.notes:
        tell(say("shell.note", file=source, note=explain_note(note)))
    following = "reconcile.next_documents" if documents else "reconcile.next"
    tell(say("shell.written_to", folder=out), next_step(following, out=out))


reconcile.__doc__ = say("reconcile.help")
