"""API keys: made by the person a machine is to act as, told once, taken back by that person or an administrator.

An administrator makes none: whoever makes a key reads it, and an administrator sees no family and no money.
"""

import hashlib
import secrets
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting, acting_for
from gandeng.accounts.models import ApiKey, Person
from gandeng.accounts.queries import people_kept_by
from gandeng.accounts.reach import authority_over
from gandeng.accounts.roles import May
from gandeng.audit.actions import Actor, record
from gandeng.web.finding import found_or_404

IN_FORCE_MAX = 5
_MARK = "gandeng"


class TooMany(ValueError):
    """The message, in the language of the page, says what to do."""


@transaction.atomic
def make_key(acting: Acting, *, name: str, days: int) -> tuple[ApiKey, str]:
    """A key for a machine of one's own, and its text, which is kept nowhere. Raises TooMany, PermissionDenied."""
    held = acting.held(May.USE_KEY)
    Person.objects.select_for_update(no_key=True).get(pk=acting.person_id)
    today = timezone.localdate()
    if keys_of(acting.person_id).filter(revoked_at=None, valid_until__gt=today).count() >= IN_FORCE_MAX:
        words = _("Anda sudah mempunyai %(most)s kunci yang berlaku. Cabut dulu yang tidak dipakai lagi.")
        raise TooMany(words % {"most": IN_FORCE_MAX})
    prefix = secrets.token_hex(4)
    text = f"{_MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        person_id=acting.person_id, name=name, prefix=prefix, secret_sha256=_digest(text), made_on=today,
        valid_until=today + timedelta(days=days),
    )  # fmt: skip
    record(
        acting, "key.made", key, region=held.region_code, authority=held.words, key=prefix, name=name,
        valid_until=key.valid_until.isoformat(),
    )  # fmt: skip
    return key, text


@transaction.atomic
def revoke_key(acting: Acting, key: ApiKey, *, reason: str) -> None:
    """It opens nothing from the next request on, for good. Raises PermissionDenied."""
    _revoke(
        acting,
        key,
        "" if key.person_id == acting.person_id else authority_over(acting, May.MANAGE_PEOPLE, key.person),
        reason,
    )


def revoke_all(actor: Actor, person: Person, *, authority: str, reason: str) -> None:
    """Every key of a person whose account is closed or who was let in again; nothing brings one back.

    Whoever calls has asked for the right.
    """
    for key in keys_of(person.pk).filter(revoked_at=None):
        _revoke(actor, key, authority, reason)


def _revoke(actor: Actor, key: ApiKey, authority: str, reason: str) -> None:
    taken = ApiKey.objects.filter(pk=key.pk, revoked_at=None)
    if taken.update(revoked_at=timezone.now(), revoked_by_id=actor.person_id, revoked_reason=reason):
        record(
            actor, "key.revoked", key, region=region_of(key.person), authority=authority, reason=reason, key=key.prefix
        )


def keys_of(person_id: UUID) -> QuerySet[ApiKey]:
    """Newest first."""
    keys = ApiKey.objects.filter(person_id=person_id).select_related("person", "revoked_by")
    return keys.order_by("-made_on", "-valid_until", "id")


def access_key(acting: Acting, key_id: object) -> ApiKey:
    """One's own, or of a person one keeps. Raises Http404."""
    seen = Q(person_id=acting.person_id)
    if acting.may(May.MANAGE_PEOPLE):
        seen |= Q(person__in=people_kept_by(acting, {}).prefetch_related(None))
    return found_or_404(ApiKey.objects.filter(seen).select_related("person"), key_id)


def key_of(text: str) -> tuple[ApiKey | None, bool]:
    """The key whose public beginning that is, and whether the text is wholly its own."""
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != _MARK or not secret or not prefix.isalnum() or not text.isascii():
        return None, False
    key = ApiKey.objects.select_related("person").filter(prefix=prefix).first()
    return key, key is not None and secrets.compare_digest(bytes(key.secret_sha256), _digest(text))


def acting_with(key: ApiKey, today: date) -> Acting:
    """The key's person with the grants of today that a machine may use, and of those what the desk needs."""
    whole = acting_for(key.person_id, today)
    kept = (replace(held, key=key.prefix) for held in whole.grants)
    return Acting(key.person_id, key.person.name, tuple(held for held in kept if May.USE_KEY in held.rights))


def region_of(person: Person) -> str:
    """Where the log is to show what happens to a key of the person."""
    return person.grants.order_by("valid_from", "id").values_list("region_code", flat=True).first() or ""


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
