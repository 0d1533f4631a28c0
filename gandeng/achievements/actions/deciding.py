"""What another person says of a submitted achievement; taking one out; deleting what was told of it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.achievements.actions.common import AchievementRefused, locked, note, refusing
from gandeng.achievements.models import Achievement, Paper
from gandeng.achievements.queries import consent_on
from gandeng.audit.actions import Actor, record

State = Achievement.State
ERASED_KEPT = "(dihapus)"


@transaction.atomic
def confirm(acting: Acting, one: Achievement) -> None:
    """That it is true, by somebody who neither recorded nor submitted it.

    Raises AchievementRefused, PermissionDenied.
    """
    row, authority = _decided(acting, one)
    agreed = Achievement.objects.annotate(agreed=consent_on(timezone.localdate())).filter(pk=row.pk, agreed="")
    if not agreed.exists():
        raise AchievementRefused(_("Persetujuannya tidak berlaku lagi. Kembalikan agar dimintakan yang baru."))
    row.state, row.reason = State.CONFIRMED, ""
    row.save()
    note(acting, "achievement.confirmed", row, authority)


@transaction.atomic
def give_back(acting: Acting, one: Achievement, reason: str) -> None:
    """To whoever submitted it, with what is lacking. Raises AchievementRefused, PermissionDenied."""
    row, authority = _decided(acting, one)
    row.state, row.reason = State.RETURNED, reason
    row.save()
    note(acting, "achievement.returned", row, authority, reason)


def _decided(acting: Acting, one: Achievement) -> tuple[Achievement, str]:
    authority = acting.authority(May.CONFIRM_ACHIEVEMENT, one.family.village_code)
    row = locked(one, State.SUBMITTED)
    if acting.person_id in (row.recorded_by_id, row.submitted_by_id):
        raise AchievementRefused(_("Catatan Anda sendiri dikonfirmasi oleh orang lain."))
    row.decided_by_id, row.decided_at = acting.person_id, timezone.now()
    return row, authority


@transaction.atomic
def withdraw(acting: Acting, one: Achievement, reason: str, *, erase: bool = False) -> None:
    """Out of every list and yearbook to come, for good. Raises AchievementRefused, PermissionDenied."""
    rights = (May.RECORD_ACHIEVEMENT, May.CONFIRM_ACHIEVEMENT)
    held = next((may for may in rights if acting.may(may, one.family.village_code)), May.RECORD_ACHIEVEMENT)
    authority = acting.authority(held, one.family.village_code)
    row = locked(one, *(state for state in State if state != State.WITHDRAWN))
    if erase:
        end_and_erase(acting, row, authority, reason)
        return
    row.state, row.reason, row.withdrawn_at = State.WITHDRAWN, reason, timezone.now()
    row.save()
    note(acting, "achievement.withdrawn", row, authority, reason)


def end_and_erase(acting: Acting, row: Achievement, authority: str, reason: str) -> None:
    """Withdrawn, and what was told of it deleted, in the transaction of the caller who holds the row."""
    row.reason = reason
    _erase(row)
    note(acting, "achievement.erased", row, authority, reason)


def _erase(row: Achievement) -> None:
    now = timezone.now()
    row.state, row.withdrawn_at, row.erased_at = State.WITHDRAWN, row.withdrawn_at or now, now
    row.what, row.giver, row.school, row.story_sealed = ERASED_KEPT, "", "", b""
    with refusing(_("Catatan ini tidak dapat dihapus sekarang.")):
        row.save()
    Paper.objects.filter(achievement=row).delete()


def erase_all(actor: Actor, keys: Sequence[UUID], reason: str) -> int:
    """What is kept longer than the office says (privacy.disposing); gives how many."""
    rows = Achievement.objects.filter(pk__in=keys, erased_at=None).select_related("family")
    for row in rows.select_for_update(of=("self",), no_key=True):
        row.reason = row.reason or reason
        _erase(row)
        record(actor, "achievement.erased", row, region=row.family.village_code, reason=reason)
    return len(keys)
