"""Telling what was found out. Nothing of money changes by it: a channel's row alone does that."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.follow_up.models import FollowUp
from gandeng.follow_up.queries import Subject, may_tell
from gandeng.web.refusals import Refusal, guarded

_GUARDS = {"followup_day": "on_day", "followup_code": "reason_code", "followup_says": "note"}


class FollowUpRefused(Refusal):
    """What was told does not fit; says why."""


@dataclass(frozen=True)
class Told:
    """What somebody found out; `entry_id` is made where it is written, so that sending twice is once."""

    entry_id: UUID
    on_day: date
    how: str
    found: str
    reason_code: str = ""
    note: str = ""


def tell(acting: Acting, subject: Subject, told: Told) -> FollowUp:
    """Keep it; the same entry again gives the one there is. Raises FollowUpRefused, PermissionDenied."""
    payment, place = subject.payment, subject.payment.village_code
    right = May.WORK_EXCEPTIONS if acting.may(May.WORK_EXCEPTIONS, place, payment.channel) else May.ACCOMPANY
    authority = acting.authority(right)
    if not may_tell(acting, payment, timezone.localdate()):
        raise FollowUpRefused(_("Anda tidak mendampingi keluarga ini hari ini."))
    _require(told)
    with transaction.atomic(), guarded(_words):
        made, new = FollowUp.objects.get_or_create(
            pk=told.entry_id,
            defaults={
                "payment": payment, "case": subject.case, "family_id": payment.family_id, "village_code": place,
                "channel": payment.channel, "on_day": told.on_day, "how": told.how, "found": told.found,
                "reason_code": told.reason_code, "note": told.note.strip(), "by_id": acting.person_id,
                "authority": authority,
            },
        )  # fmt: skip
        if not new:
            return _again(acting, made, subject)
        record(
            acting, "follow_up.told", made, region=place, authority=authority, payment=payment.pk, found=told.found,
            how=told.how, code=told.reason_code,
        )  # fmt: skip
    return made


def _require(told: Told) -> None:
    if told.on_day > timezone.localdate():
        raise FollowUpRefused(_("Hari itu belum tiba."), "on_day")
    if told.found == FollowUp.Found.OTHER and not told.note.strip():
        raise FollowUpRefused(_("Tulis hasilnya."), "note")


def _again(acting: Acting, made: FollowUp, subject: Subject) -> FollowUp:
    if made.by_id != acting.person_id or made.payment_id != subject.payment.pk:
        raise FollowUpRefused(_("Catatan ini sudah dipakai untuk hal lain. Muat ulang halamannya."))
    return made


def _words(name: str) -> FollowUpRefused | None:
    if name in _GUARDS:
        return FollowUpRefused(_("Periksa isian ini."), _GUARDS[name])
    return None
