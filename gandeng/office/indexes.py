"""Where blind indexes are kept, by which key each was made, and whether the registry is found by the newest."""

from collections import Counter
from dataclasses import dataclass

from django.db import connection, transaction

from gandeng.audit.sealing import INDEX_VERSION, KeysMissing, keys


@dataclass(frozen=True)
class Indexed:
    """A column of indexes beside the sealed value each is made of; `account` is SQL: its channel, null for a number.

    `only` narrows to the rows that are looked for; all others keep what they were made with.
    """

    table: str
    column: str
    kind: str
    account: str = "null::text"
    only: str = "true"

    @property
    def name(self) -> str:
        """As people read it."""
        return f"{self.table}.{self.column}_index"

    @property
    def version(self) -> str:
        """SQL: the key that made it."""
        return INDEX_VERSION.format(f"{self.column}_index")


LOOKED_FOR = (
    Indexed("registry_family", "kk", "kk"),
    Indexed("registry_member", "nik", "nik"),
    Indexed("registry_account", "account", "account", account="channel"),
    Indexed("facilitators_identity", "nik", "nik"),
    Indexed("facilitators_identity", "kk", "kk"),
    Indexed(
        "registry_changerequest", "identifier", "nik", only="state = 'PENDING'",
        account="""case when kind = 'ACCOUNT' then "after"->>'channel' end""",
    ),
)  # fmt: skip
"""What is searched, compared and unique: always by the newest key."""

KEPT = (
    Indexed("registry_changerequest", "identifier", "nik", only="state <> 'PENDING'"),
    Indexed("registry_familyevent", "kk", "kk"),
    Indexed("registry_memberevent", "nik", "nik"),
    Indexed("payments_payment", "nik", "nik"),
    Indexed("payments_payment", "account", "account"),
)
"""Rows nobody changes: what was decided, what was, and lists, whose roots cover their indexes."""


def held() -> dict[str, Counter[int]]:
    """How many indexes each version of the keys made, by table and column."""
    told: dict[str, Counter[int]] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")
        for each in (*LOOKED_FOR, *KEPT):
            cursor.execute(
                f"select {each.version}, count(*) from {each.table} where {each.column}_index is not null"
                f" and {each.only} group by 1"
            )
            told.setdefault(each.name, Counter()).update(dict(cursor.fetchall()))
    return {name: count for name, count in told.items() if count}


def in_registry() -> int | None:
    """Version that the registry is indexed with, all of it at once; None where it has no index."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_EVERYWHERE)
        for each in LOOKED_FOR:
            cursor.execute(
                f"select {each.version} from {each.table} where {each.column}_index is not null and {each.only} limit 1"
            )
            if found := cursor.fetchone():
                return int(found[0])
    return None


_EVERYWHERE = """select set_config('gandeng.territory', '{""}', true), set_config('gandeng.channels', '{*}', true)"""
"""The role of the pages sees no row without a territory."""


def otherwise() -> bool:
    """Whether nobody would be found: the registry is indexed with another key than the newest of the file."""
    try:
        newest = keys().newest_index
    except KeysMissing:
        return False
    return in_registry() not in (None, newest)
