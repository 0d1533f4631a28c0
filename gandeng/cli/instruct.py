"""`gandeng instruct`: from a payment list to the files each channel is to carry out."""

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from gandeng.cli.shell import EXIT_IDENTITY_BROKEN, errors_told, results_console, steps_shown, stop, tell
from gandeng.core.channels import CHANNELS
from gandeng.core.money import format_number, format_rupiah
from gandeng.files.instruction_layouts import TotalsDiffer
from gandeng.files.intake import explain_note
from gandeng.runs.instruct import FORMATS, InstructReport
from gandeng.runs.instruct import instruct as write_instructions
from gandeng.words import say

JAKARTA: Final = timezone(timedelta(hours=7))
_DIGEST_SHOWN = 16


def instruct(
    payments: Annotated[Path, typer.Argument(help=say("instruct.help_payments"))],
    out: Annotated[Path, typer.Option("--out", help=say("instruct.help_out"))],
    created: Annotated[str | None, typer.Option("--created", help=say("instruct.help_created"))] = None,
    execute_on: Annotated[str | None, typer.Option("--execute-on", help=say("instruct.help_execute_on"))] = None,
    account: Annotated[list[str] | None, typer.Option("--account", help=say("instruct.help_account"))] = None,
    format_: Annotated[list[str] | None, typer.Option("--format", help=say("instruct.help_format"))] = None,
) -> None:
    """Write the instruction files; the table of them goes to stdout, everything else to stderr."""
    moment, day = _moment(created), _day(execute_on)
    accounts, formats = _accounts(account or []), _formats(format_ or list(FORMATS))
    try:
        with errors_told(), steps_shown() as steps:
            report = write_instructions(
                payments,
                out,
                created=moment,
                execute_on=day,
                debtor_accounts=accounts,
                formats=formats,
                progress=lambda what, done, rows: steps.rows(say("instruct.writing", what=what), done, rows),
            )
    except TotalsDiffer as error:
        differing = {"channel": error.channel, "ordered": error.ordered, "written": error.written}
        raise stop(EXIT_IDENTITY_BROKEN, say("instruct.totals_differ", **differing)) from None
    _show(report)


instruct.__doc__ = say("instruct.help")


def _moment(text: str | None) -> datetime:
    """The clock is read here and nowhere below."""
    if text is None:
        return datetime.now(JAKARTA).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not date.min.year < moment.year < date.max.year:
        raise typer.BadParameter(say("instruct.bad_created", value=text), param_hint="--created")
    return moment


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(say("instruct.bad_day", value=text), param_hint="--execute-on") from None


def _accounts(given: list[str]) -> dict[str, str]:
    accounts = {}
    for one in given:
        channel, _, number = one.partition("=")
        if channel not in CHANNELS or not number.isalnum():
            words = say("instruct.bad_account", value=one, channels=", ".join(CHANNELS))
            raise typer.BadParameter(words, param_hint="--account")
        accounts[channel] = number
    return accounts


def _formats(given: list[str]) -> list[str]:
    for one in given:
        if one not in FORMATS:
            words = say("instruct.bad_format", value=one, formats=", ".join(FORMATS))
            raise typer.BadParameter(words, param_hint="--format")
    return given


def _show(report: InstructReport) -> None:
    title = Text(say("instruct.table_title", source=report.source))
    table = Table(title=title, title_justify="left")
    for code in ("channel", "rows", "total", "files", "digest"):
        numeric = code in {"rows", "total", "files"}
        table.add_column(say(f"instruct.column_{code}"), justify="right" if numeric else "left", overflow="fold")
    for order in report.orders:
        count = sum(one.channel == order.channel for one in report.files)
        cells = (order.channel, format_number(order.rows), format_rupiah(order.total), format_number(count))
        table.add_row(*cells, order.digest[:_DIGEST_SHOWN])
    table.add_section()
    together = (format_number(report.rows), format_rupiah(report.total_rupiah), format_number(len(report.files)))
    table.add_row(say("instruct.all_channels"), *together, "")
    results_console().print(table)
    for note in report.notes:
        tell(say("instruct.note", text=explain_note(note)))
    tell(say("instruct.written_to", out=report.out))
