"""Writing the log, and showing a full identifier."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID
from zlib import crc32

from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from gandeng.audit.models import AuditEntry
from gandeng.audit.sealing import Place, unseal
from gandeng.web.days import midnight


class Actor(Protocol):
    """Who acts: the person, and what the role is called that gives the right."""

    @property
    def person_id(self) -> UUID | None:
        """None for the machine itself."""
        ...

    @property
    def person_name(self) -> str:
        """As the log writes it."""
        ...


@dataclass(frozen=True)
class Machine:
    """Acts nobody pressed a button for."""

    person_id: None = None
    person_name: str = "Gandeng"


_from_address: ContextVar[str] = ContextVar("from_address", default="")


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """Acts written down inside say that they came from this network address."""
    token = _from_address.set(address)
    try:
        yield
    finally:
        _from_address.reset(token)


def from_address() -> str:
    """Where what happens now was asked for; empty for the machine itself."""
    return _from_address.get()


def record(
    actor: Actor,
    action: str,
    thing: object = None,
    *,
    object_type: str = "",
    object_id: object = "",
    region: str = "",
    authority: str = "",
    reason: str = "",
    **facts: object,
) -> None:
    """Write one act down, in the transaction that does it. `facts` hold no full identifier and are JSON.

    They name the address it came from (`coming_from`) as `from_address`, so that the chain of hashes covers it; the
    office's own machine has none.
    Whoever acts need not be able to read the entry, so nothing is asked back.
    """
    if thing is not None:
        object_type, object_id = type(thing).__name__, getattr(thing, "pk", "")
    row = _row(actor, action, object_type, object_id, region, facts) | {"authority": authority, "reason": reason}
    with connection.cursor() as cursor:
        cursor.execute(f"insert into audit_auditentry ({', '.join(row)}) values ({_marks(row)})", [*row.values()])


@dataclass(frozen=True)
class Line:
    """One of many acts written down together, as `record` takes it."""

    action: str
    thing: Any
    region: str
    authority: str
    facts: Mapping[str, object]
    reason: str = ""


def record_all(actor: Actor, lines: Sequence[Line]) -> None:
    """Many acts of one transaction by one statement: numbered and chained in this order, each as `record` does."""
    if not lines:
        return
    rows = [
        _row(actor, one.action, type(one.thing).__name__, one.thing.pk, one.region, dict(one.facts))
        | {"authority": one.authority, "reason": one.reason}
        for one in lines
    ]
    values = ", ".join(f"({_marks(row)})" for row in rows)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into audit_auditentry ({', '.join(rows[0])}) values {values}",
            [value for row in rows for value in row.values()],
        )


def record_first_today(actor: Actor, action: str, thing: object, *, region: str, authority: str) -> None:
    """Write down that somebody did this to this thing, once in a national day.

    Asked for where the entry can be read. Nobody (no person) is one somebody.
    """
    row = _row(actor, action, type(thing).__name__, getattr(thing, "pk", ""), region, {})
    row |= {"authority": authority, "reason": ""}
    since = midnight(timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into audit_auditentry ({", ".join(row)}) select {_marks(row)} where not exists (
                select from audit_auditentry where object_type = %s and object_id = %s and action = %s
                    and person_id is not distinct from %s::uuid and at >= %s)""",
            [*row.values(), row["object_type"], row["object_id"], action, actor.person_id, since],
        )


def _row(
    actor: Actor, action: str, object_type: str, object_id: object, region: str, facts: dict[str, object]
) -> dict[str, Any]:
    if address := from_address():
        facts.setdefault("from_address", address)
    return {
        "shard": crc32(region[:4].encode()) % AuditEntry.SHARDS,
        "number": 0,
        "person_id": actor.person_id,
        "person_name": actor.person_name,
        "action": action,
        "object_type": object_type,
        "object_id": str(object_id),
        "region_code": region,
        "facts": Jsonb(facts),
    }


def _marks(row: dict[str, Any]) -> str:
    return ", ".join(["%s"] * len(row))


def reveal(actor: Actor, sealed: bytes, place: Place, *, purpose: str, region: str, authority: str = "") -> str:
    """The full identifier, for a purpose that is written down first."""
    if not purpose.strip():
        raise ValueError("a purpose is needed")
    record(
        actor, "identifier.revealed", object_type=place.table, object_id=place.row, region=region,
        authority=authority, reason=purpose, column=place.column,
    )  # fmt: skip
    return unseal(sealed, place)
