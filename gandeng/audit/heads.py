"""The daily head: where the log stood, signed, as one line that can be kept outside (docs/threats.md, I1 and 28).

One head covers all sixteen chains, what the ledger says of every row (audit.holding), and the head before it, so a
single line kept elsewhere anchors everything up to it.
"""

import base64
import hashlib
from datetime import UTC, date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from gandeng.audit.actions import Machine, record
from gandeng.audit.log_keys import LogKey, log_key
from gandeng.audit.models import AuditHead
from gandeng.web.patience import allow_long_work

FORMS = ("gandeng-log-head-1", "gandeng-log-head-2")
"""First word of an anchor and of what is signed: heads of the first form cover the log alone, those of the second the
ledger too."""
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
        allow_long_work(until_commit=True)
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        if (there := AuditHead.objects.filter(day=day).first()) is not None:
            return there
        made = _made(day, key)
        record(Machine(), "log.sealed", made, day=day.isoformat(), root=made.root.hex())
    return made


def _made(day: date, key: LogKey) -> AuditHead:
    last = AuditHead.objects.order_by("-number").first()
    head = AuditHead(number=1, day=day, at=timezone.now(), previous=b"", key=key.public)
    if last is not None:
        head.number, head.previous = last.number + 1, bytes(last.root)
    with connection.cursor() as cursor:
        cursor.execute("select shard, number, encode(hash, 'hex') from audit_log_ends() order by shard")
        head.ends = [list(row) for row in cursor.fetchall()]
    head.held = _ledger()
    head.root = hashlib.sha256(_text(head).encode()).digest()
    head.signature = key.private.sign(_signed(head).encode())
    head.save(force_insert=True)
    return head


def _ledger() -> dict[str, Any] | None:
    """Entries of the ledger that no head covers yet: their ids, how many, and the digest of them."""
    with connection.cursor() as cursor:
        cursor.execute("select ids, rows, encode(digest, 'hex') from audit_unsealed()")
        return dict(zip(("ids", "rows", "digest"), cursor.fetchone(), strict=True))


def _text(head: AuditHead) -> str:
    """What the root is the digest of; `office.verify` builds it again in SQL."""
    told = [
        _form(head),
        str(head.number),
        head.day.isoformat(),
        f"{head.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        head.previous.hex(),
        head.key.hex(),
    ]
    told += [f"{shard} {count} {digest}" for shard, count, digest in head.ends]
    held: dict[str, Any] | None = head.held
    return "\n".join(told + ([f"held {held['ids']} {held['rows']} {held['digest']}"] if held else []))


def _form(head: AuditHead) -> str:
    return FORMS[0] if head.held is None else FORMS[1]


def _signed(head: AuditHead) -> str:
    return f"{_form(head)} {head.day.isoformat()} {bytes(head.root).hex()}"


def anchor(head: AuditHead) -> str:
    """The line to mail, print or file away: form, day, root, public key, signature."""
    parts = (bytes(head.key), bytes(head.signature))
    return " ".join([_signed(head), *(base64.b64encode(part).decode() for part in parts)])
