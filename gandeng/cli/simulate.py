"""`gandeng simulate`: synthetic families, and the banks' answers to a payment list."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from gandeng.cli.shell import errors_told, next_step, results_console, right_aligned, steps_shown, tell
from gandeng.core.money import format_number
from gandeng.simulation.defects import ALL_RATES, UnknownDefect
from gandeng.simulation.output import Format
from gandeng.simulation.plan import FamiliesDoNotFit, UnknownRegion
from gandeng.simulation.registry import Registry, simulate_registry
from gandeng.simulation.results import Layouts, Results, simulate_results
from gandeng.words import say

app = typer.Typer(help=say("simulate.help"), no_args_is_help=True)

Seed = Annotated[int, typer.Option("--seed", min=0, help=say("simulate.help_seed"))]
Out = Annotated[Path, typer.Option("--out", help=say("simulate.help_out"))]


@app.command(help=say("simulate.help_registry"))
def registry(
    out: Out,
    region: Annotated[str, typer.Option("--region", help=say("simulate.help_region"))] = "63",
    families: Annotated[int | None, typer.Option("--families", min=1, help=say("simulate.help_families"))] = None,
    facilitators: Annotated[
        int | None, typer.Option("--facilitators", min=1, help=say("simulate.help_facilitators"))
    ] = None,
    seed: Seed = 1,
    form: Annotated[Format, typer.Option("--format", help=say("simulate.help_format"))] = "parquet",
) -> None:
    """Write a registry; the table of files goes to stdout."""
    try:
        with errors_told(), steps_shown() as steps:
            made = simulate_registry(
                out,
                region=region,
                families=families,
                facilitators=facilitators,
                seed=seed,
                form=form,
                progress=partial(steps.rows, say("simulate.making_families")),
            )
    except UnknownRegion:
        raise typer.BadParameter(say("simulate.unknown_region", region=region), param_hint="--region") from None
    except FamiliesDoNotFit as error:
        raise do_not_fit(error) from None
    _show_registry(made, region)


def do_not_fit(error: FamiliesDoNotFit) -> typer.BadParameter:
    """How many families the villages of the region can hold, in words."""
    bounds = (format_number(count) for count in (error.families, error.low, error.high))
    words = say("simulate.families_do_not_fit", **dict(zip(("families", "low", "high"), bounds, strict=True)))
    return typer.BadParameter(words, param_hint="--families")


@app.command(help=say("simulate.help_results"))
def results(
    payments: Annotated[Path, typer.Argument(help=say("simulate.help_payments"))],
    out: Out,
    seed: Seed = 1,
    rate: Annotated[
        list[str] | None, typer.Option("--rate", help=say("simulate.help_rate", names=", ".join(ALL_RATES)))
    ] = None,
    canonical: Annotated[bool, typer.Option("--canonical", help=say("simulate.help_canonical"))] = False,
) -> None:
    """Write result files; the table of files and of planted defects goes to stdout."""
    rates = dict(_rate(text) for text in rate or [])
    layouts: Layouts = "canonical" if canonical else "bank"
    try:
        with errors_told(), steps_shown() as steps:
            made = simulate_results(
                payments,
                out,
                seed=seed,
                rates=rates,
                layouts=layouts,
                progress=partial(steps.rows, say("simulate.answering")),
            )
    except UnknownDefect as error:
        raise typer.BadParameter(say("simulate.bad_rate", value=error.name), param_hint="--rate") from None
    _show_results(made, payments)


def _rate(text: str) -> tuple[str, float]:
    name, _, share = text.partition("=")
    try:
        return name, float(share)
    except ValueError:
        raise typer.BadParameter(say("simulate.bad_rate", value=text), param_hint="--rate") from None


def _show_registry(made: Registry, region: str) -> None:
    out = results_console()
    _line(out, say("simulate.registry_title", region=region, folder=made.folder))
    out.print(_files_table(made.files))
    places = {"districts": made.districts, "sub_districts": made.sub_districts, "villages": made.villages}
    _line(out, say("simulate.lives_in", **{name: format_number(count) for name, count in places.items()}))
    names = {name.partition(".")[0]: name for name in made.files}
    tell(next_step("simulate.next_entitle", folder=made.folder, families=names["families"], members=names["members"]))


def _show_results(made: Results, payments: Path) -> None:
    out = results_console()
    _line(out, say("simulate.results_title", payments=format_number(made.payments), folder=made.folder))
    out.print(_files_table(made.files))
    table = Table(say("simulate.column_defect"))
    right_aligned(table, say("simulate.column_payments"))
    for defect, count in made.defects.items():
        table.add_row(f"{say(f'simulate.defect_{defect}')} ({defect})", format_number(count))
    out.print(table)
    tell(next_step("simulate.next_reconcile", payments=payments, folder=made.folder))


def _files_table(files: dict[str, int]) -> Table:
    table = Table(say("simulate.column_file"))
    right_aligned(table, say("simulate.column_rows"))
    for name, rows in files.items():
        table.add_row(name, format_number(rows))
    return table


def _line(out: Console, line: str) -> None:
    out.print(line, markup=False, soft_wrap=True)
