"""`gandeng duplicates`: people of a list who look like one person."""

from pathlib import Path
from typing import Annotated

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
from gandeng.cli.shell import errors_told, results_console, right_aligned, steps_shown, tell
from gandeng.core.duplicates import ONE_IN_AT_LEAST
from gandeng.core.duplicates_tables import PlaceAlike
from gandeng.core.money import format_number
from gandeng.files.intake import explain_note
from gandeng.runs.duplicates import STRONG, DuplicatesRun, search_duplicates
from gandeng.words import say


def duplicates(
    families: Annotated[Path, typer.Option("--families", help=say("duplicates.help_families"))],
    members: Annotated[Path, typer.Option("--members", help=say("duplicates.help_members"))],
    out: Annotated[Path, typer.Option("--out", help=say("duplicates.help_out"))],
    at_least: Annotated[
        int, typer.Option("--at-least", min=1, max=1_000_000_000, help=say("duplicates.help_at_least"))
    ] = ONE_IN_AT_LEAST,
    engine: EngineOption = EngineName.DUCKDB,
    master: MasterOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
) -> None:
    """Search; pairs by place go to stdout."""
    require_spark(engine, master)
    with errors_told():
        with steps_shown() as progress:
            run = search_duplicates(
                families, members, out, at_least=at_least, engine=engine.value, master=master, memory_limit=memory,
                progress=progress,
            )  # fmt: skip
        results_console().print(pairs_by_place(run))
        for source, note in run.notes:
            tell(say("shell.note", file=source, note=explain_note(note)))
        tell(say("duplicates.people", people=format_number(run.people)), say("shell.written_to", folder=out))
        if run.pairs:
            tell(say("duplicates.next", out=out))


def pairs_by_place(run: DuplicatesRun) -> Table:
    """One row per place people can have in common: pairs, and the strong ones among them."""
    table = Table(title=say("duplicates.title"), title_justify="left")
    table.add_column(say("duplicates.column_place"))
    strong = say("duplicates.column_strong", strong=format_number(STRONG))
    right_aligned(table, say("duplicates.column_pairs"), strong)
    for place in PlaceAlike:
        counts = (run.pairs.get(place, 0), run.strong.get(place, 0))
        table.add_row(say(f"duplicates.{place}"), *map(format_number, counts))
    table.add_section()
    table.add_row(say("shell.total"), *(format_number(sum(each.values())) for each in (run.pairs, run.strong)))
    return table


duplicates.__doc__ = say("duplicates.help")
