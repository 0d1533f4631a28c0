"""What anybody who holds a certificate may learn of it: what stands on it, and whether it holds today."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.accounts.public_codes import tidy
from gandeng.certificates.content import grouped
from gandeng.certificates.models import Certificate


@dataclass(frozen=True)
class Verified:
    """What the paper with this code must say; nothing it does not say but its state today."""

    number: str
    code: str
    holder: str
    skill: str
    title: str
    event: str
    held_from: date | None
    held_until: date | None
    hours: int | None
    place: str
    office: str
    signer_name: str
    signer_post: str
    issued_on: date
    last_day: date | None
    """The last day it holds, as printed."""
    digest: str
    state: str
    """VALID, EXPIRED or REVOKED."""
    revoked_at: datetime | None


def verify(code: str) -> Verified | None:
    """The paper of that code, None where there is none. Spaces, dashes and small letters do not matter."""
    wanted = tidy(code)
    if not wanted:
        return None
    with in_territory(MACHINE):
        rows = Certificate.objects.select_related("skill", "revocation")
        found = rows.filter(code=wanted, origin=Certificate.Origin.OWN).first()
    return _verified(found) if found else None


def _verified(found: Certificate) -> Verified:
    revocation = getattr(found, "revocation", None)
    ended = found.valid_until is not None and found.valid_until <= timezone.localdate()
    return Verified(
        number=found.number, code=grouped(found.code or ""), holder=found.holder_name, skill=found.skill.name,
        title=found.title, event=found.event_title, held_from=found.held_from, held_until=found.held_until,
        hours=found.hours, place=found.place, office=found.office_name, signer_name=found.signer_name,
        signer_post=found.signer_post, issued_on=found.issued_on,
        last_day=found.last_day, digest=found.content_sha256,
        state="REVOKED" if revocation else "EXPIRED" if ended else "VALID",
        revoked_at=revocation.at if revocation else None,
    )  # fmt: skip
