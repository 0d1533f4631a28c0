"""What who asked does with number and PIN, and what the clock does."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from gandeng.audit.actions import Machine, record
from gandeng.audit.sealing import Place, seal, unseal
from gandeng.helpdesk.models import CaseEvent
from gandeng.helpdesk.published import clock_of, clocks


@dataclass(frozen=True)
class Followed:
    """A case as who asked sees it: what was told, and what may still be done."""

    key: str
    number: str
    kind: str
    state: str
    level: int
    reopened: bool
    merged: bool
    rating: int | None
    told: list[dict[str, Any]]


_FOUND = ("key", "number", "kind", "state", "level", "reopened", "merged", "rating")


def follow(number: str, digest: bytes) -> Followed | None:
    """None for a wrong number as for a wrong PIN: both ask the same two questions of the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select id::text, number, kind, state, level, reopened, merged_into_id is not null, rating
                from helpdesk_follow(%s, %s)""", [number, digest],
        )  # fmt: skip
        found = cursor.fetchone()
        cursor.execute(
            "select id::text, what, text_sealed, value, at from helpdesk_told(%s, %s)", [number, digest],
        )  # fmt: skip
        told = [_event(*row) for row in cursor.fetchall()]
    return Followed(**dict(zip(_FOUND, found, strict=True)), told=told) if found else None


def _event(key: str, what: str, text: bytes, value: str, at: Any) -> dict[str, Any]:
    """What the desk wrote is told with an answer alone: why it went up, and with what it was merged, stay inside."""
    tells = what in (CaseEvent.What.ANSWERED, CaseEvent.What.REOPENED) and bytes(text)
    said = unseal(bytes(text), Place("helpdesk_caseevent", "text", key)) if tells else ""
    stars = value if what == CaseEvent.What.RATED else ""
    return {"what": CaseEvent.What(what).label, "text": said, "stars": stars, "at": at}


def asker_reopens(case: Followed, digest: bytes, why: str) -> bool:
    """Once; False where it cannot be."""
    return _does(case, digest, CaseEvent.What.REOPENED, why, "")


def asker_rates(case: Followed, digest: bytes, stars: int) -> bool:
    """One to five, once; closes it."""
    return _does(case, digest, CaseEvent.What.RATED, "", str(stars))


@transaction.atomic
def _does(case: Followed, digest: bytes, what: str, text: str, stars: str) -> bool:
    key = str(uuid4())
    words = seal(text, Place("helpdesk_caseevent", "text", key)) if text else b""
    clock = clock_of(case.kind, case.level)
    with connection.cursor() as cursor:
        cursor.execute(
            "select helpdesk_asker_does(%s, %s, %s, %s, %s, %s, %s, %s)",
            [case.number, digest, key, what, words, stars, clock.due_at, clock.answer_by],
        )
        done = bool((cursor.fetchone() or (False,))[0])
    if done:
        record(Machine(), f"helpdesk.{what.lower()}", object_type="Case", object_id=case.key)
    return done


@transaction.atomic
def escalate_due() -> int:
    """Every case whose step is over its time goes one level up, with new clocks; again at once changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select helpdesk_escalate_due(%s)", [json.dumps(clocks())])
        done = int((cursor.fetchone() or (0,))[0])
    if done:
        record(Machine(), "helpdesk.escalated_due", cases=done)
    return done
