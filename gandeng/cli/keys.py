"""`gandeng keys`: make the office's keys, change them over, keep them in shares. Django is loaded only when asked."""

import os
import secrets
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gandeng.cli.shell import EXIT_IDENTITY_BROKEN, EXIT_REFUSED, errors_told, results_console, steps_shown, stop, tell
from gandeng.core.money import format_number
from gandeng.office import running
from gandeng.words import say

if TYPE_CHECKING:
    from gandeng.office.resealing import Resealed

app = typer.Typer(no_args_is_help=True, help=say("keys.help"))


@app.command(name="make", help=say("keys.help_make"))
def make_keys(
    path: Annotated[Path, typer.Argument(help=say("keys.help_file"))],
) -> None:
    """Write the keys of identifiers, and print a secret key for the environment."""
    _secret_key()
    running.set_up()
    from gandeng.audit import sealing

    if path.exists():
        raise stop(EXIT_REFUSED, say("keys.exist", path=path))
    with errors_told():
        sealing.make_keys(path)
    tell(say("keys.made", path=path))
    results_console().print(f"GANDENG_SECRET_KEY={os.environ['GANDENG_SECRET_KEY']}", soft_wrap=True)


@app.command(name="make-log", help=say("keys.help_make_log"))
def make_log_key(
    path: Annotated[Path, typer.Argument(help=say("keys.help_file"))],
) -> None:
    """Write the key that signs the daily head of the log, and print its public half."""
    _secret_key()
    running.set_up()
    from gandeng.audit import log_keys

    if path.exists():
        raise stop(EXIT_REFUSED, say("keys.log_key_exists", path=path))
    with errors_told():
        log_keys.make_log_key(path)
    tell(say("keys.log_key_made", path=path))
    results_console().print(log_keys.read(path).public_text, soft_wrap=True)


def _secret_key() -> None:
    """A new one where the environment has none, or an empty one as in settings that are not filled in yet."""
    if not os.environ.get("GANDENG_SECRET_KEY"):
        os.environ["GANDENG_SECRET_KEY"] = secrets.token_urlsafe(48)


@app.command(help=say("keys.help_rotate"))
def rotate() -> None:
    """Add a key that seals from now on."""
    running.set_up()
    from django.conf import settings

    from gandeng.audit import key_files, sealing

    path = _there(settings.KEY_FILE)
    try:
        with errors_told():
            version = sealing.add_version(path)
    except key_files.OpenToOthers:
        raise stop(EXIT_REFUSED, say("keys.open_to_others", path=path)) from None
    tell(say("keys.rotated", version=version, path=path))


@app.command(help=say("keys.help_reseal"))
def reseal(check: Annotated[bool, typer.Option("--check", help=say("keys.help_check"))] = False) -> None:
    """Seal again with the newest key what older ones sealed."""
    running.set_up(as_owner=True)
    from gandeng.audit.sealing import keys
    from gandeng.office import resealing

    if not check:
        try:
            with errors_told(), steps_shown() as steps:
                run = resealing.reseal(
                    lambda name, done, total: steps.rows(say("keys.resealing", place=name), done, total)
                )
        except resealing.AlreadyRunning:
            raise stop(EXIT_REFUSED, say("keys.already_running")) from None
        _show(run)
    held, newest = resealing.held(), keys().newest
    for name, count in sorted(held.items()):
        for version, values in sorted(count.items()):
            results_console().print(f"{name}\t{version}\t{values}", soft_wrap=True)
    _remaining(sum(held.values(), Counter()), newest, check=check)


def _show(run: "Resealed") -> None:
    tell(say("keys.resealed", values=format_number(run.done.total()), version=run.newest))
    if run.damaged:
        places = ", ".join(f"{name} ({count})" for name, count in sorted(run.damaged.items()))
        raise stop(EXIT_IDENTITY_BROKEN, say("keys.damaged", places=places))


def _remaining(held: Counter[int], newest: int, *, check: bool) -> None:
    """Which older versions are still needed, and what to do about it."""
    older = {version: values for version, values in sorted(held.items()) if version != newest}
    for version, values in older.items():
        tell(say("keys.still_sealed", version=version, values=format_number(values)))
    if not older:
        tell(say("keys.all_sealed", version=newest))
    elif not check:
        raise stop(EXIT_REFUSED, say("keys.again"))


