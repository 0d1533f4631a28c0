"""`gandeng entitle`: what each family is due in a cycle, and why."""

from collections import defaultdict
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
from gandeng.cli.shell import cycle_option, errors_told, next_step, results_console, right_aligned, steps_shown, tell
from gandeng.core.channels import CHANNELS
from gandeng.core.money import format_number, format_rupiah
from gandeng.files.intake import explain_note
from gandeng.runs.entitle import EntitleRun
from gandeng.runs.entitle import entitle as run_entitle
from gandeng.runs.reconcile_documents import district_name
from gandeng.words import say


def entitle(
    families: Annotated[Path, typer.Option("--families", help=say("entitle.help_families"))],
    members: Annotated[Path, typer.Option("--members", help=say("entitle.help_members"))],
    cycle: Annotated[str, typer.Option("--cycle", help=say("entitle.help_cycle"))],
    out: Annotated[Path, typer.Option("--out", help=say("entitle.help_out"))],
    verdicts: Annotated[Path | None, typer.Option("--verdicts", help=say("entitle.help_verdicts"))] = None,
    months: Annotated[int | None, typer.Option("--months", min=1, max=12, help=say("entitle.help_months"))] = None,
    engine: EngineOption = EngineName.DUCKDB,
    master: MasterOption = None,
    memory: MemoryOption = DEFAULT_MEMORY,
) -> None:
    """Calculate; rupiah by district and channel go to stdout."""
    require_spark(engine, master)
    with errors_told():
        chosen = cycle_option(cycle)
        with steps_shown() as progress:
            run = run_entitle(
                families, members, out, cycle=chosen, months=months, verdicts=verdicts, engine=engine.value,
                master=master, memory_limit=memory, progress=progress,
            )  # fmt: skip
        results_console().print(rupiah_by_district(run))
        _tell_rest(run, out)


def rupiah_by_district(run: EntitleRun) -> Table:
    """One row per district: families paid and rupiah by channel."""
    cycle = run.policy.cycle
    table = Table(title=say("entitle.title", cycle=cycle.key, months=run.policy.months), title_justify="left")
    table.add_column(say("entitle.column_district"))
    channels = [channel for channel in CHANNELS if any(row["channel"] == channel for row in run.by_channel)]
    right_aligned(table, say("entitle.column_payments"), *channels, say("shell.total"))
    rupiah: dict[str, dict[str, int]] = defaultdict(dict)
    payments: dict[str, int] = defaultdict(int)
    for row in run.by_channel:
        district = str(row["district_code"])
        rupiah[district][str(row["channel"])] = int(str(row["rupiah"]))
        payments[district] += int(str(row["payments"]))
    for district, by_channel in rupiah.items():
        cells = [format_rupiah(by_channel.get(channel, 0)) for channel in channels]
        name = district_name(district)
        table.add_row(name, format_number(payments[district]), *cells, format_rupiah(sum(by_channel.values())))
    table.add_section()
    sums = [sum(by_channel.get(channel, 0) for by_channel in rupiah.values()) for channel in channels]
    table.add_row(
        say("shell.total"), format_number(sum(payments.values())), *map(format_rupiah, sums), format_rupiah(sum(sums))
    )
    return table


def _tell_rest(run: EntitleRun, out: Path) -> None:
    for source, note in run.notes:
        tell(say("shell.note", file=source, note=explain_note(note)))
    if run.deceased_collectors:
        tell(say("entitle.deceased_collectors", count=format_number(run.deceased_collectors)))
    tell(say("shell.written_to", folder=out), next_step("entitle.next", out=out))


entitle.__doc__ = say("entitle.help")
