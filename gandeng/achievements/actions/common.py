"""What every act here shares."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.achievements.models import Achievement
from gandeng.audit.actions import record
from gandeng.web.refusals import Refusal, guarded


class AchievementRefused(Refusal):
    """An act about achievements."""


@dataclass(frozen=True)
class Sent:
    """A file somebody adds, looked at in forms."""

    label: str
    media_type: str
    content: bytes


def note(acting: Acting, action: str, one: Achievement, authority: str, reason: str = "", **facts: Any) -> None:
    """A line of the log: no name, no story."""
    record(acting, action, one, region=one.family.village_code, authority=authority, reason=reason, **facts)


def locked(one: Achievement, *states: str) -> Achievement:
    """The row as it is now, held until the end. Raises AchievementRefused where it is in none of the states."""
    row = (
        Achievement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("family", "member")
        .get(pk=one.pk)
    )
    if states and row.state not in states:
        raise AchievementRefused(_("Catatan ini sudah berubah sejak halaman itu dibuka. Periksa keadaannya sekarang."))
    return row


def refusing(message: str) -> AbstractContextManager[None]:
    """What a guard of the database refuses, in words. Acts inside are undone."""
    return guarded(lambda _name: AchievementRefused(message))
