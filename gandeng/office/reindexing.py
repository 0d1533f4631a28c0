"""The registry indexed with new keys: `gandeng keys reindex` (docs/decisions/0023, docs/operations.md).

While it changes, the same number stands under two keys, and no constraint would see it twice. So nothing serves
meanwhile, and all of it changes in one transaction. Lists, history and what was decided keep the indexes they were
made with, each of which names its key; a bank's answer about them is indexed with that key.

Killed before its end nothing has changed but the file of keys; nothing starts then, and asked for again it completes.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, cast

from django.conf import settings
from django.db import connection, transaction

from gandeng.audit.actions import Machine, record
from gandeng.audit.sealing import Kind, NotOurs, add_index_version, index_version, keys, take_back_index_version
from gandeng.audit.sealing_many import blind_accounts, blind_all, unseal_all
from gandeng.office import indexes
from gandeng.office.indexes import LOOKED_FOR, Indexed
from gandeng.office.resealing import without_history
from gandeng.office.upgrading import stopped

type Report = Callable[[str, int, int], None]
"""Gets the column, rows done and rows there are."""
type _Rows = list[tuple[str, bytes, bytes, str | None]]
"""Id, sealed, index, channel of an account."""

_BATCH = 5_000


class NotAtRest(Exception):
    """Work that would go on with indexes of two keys; `code` is a sentence of `words` (keys.rest_...)."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class Damaged(Exception):
    """A row whose number does not open, or is not what its index says; nothing has changed."""


def reindex(report: Report) -> tuple[int, Counter[str]]:
    """Index the registry with new keys; gives their version and how many values of which column.

    Where an earlier run was killed its keys are used. Raises NotAtRest, Damaged, upgrading.NotNow.
    """
    with stopped():
        _require_rest()
        version = keys().newest_index
        if indexes.in_registry() in (None, version):
            version = add_index_version(settings.KEY_FILE)
        return version, _kept(version, report)


def _kept(version: int, report: Report) -> Counter[str]:
    """All of it, or nothing; then its keys leave the file again, unless they may have been kept: nothing is lost so."""
    may_be_kept = False
    try:
        with transaction.atomic():
            done = _all(version, report)
            record(
                Machine(), "keys.reindexed", object_type="Keys", object_id=version, version=version,
                reindexed=dict(done),
            )  # fmt: skip
            may_be_kept = True
    except BaseException:
        if not may_be_kept:
            take_back_index_version(settings.KEY_FILE, version)
        raise
    return done


_REST = {
    "stages": """select string_agg(year || '-' || stage, ', ' order by year, stage) from payments_cycle
        where state <> 'CLOSED'""",
    "lists": "select nullif(count(*), 0)::text from registry_intake where state = 'STAGED'",
}
"""A stage that is open would have payments of both keys; a list that waits was compared by the old one."""


def _require_rest() -> None:
    with connection.cursor() as cursor:
        for code, query in _REST.items():
            cursor.execute(query)
            (found,) = cursor.fetchone() or (None,)
            if found:
                raise NotAtRest(code, which=found)


def _all(version: int, report: Report) -> Counter[str]:
    done: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")
        cursor.execute(f"lock table {', '.join(each.table for each in LOOKED_FOR)} in share row exclusive mode")
        waiting = {each.name: _count(cursor, each) for each in LOOKED_FOR}
        for each in LOOKED_FOR:
            without_history(cursor, each.table)
            for rows in _batches(cursor, each):
                _write(cursor, each, rows, version)
                done[each.name] += len(rows)
                report(each.name, done.total(), sum(waiting.values()))
    return done


def _count(cursor: Any, each: Indexed) -> int:
    cursor.execute(f"select count(*) from {each.table} where {each.column}_index is not null and {each.only}")
    return int(cursor.fetchone()[0])


def _batches(cursor: Any, each: Indexed) -> Iterator[_Rows]:
    last = None
    while rows := _next(cursor, each, last):
        yield rows
        last = rows[-1][0]


def _next(cursor: Any, each: Indexed, last: str | None) -> _Rows:
    cursor.execute(
        f"""select id::text, {each.column}_sealed, {each.column}_index, {each.account} from {each.table}
            where {each.column}_index is not null and {each.only} and (%(last)s::uuid is null or id > %(last)s::uuid)
            order by id limit %(batch)s""",
        {"last": last, "batch": _BATCH},
    )
    return [(row, bytes(sealed), bytes(index), channel) for row, sealed, index, channel in cursor.fetchall()]


def _write(cursor: Any, each: Indexed, rows: _Rows, version: int) -> None:
    """Each number opened, held against the index it has, indexed anew."""
    ids = [row[0] for row in rows]
    try:
        texts = unseal_all(each.table, each.column, ids, (row[1] for row in rows))
    except NotOurs as error:
        raise Damaged(each.name) from error
    channels = [row[3] for row in rows]
    for made_with in {index_version(index) for _, _, index, _ in rows}:
        was = _indexed(each, texts, channels, made_with)
        for (row, _, index, _), told in zip(rows, was, strict=True):
            if index_version(index) == made_with and index != told:
                raise Damaged(f"{each.name} {row}")
    cursor.execute(
        f"""update {each.table} t set {each.column}_index = n.index
            from unnest(%s::uuid[], %s::bytea[]) n(id, index) where t.id = n.id""",
        [ids, _indexed(each, texts, channels, version)],
    )


def _indexed(each: Indexed, texts: list[str], channels: list[str | None], version: int) -> list[bytes | None]:
    """An account of a channel where one is told, else a number."""
    if each.account == "channel":
        return blind_accounts(cast("list[str]", channels), texts, version)
    numbers = blind_all(cast("Kind", each.kind), texts, version)
    if not any(channels):
        return numbers
    accounts = blind_accounts([channel or "" for channel in channels], texts, version)
    return [
        account if channel else number for channel, account, number in zip(channels, accounts, numbers, strict=True)
    ]
