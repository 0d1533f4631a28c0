"""Commands for running an office: server, worker, migrations, checks, backups. Django is loaded only when asked."""

import os
import sys
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from gandeng.cli.shell import EXIT_IDENTITY_BROKEN, EXIT_REFUSED, errors_told, results_console, stop, tell
from gandeng.office import running
from gandeng.words import say

app = typer.Typer(no_args_is_help=True)

_PUBLIC_KEY_BYTES = 32


@app.command(help=say("office.help_serve"))
def serve(
    host: Annotated[str, typer.Option(help=say("office.help_host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=say("office.help_port"))] = 8000,
    workers: Annotated[int, typer.Option(min=1, help=say("office.help_workers"))] = 2,
) -> None:
    """Run the web server until stopped."""
    _ready()
    running.become(running.web_command(host, port, workers))


@app.command(help=say("office.help_worker"))
def worker() -> None:
    """Run the worker until stopped."""
    _ready()
    running.become(running.worker_command())


@app.command(help=say("office.help_migrate"))
def migrate(quiet: Annotated[bool, typer.Option("--quiet", help=say("office.help_quiet"))] = False) -> None:
    """Bring the database up to this release."""
    running.set_up(as_owner=True)
    from gandeng.office.upgrading import NotNow, bring_up

    try:
        bring_up(0 if quiet else 1)
    except NotNow as why:
        raise stop(EXIT_REFUSED, say(f"office.not_now_{why.code}", **why.facts)) from None


@app.command(help=say("office.help_ready"))
def ready() -> None:
    """Say whether site and worker may start."""
    running.set_up()
    from gandeng.office.upgrading import NotNow
    from gandeng.office.upgrading import ready as look

    try:
        look()
    except NotNow as why:
        raise stop(EXIT_REFUSED, say(f"office.not_now_{why.code}", **why.facts)) from None


def _ready() -> None:
    """Asked in a process of its own, which ends: whoever starts a server keeps neither Django nor a connection."""
    code = running.run([sys.executable, "-m", "gandeng.cli", "ready"])
    if code:
        raise typer.Exit(code)


@app.command(help=say("office.help_check"))
def check(
    deploy: Annotated[bool, typer.Option("--deploy", help=say("office.help_deploy"))] = False,
) -> None:
    """Name what is unsafe or does not fit."""
    from django.core.management.base import SystemCheckError

    try:
        running.call("check", *(["--deploy", "--fail-level", "WARNING"] if deploy else []))
    except SystemCheckError as error:
        raise stop(EXIT_REFUSED, str(error)) from None


@app.command(help=say("office.help_invite"))
def invite(
    name: Annotated[str, typer.Option(help=say("office.help_name"))],
    email: Annotated[str, typer.Option(help=say("office.help_email"))],
    region: Annotated[str, typer.Option(help=say("office.help_region"))] = "",
    site: Annotated[str, typer.Option(help=say("office.help_address"))] = "https://localhost/",
) -> None:
    """Invite the first administrator; the address is printed once."""
    running.set_up()
    from django.utils import timezone

    from gandeng.accounts.actions import Refused, invite_administrator
    from gandeng.core.region_code import RegionCode, UnreadableRegionCode

    try:
        code = RegionCode.parse(region).digits if region else ""
        _, secret = invite_administrator(name, email, code, timezone.localdate())
    except UnreadableRegionCode:
        raise stop(EXIT_REFUSED, say("office.bad_region", region=region)) from None
    except Refused as refused:
        raise stop(EXIT_REFUSED, str(refused)) from None
    results_console().print(f"{site.rstrip('/')}/pengguna/masuk/{secret}/", soft_wrap=True)


@app.command(help=say("office.help_verify"))
def verify(
    anchor: Annotated[
        Path | None, typer.Option("--anchor", exists=True, dir_okay=False, help=say("office.help_anchor"))
    ] = None,
    key: Annotated[list[str] | None, typer.Option("--key", help=say("office.help_public_key"))] = None,
) -> None:
    """Recompute the books from their rows."""
    from gandeng.office.verify import verify as look
    from gandeng.office.verify_heads import keys_of_office

    # a key that is named alone is trusted: whoever audits an office need not believe the office's file
    wrong, keys = 0, [_public_key(one) for one in key or ()] or keys_of_office(_log_key_file())
    if not keys:
        tell(say("office.no_public_key"))
    if not _key_file().is_file():
        tell(say("office.no_key_file", path=_key_file()))
    lines = anchor.read_text(encoding="utf-8", errors="replace").split("\n") if anchor else []
    if anchor and not any(map(str.strip, lines)):
        raise stop(EXIT_REFUSED, say("office.no_anchors", path=anchor))
    for found in look(_owner(), keys=keys, anchors=lines, data=_data(), key_file=_key_file()):
        verdict = say("office.holds") if not found.wrong else say("office.broken", rows=found.wrong)
        results_console().print(f"{verdict}  {found.check}  {' '.join(found.examples)}", soft_wrap=True)
        wrong += bool(found.wrong)
    if wrong:
        raise typer.Exit(EXIT_IDENTITY_BROKEN)


def _public_key(text: str) -> str:
    """As it was typed, where it can be one: 32 bytes in base64."""
    try:
        whole = len(b64decode(text, validate=True)) == _PUBLIC_KEY_BYTES
    except ValueError:
        whole = False
    if not whole:
        raise typer.BadParameter(say("office.bad_public_key", key=text), param_hint="--key")
    return text


@app.command(name="seal-log", help=say("office.help_seal_log"))
def seal_log() -> None:
    """Print the line of today's head of the log; make the head if there is none yet."""
    running.set_up()
    from gandeng.audit import heads

    try:
        results_console().print(heads.anchor(heads.seal_log()), soft_wrap=True)
    except heads.NoKey:
        raise stop(EXIT_REFUSED, say("office.no_log_key", path=_log_key_file())) from None


@app.command(help=say("office.help_backup"))
def backup(
    out: Annotated[Path, typer.Option("--out", help=say("office.help_backup_out"))],
) -> None:
    """Write a backup and say what is in it."""
    from gandeng.office.backup import BackupBroken, back_up

    try:
        with errors_told():
            made = back_up(_owner(), _data(), out)
    except BackupBroken as error:
        raise stop(EXIT_REFUSED, say("office.not_backed_up", reason=error)) from None
    for table, rows in made.rows.items():
        results_console().print(f"{table}\t{rows}")
    tell(say("office.backed_up", folder=made.folder))
    if made.files.wrong:
        facts = {"files": made.files.wrong, "examples": ", ".join(made.files.examples), "data": _data()}
        raise stop(EXIT_IDENTITY_BROKEN, say("office.files_lost", **facts))


@app.command(help=say("office.help_sweep"))
def sweep() -> None:
    """Remove files outside the database that no row names."""
    running.set_up(as_owner=True)
    from gandeng.office import kept

    with errors_told():
        tell(say("office.swept", files=kept.sweep()))


@app.command(help=say("office.help_restore"))
def restore(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help=say("office.help_restore_folder"))],
) -> None:
    """Restore into an empty database and prove it."""
    from gandeng.office.backup import BackupBroken
    from gandeng.office.backup import restore as bring_back

    try:
        with errors_told():
            back = bring_back(folder, _owner(), _data(), _key_file())
    except BackupBroken as error:
        raise stop(EXIT_REFUSED, say("office.not_restored", reason=error)) from None
    days = (datetime.now(UTC) - back.made_at).days
    tell(
        say("office.restored", checks=len(back.proved)),
        say(
            "office.restored_of", made=_moment(back.made_at), days=days,
            log=_moment(back.log_until) if back.log_until else "-", sealed=back.sealed_on or "-",
        ),
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo('Asia/Jakarta')):%Y-%m-%d %H:%M} WIB"


def _owner() -> str:
    address = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL")
    if not address:
        raise stop(EXIT_REFUSED, say("office.no_database"))
    return address.replace("postgres://", "postgresql://", 1)


def _key_file() -> Path:
    return Path(os.environ.get("GANDENG_KEY_FILE") or _data() / "keys.json")


def _log_key_file() -> Path:
    return Path(os.environ.get("GANDENG_LOG_KEY_FILE") or _data() / "log-key.json")


def _data() -> Path:
    return Path(os.environ.get("GANDENG_DATA", "gandeng-data")).resolve()
