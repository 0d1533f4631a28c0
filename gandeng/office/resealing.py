"""Every sealed value sealed again with the newest key: `gandeng keys reseal` (docs/operations.md).

It runs as the owner while the site is up. Rows go in batches, each a transaction of its own: read, opened with the old
key, sealed with the new one, written where the row is still what was read and nobody holds it, opened again. A batch
never waits for a lock, so it stands in nobody's way for longer than it takes to write; what it passed over comes in
the next pass. Killed anywhere, asked for again it goes on. History is not written: nothing about a person changes.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from gandeng.audit.actions import Machine, record
from gandeng.audit.sealing import NotOurs, Place, keys, require, seal, take_out, unseal, version_of
from gandeng.office import sealed_files
from gandeng.office.sealed import TABLES, Row, Table

type Report = Callable[[str, int, int], None]
"""Gets the table or file, values done and values there are."""

_PASSES = 3
_WAIT_SECONDS = 60
_LOCK = 71_064


class StillNeeded(Exception):
    """Values that only the key of that version opens, by table or kind of file."""

    def __init__(self, held: dict[str, int]) -> None:
        super().__init__(str(held))
        self.held = held


class AlreadyRunning(Exception):
    """Another process seals again; two would write the same file."""


class WorkRunning(Exception):
    """Somebody's transaction began before the question and has not ended: it may yet write an older seal."""


@dataclass
class Resealed:
    """What a run did: values sealed again, by table or kind of file, and those that no key opens."""

    newest: int
    done: Counter[str] = field(default_factory=Counter)
    damaged: Counter[str] = field(default_factory=Counter)

    def again(self, name: str, sealed: bytes, place: Place) -> bytes:
        """The value sealed with the newest key; as it is where it is already, or where it does not open."""
        if not sealed or version_of(sealed) == self.newest:
            return sealed
        try:
            return seal(unseal(sealed, place), place)
        except NotOurs:
            self.damaged[name] += 1
            return sealed


def held() -> dict[str, Counter[int]]:
    """How many values each version seals, by table and column, and by kind of file."""
    with _patiently() as cursor:
        told = {
            f"{table.name}.{value.name}": _versions(cursor, table, value.version)
            for table in TABLES
            for value in table.values
        }
    return {name: count for name, count in (told | sealed_files.held()).items() if count}


@contextmanager
def _patiently() -> Iterator[Any]:
    """A cursor whose questions may take their time: a whole table is read."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")
        yield cursor


def _versions(cursor: Any, table: Table, version: str) -> Counter[int]:
    cursor.execute(f"select {version}, count(*) from {table.name} group by 1")
    return Counter({int(sign, 16): count for sign, count in cursor.fetchall() if sign})


def reseal(report: Report) -> Resealed:
    """Seal again what older versions sealed, the office's files included; written down once, with counts.

    Raises AlreadyRunning.
    """
    with _alone():
        return _reseal(report)


@contextmanager
def _alone() -> Iterator[None]:
    """One run at a time; a killed one lets go with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        if cursor.fetchone() != (True,):
            raise AlreadyRunning
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def _reseal(report: Report) -> Resealed:
    run = Resealed(keys().newest)
    waiting = {name: sum(count.values()) - count[run.newest] for name, count in held().items()}
    total = sum(waiting.values())
    if not total:
        return run
    for _ in range(_PASSES):
        run.damaged.clear()
        before = run.done.total()
        for table in TABLES:
            for count in _table(table, run):
                run.done[table.name] += count
                report(table.name, run.done.total(), total)
        for name, count in sealed_files.reseal(run.again):
            run.done[name] += count
            report(name, run.done.total(), total)
        if run.done.total() == before or run.done.total() + run.damaged.total() >= total:
            break
    record(
        Machine(), "keys.resealed", object_type="Keys", object_id=run.newest, version=run.newest,
        resealed=dict(run.done), damaged=dict(run.damaged),
    )  # fmt: skip
    return run


def retire(version: int) -> None:
    """Take the key of that version out of the file, where nothing of the office needs it any more.

    Backups made before need it still. Raises StillNeeded, WorkRunning, sealing.InUse, sealing.NoSuchVersion.
    """
    require(settings.KEY_FILE, version)
    _require_unneeded(version)
    _wait_for_running()
    _require_unneeded(version)
    with transaction.atomic():
        record(Machine(), "keys.retired", object_type="Keys", object_id=version, version=version)
        take_out(settings.KEY_FILE, version)


def _require_unneeded(version: int) -> None:
    told = {name: count[version] + unreadable(name, count) for name, count in held().items()}
    if needed := {name: count for name, count in told.items() if count}:
        raise StillNeeded(needed)


def unreadable(name: str, count: Counter[int]) -> int:
    """Files of the kind `name` that cannot be read: being written now, or damaged."""
    return count[sealed_files.UNREADABLE] if name in sealed_files.KINDS else 0


