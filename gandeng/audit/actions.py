"""Writing the log, and showing a full identifier."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID
from zlib import crc32

from django.db import connection
from psycopg.types.json import Jsonb

from gandeng.audit.models import AuditEntry
from gandeng.audit.sealing import Place, unseal


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

    Whoever acts need not be able to read the entry, so nothing is asked back.
    """
    if thing is not None:
        object_type, object_id = type(thing).__name__, getattr(thing, "pk", "")
    row: dict[str, Any] = {
        "shard": crc32(region[:4].encode()) % AuditEntry.SHARDS,
        "number": 0,
        "person_id": actor.person_id,
        "person_name": actor.person_name,
        "authority": authority,
        "action": action,
        "object_type": object_type,
        "object_id": str(object_id),
        "region_code": region,
        "reason": reason,
        "facts": Jsonb(facts),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into audit_auditentry ({', '.join(row)}) values ({', '.join(['%s'] * len(row))})", [*row.values()]
        )


def reveal(actor: Actor, sealed: bytes, place: Place, *, purpose: str, region: str, authority: str = "") -> str:
    """The full identifier, for a purpose that is written down first."""
    if not purpose.strip():
        raise ValueError("a purpose is needed")
    record(
        actor, "identifier.revealed", object_type=place.table, object_id=place.row, region=region,
        authority=authority, reason=purpose, column=place.column,
    )  # fmt: skip
    return unseal(sealed, place)
