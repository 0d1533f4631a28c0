"""The `gandeng` command: one subcommand per thing an office does with files."""

import logging
import sys
from typing import Annotated

import typer

import gandeng
from gandeng.cli import (
    balance,
    breach,
    demo,
    duplicates,
    entitle,
    explain,
    instruct,
    keys,
    nik,
    office,
    policy,
    reconcile,
    retention,
    simulate,
)
from gandeng.cli.shell import EXIT_REFUSED, tell
from gandeng.cli.usage import Commands
from gandeng.words import say

app = typer.Typer(cls=Commands, no_args_is_help=True, help=say("shell.app_help"), pretty_exceptions_show_locals=False)
app.command(name="demo")(demo.demo)
app.command(name="demo-stop", help=say("office.help_demo_stop"))(demo.stop)
app.add_typer(simulate.app, name="simulate")
app.command(name="entitle", no_args_is_help=True)(entitle.entitle)
app.command(name="instruct", no_args_is_help=True)(instruct.instruct)
app.command(name="reconcile", no_args_is_help=True)(reconcile.reconcile)
app.command(name="explain", no_args_is_help=True)(explain.explain)
app.command(name="balance", no_args_is_help=True)(balance.balance)
app.command(name="duplicates", no_args_is_help=True)(duplicates.duplicates)
app.add_typer(policy.app, name="policy")
app.command(name="nik", no_args_is_help=True)(nik.nik)
app.add_typer(office.app)
app.add_typer(keys.app, name="keys")
app.command(name="breach", help=say("breach.help"), no_args_is_help=True)(breach.breach)
app.command(name="retention", help=say("retention.help"))(retention.retention)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(gandeng.__version__)
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help=say("shell.help_version"))
    ] = False,
) -> None:
    """Options of the command itself."""


def main() -> None:
    """Entry point of the installed command. What a reader's crash leaves for a log is no message for a person."""
    logging.getLogger(gandeng.__name__).addHandler(logging.NullHandler())
    try:
        app()
    except Exception as error:
        if _setting_unreadable(error):
            tell(say("shell.bad_setting", reason=error))
            sys.exit(EXIT_REFUSED)
        if not _database_is_away(error):
            raise
        tell(say("office.not_now_away"), str(error).strip())
        sys.exit(EXIT_REFUSED)


_GONE = {None, "57P01", "57P02", "57P03"}
"""SQLSTATE of a connection that was never made, and of one that the server ended or does not take now."""


def _setting_unreadable(error: BaseException) -> bool:
    """A command that asks for no setting has not loaded their reader."""
    environs = sys.modules.get("environs")
    return environs is not None and isinstance(error, environs.EnvError)


def _database_is_away(error: BaseException) -> bool:
    """Django's error has the driver's as its cause; a command that asks no database has not loaded it."""
    psycopg, cause = sys.modules.get("psycopg"), error.__cause__ or error
    return psycopg is not None and isinstance(cause, psycopg.OperationalError) and cause.sqlstate in _GONE
