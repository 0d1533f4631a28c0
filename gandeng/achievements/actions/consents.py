"""Consent: given on paper, withdrawn any day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.achievements.actions.common import AchievementRefused, Sent, locked, note, refusing
from gandeng.achievements.actions.deciding import end_and_erase
from gandeng.achievements.actions.records import sight
from gandeng.achievements.models import Achievement, Consent
from gandeng.audit.sealing import Place, seal_content, unseal_content

COVERS = ("book", "name", "school", "photo", "story")


@dataclass(frozen=True)
class Given:
    """Who agreed, until which day (exclusive), to what (of COVERS), on which paper."""

    given_by: str
    relation: str
    given_on: date
    valid_until: date
    covers: frozenset[str]
    paper: Sent


@transaction.atomic
def give_consent(acting: Acting, one: Achievement, given: Given, key: UUID) -> Consent:
    """From now on this one alone counts; `key` is made with the form. Raises AchievementRefused, PermissionDenied."""
    authority = acting.authority(May.RECORD_ACHIEVEMENT, one.family.village_code)
    if again := Consent.objects.filter(pk=key, achievement=one, recorded_by_id=acting.person_id).first():
        return again
    row = locked(one, *(state for state in Achievement.State if state != Achievement.State.WITHDRAWN))
    with refusing(_("Persetujuan ini tidak cocok: periksa siapa yang memberi dan tanggalnya.")):
        made = Consent.objects.create(
            pk=key, achievement=row, given_by=given.given_by, relation=given.relation, given_on=given.given_on,
            valid_until=given.valid_until, media_type=given.paper.media_type, byte_count=len(given.paper.content),
            content_sealed=seal_content(given.paper.content, _place(key)),
            recorded_by_id=acting.person_id, **{f"covers_{name}": name in given.covers for name in COVERS},
        )  # fmt: skip
    note(
        acting, "achievement.consent_given", row, authority, relation=given.relation, covers=sorted(given.covers),
        until=given.valid_until.isoformat(),
    )  # fmt: skip
    return made


def _place(key: UUID) -> Place:
    return Place("achievements_consent", "content", str(key))


@transaction.atomic
def withdraw_consent(acting: Acting, one: Achievement, day: date, reason: str, *, erase: bool = False) -> None:
    """The last consent ends now; `erase` where the family also wants what was told deleted.

    `day` is the one on which the family said so. Raises AchievementRefused, PermissionDenied.
    """
    authority = acting.authority(May.RECORD_ACHIEVEMENT, one.family.village_code)
    if day > timezone.localdate():
        raise AchievementRefused(_("Tanggalnya belum tiba."), "day")
    row = locked(one)
    rows = Consent.objects.filter(pk__in=[row.consent_id] if row.consent_id else [], withdrawn_at=None)
    ended = rows.update(
        withdrawn_on=day, withdrawn_at=timezone.now(), withdrawn_by_id=acting.person_id, withdrawn_because=reason
    )
    if not ended:
        raise AchievementRefused(_("Tidak ada persetujuan yang dapat dicabut."))
    note(acting, "achievement.consent_withdrawn", row, authority, reason, erase=erase)
    if erase:
        end_and_erase(acting, row, authority, reason)


@transaction.atomic
def open_consent(acting: Acting, one: Achievement, consent: Consent) -> bytes:
    """The signed paper, written down first. PermissionDenied."""
    note(acting, "achievement.consent_opened", one, sight(acting, one))
    return unseal_content(bytes(consent.content_sealed), _place(consent.pk))
