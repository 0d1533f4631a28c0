"""Letting somebody in again who lost the password or the second factor.

The mail alone opens nothing. Whoever asks reads the mail, sees a code once, and says it to somebody who knows her; that
person says yes, where the role is over money a second one too; then a second mail and the same code let her choose a
password. Old sessions, second factors and keys are over, and rights over money rest for a while.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting, recovered_lately
from gandeng.accounts.actions import Itself, Refused, end_sessions
from gandeng.accounts.keys import region_of, revoke_all
from gandeng.accounts.models import Grant, Person, Recovery, RecoveryApproval, User
from gandeng.accounts.public_codes import digits_of, new_digits
from gandeng.accounts.reach import grants_of
from gandeng.accounts.roles import OVER_MONEY, RULES, May, Role
from gandeng.audit.actions import record
from gandeng.web.finding import found_or_404

ASKED_HOURS = 72
LINK_HOURS = 24
WRONG_CODES_MAX = 5
_DIGITS = 8
_TWO = 2


def needed_for(person: Person) -> int:
    """How many others have to say yes: two where a role of the person is over money or people."""
    over_money = any(RULES[Role(grant.role)].may & OVER_MONEY for grant in grants_of(person))
    return _TWO if over_money else 1


def open_recoveries() -> QuerySet[Recovery]:
    """Neither used, ended nor past its time."""
    found = Recovery.objects.filter(used_at=None, ended_at=None, expires_at__gt=timezone.now())
    return found.select_related("person", "user")


def waiting_for(acting: Acting) -> QuerySet[Recovery]:
    """Of other people whose every role lies where `acting` may let in again, without a yes of `acting` yet."""
    return _of_territory(acting).filter(approved_at=None).exclude(approvals__person_id=acting.person_id)


def _of_territory(acting: Acting) -> QuerySet[Recovery]:
    where = acting.where(May.LET_IN_AGAIN)
    held = Grant.objects.filter(Q(valid_until=None) | Q(valid_until__gt=timezone.localdate()))
    inside = held.filter(region_code__within=where)
    outside = held.exclude(pk__in=inside.values("pk"))
    of_others = open_recoveries().exclude(person_id=acting.person_id)
    return of_others.filter(person_id__in=inside.values("person_id")).exclude(person_id__in=outside.values("person_id"))


def access_recovery(acting: Acting, recovery_id: object) -> Recovery:
    """One `acting` may decide or has said yes to. Raises Http404."""
    return found_or_404(_of_territory(acting), recovery_id)


def own_recovery(acting: Acting) -> dict[str, Any]:
    """What `Akun saya` tells: a request that is open in one's name, and until when rights over money rest."""
    used = recovered_lately().filter(person_id=acting.person_id).aggregate(at=Max("used_at"))["at"]
    rests = used and used + timedelta(hours=settings.RECOVERY_REST_HOURS)
    return {"recovery": open_recoveries().filter(person_id=acting.person_id).first(), "rests_until": rests}


