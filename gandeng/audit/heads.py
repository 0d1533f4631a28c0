"""The daily head: where the log stood, signed, as one line that can be kept outside (reliability.md, I1 and INV 28).

One head covers all sixteen chains and the head before it, so a single line kept elsewhere anchors everything up to it.
"""

import base64
import hashlib
from datetime import UTC, date, datetime

from django.db import connection, transaction
from django.utils import timezone

from gandeng.audit.actions import Machine, record
from gandeng.audit.log_keys import LogKey, log_key
from gandeng.audit.models import AuditHead

WORD = "gandeng-log-head-1"
"""First word of an anchor and of what is signed; a change of form is another number."""
_LOCK = 7064


class NoKey(RuntimeError):
    """There is no key to sign with; `gandeng keys make-log` writes one."""


def seal_log() -> AuditHead:
    """The head of today (Asia/Jakarta): made and signed now, or the one that was. Raises NoKey.

    A day has one head whatever the clock does; which came first is told by numbers, never by dates.
    """
    key, day = log_key(), timezone.localdate()
    if key is None:
        raise NoKey
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        if (there := AuditHead.objects.filter(day=day).first()) is not None:
            return there
        made = _made(day, key)
        record(Machine(), "log.sealed", made, day=day.isoformat(), root=made.root.hex())
    return made


def _made(day: date, key: LogKey) -> AuditHead:
    last = AuditHead.objects.order_by("-number").first()
    number, previous = (last.number + 1, bytes(last.root)) if last else (1, b"")
    with connection.cursor() as cursor:
        cursor.execute("select shard, number, encode(hash, 'hex') from audit_log_ends() order by shard")
        ends = [list(row) for row in cursor.fetchall()]
    at = timezone.now()
    root = hashlib.sha256(_text(number, day, at, previous, key.public, ends).encode()).digest()
    return AuditHead.objects.create(
        number=number, day=day, at=at, ends=ends, previous=previous, root=root, key=key.public,
        signature=key.private.sign(_signed(day, root).encode()),
    )  # fmt: skip


def _text(number: int, day: date, at: datetime, previous: bytes, key: bytes, ends: list[list[int | str]]) -> str:
    """What the root is the digest of; `office.verify` builds it again in SQL."""
    told = [
        WORD,
        str(number),
        day.isoformat(),
        f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        previous.hex(),
        key.hex(),
    ]
    return "\n".join(told + [f"{shard} {count} {digest}" for shard, count, digest in ends])


def _signed(day: date, root: bytes) -> str:
    return f"{WORD} {day.isoformat()} {root.hex()}"


def anchor(head: AuditHead) -> str:
    """The line to mail, print or file away: word, day, root, public key, signature."""
    parts = (bytes(head.key), bytes(head.signature))
    return " ".join([_signed(head.day, bytes(head.root)), *(base64.b64encode(part).decode() for part in parts)])