@app.command(help=say("keys.help_retire"))
def retire(version: Annotated[int, typer.Argument(min=1, help=say("keys.help_version"))]) -> None:
    """Take a key that nothing needs any more out of the file."""
    running.set_up(as_owner=True)
    from django.conf import settings

    from gandeng.audit import key_files, sealing
    from gandeng.office import resealing

    path = _there(settings.KEY_FILE)
    try:
        with errors_told():
            resealing.retire(version)
    except sealing.NoSuchVersion:
        raise stop(EXIT_REFUSED, say("keys.no_such_version", version=version, path=path)) from None
    except sealing.InUse:
        raise stop(EXIT_REFUSED, say("keys.in_use", version=version)) from None
    except resealing.StillNeeded as needed:
        places = ", ".join(f"{name} ({format_number(count)})" for name, count in sorted(needed.held.items()))
        raise stop(EXIT_REFUSED, say("keys.still_needed", version=version, places=places)) from None
    except resealing.WorkRunning:
        raise stop(EXIT_REFUSED, say("keys.work_running")) from None
    except key_files.OpenToOthers:
        raise stop(EXIT_REFUSED, say("keys.open_to_others", path=path)) from None
    tell(say("keys.retired", version=version, path=path))


@app.command(help=say("keys.help_reindex"))
def reindex(check: Annotated[bool, typer.Option("--check", help=say("keys.help_check_index"))] = False) -> None:
    """Index the registry with new keys, while nothing serves."""
    running.set_up(as_owner=True)
    from django.conf import settings

    from gandeng.audit import key_files
    from gandeng.office import indexes, reindexing
    from gandeng.office.upgrading import NotNow

    path = _there(settings.KEY_FILE)
    if not check:
        try:
            with errors_told(), steps_shown() as steps:
                version, done = reindexing.reindex(
                    lambda name, rows, total: steps.rows(say("keys.reindexing", place=name), rows, total)
                )
        except NotNow as why:
            raise stop(EXIT_REFUSED, say(f"keys.not_now_{why.code}", **why.facts)) from None
        except reindexing.NotAtRest as why:
            raise stop(EXIT_REFUSED, say(f"keys.rest_{why.code}", **why.facts)) from None
        except reindexing.Damaged as row:
            raise stop(EXIT_IDENTITY_BROKEN, say("keys.damaged_index", row=row)) from None
        except key_files.OpenToOthers:
            raise stop(EXIT_REFUSED, say("keys.open_to_others", path=path)) from None
        tell(say("keys.reindexed", values=format_number(done.total()), version=version, path=path))
    for name, count in sorted(indexes.held().items()):
        for each, values in sorted(count.items()):
            results_console().print(f"{name}\t{each}\t{values}", soft_wrap=True)


@app.command(help=say("keys.help_split"))
def split(
    folder: Annotated[Path, typer.Argument(help=say("keys.help_shares_folder"))],
    shares: Annotated[int, typer.Option(min=2, max=20, help=say("keys.help_shares"))] = 3,
    needed: Annotated[int, typer.Option(min=2, max=20, help=say("keys.help_needed"))] = 2,
) -> None:
    """Write the key file in shares."""
    running.set_up()
    from django.conf import settings

    from gandeng.audit import key_shares

    if needed > shares:
        raise typer.BadParameter(say("keys.too_few_shares", shares=shares), param_hint="--needed")
    path = _there(settings.KEY_FILE)
    with errors_told():
        written = key_shares.write(key_shares.split(path.read_bytes(), shares=shares, needed=needed), folder)
    for each in written:
        results_console().print(str(each), soft_wrap=True)
    tell(say("keys.split", shares=shares, needed=needed))


@app.command(help=say("keys.help_join"))
def join(
    shares: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help=say("keys.help_share_files"))],
    out: Annotated[Path, typer.Option("--out", help=say("keys.help_file"))],
) -> None:
    """Make the key file again from shares."""
    from gandeng.audit import key_files, key_shares

    if out.exists():
        raise stop(EXIT_REFUSED, say("keys.exist", path=out))
    try:
        with errors_told():
            key_files.write_new(out, key_shares.join([key_shares.read(path) for path in shares]))
    except key_shares.NotAShare as error:
        raise stop(EXIT_REFUSED, say("keys.not_a_share", path=error)) from None
    except key_shares.SharesDoNotFit:
        raise stop(EXIT_REFUSED, say("keys.shares_do_not_fit")) from None
    tell(say("keys.joined", path=out))


def _there(path: Path) -> Path:
    if not path.exists():
        raise stop(EXIT_REFUSED, say("keys.none", path=path))
    return path