@transaction.atomic
def ask(user: User, letter: str, lost: str) -> tuple[Recovery, str]:
    """A request by whoever opened the link in the mail, and the code, which is shown once. Raises Refused.

    One that was open is replaced, with every yes it had. `letter` is the secret of the link: it asks once.
    """
    now = timezone.now()
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    for old in Recovery.objects.filter(user=user, used_at=None, ended_at=None):
        _end(old, Recovery.Ended.REPLACED, None, "")
    code = new_digits(_DIGITS)
    try:
        with transaction.atomic():
            recovery = Recovery.objects.create(
                user=user, person=user.person, lost=lost, letter_digest=_digest(letter), code_digest=_keyed(code),
                needed=needed_for(user.person), expires_at=now + timedelta(hours=ASKED_HOURS),
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(_("Alamat ini sudah dipakai. Mintalah surel yang baru.")) from error
    record(
        Itself(user.person), "login.recovery_asked", user.person, region=region_of(user.person), lost=lost,
        needed=recovery.needed,
    )  # fmt: skip
    return recovery, code


def right_code(recovery: Recovery, code: str) -> bool:
    """Whether it is the code shown to whoever asked. Counted; after five wrong ones the request has ended."""
    with transaction.atomic():
        kept = Recovery.objects.select_for_update(no_key=True).get(pk=recovery.pk)
        if kept.ended_at or kept.used_at:
            return False
        if constant_time_compare(_keyed(digits_of(code)), bytes(kept.code_digest)):
            return True
        kept.wrong_codes += 1
        kept.save(update_fields=["wrong_codes"])
        if kept.wrong_codes >= WRONG_CODES_MAX:
            _end(kept, Recovery.Ended.GUESSED, None, "")
            record(
                Itself(kept.person), "login.recovery_ended", kept.person, region=region_of(kept.person),
                reason="Kode salah terlalu sering",
            )  # fmt: skip
    return False


@transaction.atomic
def approve(acting: Acting, recovery: Recovery, *, reason: str) -> str:
    """A yes. Gives the secret of the second link when it was the last one needed, else nothing.

    Raises Refused, PermissionDenied.
    """
    kept, authority = _to_decide(acting, recovery)
    if kept.approved_at or needed_for(kept.person) > kept.needed:
        raise Refused(_("Permintaan ini tidak dapat disetujui lagi. Orangnya perlu meminta yang baru."))
    if kept.approvals.filter(person_id=acting.person_id).exists():
        raise Refused(_("Anda sudah menyetujui permintaan ini. Yang kedua harus orang lain."))
    RecoveryApproval.objects.create(recovery=kept, person_id=acting.person_id, authority=authority, reason=reason)
    record(
        acting, "login.recovery_approved", kept.person, region=region_of(kept.person), authority=authority,
        reason=reason, needed=kept.needed,
    )  # fmt: skip
    if kept.approvals.count() < kept.needed:
        return ""
    secret, now = secrets.token_urlsafe(24), timezone.now()
    kept.link_digest, kept.approved_at = _digest(secret), now
    kept.expires_at = now + timedelta(hours=LINK_HOURS)
    kept.save(update_fields=["link_digest", "approved_at", "expires_at"])
    return secret


@transaction.atomic
def refuse(acting: Acting, recovery: Recovery, *, reason: str) -> None:
    """A no, with a reason: the request has ended."""
    kept, authority = _to_decide(acting, recovery)
    _end(kept, Recovery.Ended.REFUSED, acting.person_id, reason)
    record(
        acting, "login.recovery_refused", kept.person, region=region_of(kept.person), authority=authority,
        reason=reason,
    )  # fmt: skip


@transaction.atomic
def withdraw(acting: Acting) -> None:
    """The person herself, signed in: nobody is to be let in again in her name."""
    for kept in Recovery.objects.select_for_update(no_key=True).filter(
        person_id=acting.person_id, used_at=None, ended_at=None
    ):
        _end(kept, Recovery.Ended.WITHDRAWN, acting.person_id, "")
        record(acting, "login.recovery_withdrawn", kept.person, region=region_of(kept.person))


def recovery_for(secret: str) -> Recovery | None:
    """The approved request the link of the second mail opens now."""
    return open_recoveries().filter(link_digest=_digest(secret), user__is_active=True).first()


@transaction.atomic
def let_in(recovery: Recovery, password: str) -> None:
    """The new password; every session and second factor of the login and every key is over. Raises Refused."""
    taken = open_recoveries().filter(pk=recovery.pk).exclude(approved_at=None).update(used_at=timezone.now())
    if not taken:
        raise Refused(_("Alamat ini tidak berlaku lagi."))
    user = User.objects.select_for_update(no_key=True).get(pk=recovery.user_id)
    user.set_password(password)
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    end_sessions(recovery.person)
    revoke_all(Itself(recovery.person), recovery.person, authority="", reason="Akun dipulihkan")
    record(
        Itself(recovery.person), "login.recovered", recovery.person, region=region_of(recovery.person),
        lost=recovery.lost,
    )  # fmt: skip


def _to_decide(acting: Acting, recovery: Recovery) -> tuple[Recovery, str]:
    """The request, locked, and the authority over every role of its person."""
    if recovery.person_id == acting.person_id:
        raise PermissionDenied(May.LET_IN_AGAIN)
    regions = {grant.region_code for grant in grants_of(recovery.person)}
    words = [acting.authority(May.LET_IN_AGAIN, region) for region in sorted(regions)]
    if not words:
        raise PermissionDenied(May.LET_IN_AGAIN)
    kept = Recovery.objects.select_for_update(no_key=True).select_related("person").get(pk=recovery.pk)
    if kept.used_at or kept.ended_at or kept.expires_at <= timezone.now():
        raise Refused(_("Permintaan ini sudah selesai atau lewat waktunya."))
    return kept, words[0]


def _end(recovery: Recovery, ended_as: str, person_id: object, reason: str) -> None:
    Recovery.objects.filter(pk=recovery.pk).update(
        ended_at=timezone.now(), ended_as=ended_as, ended_by_id=person_id, ended_reason=reason
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _keyed(code: str) -> bytes:
    """Eight digits are tried through in a moment by whoever reads the table, but for the key."""
    return salted_hmac("gandeng.accounts.recovery", code, algorithm="sha256").digest()