def _wait_for_running() -> None:
    """Until every transaction that has begun to write has ended."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text")
        (now,) = cursor.fetchone()
        until = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < until:
            cursor.execute("select pg_snapshot_xmin(pg_current_snapshot()) > %s::xid8", [now])
            if cursor.fetchone() == (True,):
                return
            time.sleep(0.1)
    raise WorkRunning


def _table(table: Table, run: Resealed) -> Iterator[int]:
    last = None
    while rows := _older(table, run.newest, last):
        last = rows[-1][table.key]
        yield _again(table, rows, run)


def _older(table: Table, newest: int, last: object) -> list[Row]:
    """The next rows of which any value is sealed with an older key."""
    names = list(dict.fromkeys([table.key, *table.columns, *table.needs]))
    stale = " or ".join(f"{value.version} not in ('', '{newest:04x}')" for value in table.values)
    after = f"{table.key} > %(last)s::{table.key_type} and" if last is not None else ""
    with _patiently() as cursor:
        cursor.execute(
            f"select {', '.join(names)} from {table.name} where {after} ({stale}) order by {table.key} limit %(rows)s",
            {"last": last, "rows": table.batch},
        )
        return [_row(table, names, row) for row in cursor.fetchall()]


def _row(table: Table, names: Iterable[str], row: tuple[Any, ...]) -> Row:
    return {name: _cell(table.columns.get(name), cell) for name, cell in zip(names, row, strict=True)}


def _cell(type_: str | None, cell: Any) -> Any:
    """As Python has it; Django leaves JSON as text."""
    match type_:
        case "bytea":
            return bytes(cell)
        case "jsonb":
            return json.loads(cell) if cell is not None else None
    return cell


def _again(table: Table, rows: list[Row], run: Resealed) -> int:
    """Seal the rows again and prove it. Gives how many values of how many rows were written."""
    changed: dict[object, tuple[Row, dict[str, Any]]] = {}
    for row in rows:
        cells = {column: row[column] for column in table.columns}
        for value in table.values:
            sealed = value.get(row)
            fresh = run.again(table.name, sealed, value.place(row))
            if fresh is not sealed:
                value.put(cells, fresh)
        if any(cells[column] is not row[column] for column in cells):
            changed[row[table.key]] = row, cells
    if not changed:
        return 0
    with transaction.atomic():
        written = _written(table, changed)
        for key, *there in written:
            _prove(table, changed[key][0], _row(table, table.columns, tuple(there)))
    return sum(_count(table, *changed[key]) for key, *_ in written)


def _count(table: Table, row: Row, cells: Row) -> int:
    return sum(value.get(row) != value.get(cells) for value in table.values)


def _prove(table: Table, row: Row, there: Row) -> None:
    """What was written opens to what was there."""
    for value in table.values:
        was, now = value.get(row), value.get(there)
        if was != now and unseal(was, value.place(row)) != unseal(now, value.place(row)):
            raise NotOurs(f"{table.name}.{value.name}")


def _written(table: Table, changed: dict[object, tuple[Row, dict[str, Any]]]) -> list[tuple[Any, ...]]:
    """Put the cells where they are still what was read and no other transaction holds the row."""
    columns, name = table.columns, table.name
    old = [f"was_{place}" for place, _ in enumerate(columns)]
    new = [f"becomes_{place}" for place, _ in enumerate(columns)]
    types = [f"%s::{type_}[]" for type_ in columns.values()]
    same = " and ".join(f"t.{column} is not distinct from told.{was}" for column, was in zip(columns, old, strict=True))
    put = ", ".join(f"{column} = free.{becomes}" for column, becomes in zip(columns, new, strict=True))
    gives = ", ".join(f"t.{column}" for column in (table.key, *columns))
    values: list[list[Any]] = [list(changed)]
    for side in (0, 1):
        values += [
            [_bound(type_, pair[side][column]) for pair in changed.values()] for column, type_ in columns.items()
        ]
    with connection.cursor() as cursor:
        cursor.execute("set local gandeng.resealing = 'on'")
        without_history(cursor, name)
        cursor.execute(
            f"""with told as (
                select * from unnest(%s::{table.key_type}[], {", ".join(types * 2)}) as u (key, {", ".join(old + new)})
            ), free as (
                select told.* from {name} t join told on t.{table.key} = told.key where {same}
                for no key update of t skip locked
            )
            update {name} t set {put} from free where t.{table.key} = free.key returning {gives}""",
            values,
        )
        return list(cursor.fetchall())


def without_history(cursor: Any, table: str) -> None:
    """Until the transaction ends nothing is written of what the rows of the table were: nothing of a person changes."""
    cursor.execute(
        """select set_config('pgtrigger.ignore', coalesce(array_agg(tgname::text), '{}')::text, true)
            from pg_trigger where tgrelid = %s::regclass and tgname like 'pgtrigger\\_%%'""",
        [table],
    )


def _bound(type_: str, cell: object) -> object:
    return Jsonb(cell) if type_ == "jsonb" else cell
