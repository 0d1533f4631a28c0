"""Recording an achievement: what, its papers, handing it in."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.achievements.actions.common import AchievementRefused, Sent, locked, note, refusing
from gandeng.achievements.models import Achievement, Paper
from gandeng.achievements.queries import SEES, content_of
from gandeng.audit.sealing import Place, seal, seal_content
from gandeng.files.photos import PhotoRefused, reduced
from gandeng.registry.models import Family, Member
from gandeng.words import say

State = Achievement.State
PHOTO_PX = 900
PROOFS_MAX = 6
_LABEL_SHOWN = 120


@dataclass(frozen=True)
class Told:
    """What is recorded; `standing` of a family alone, `level` of a child always."""

    field: str
    what: str
    achieved_on: date
    level: str = ""
    standing: str = ""
    giver: str = ""
    school: str = ""
    story: str = ""

    def columns(self, key: UUID) -> dict[str, object]:
        """As the row holds it."""
        return {
            "field": self.field, "what": self.what, "achieved_on": self.achieved_on, "level": self.level,
            "standing": self.standing, "giver": self.giver, "school": self.school,
            "story_sealed": seal(self.story, Place("achievements_achievement", "story", str(key))),
        }  # fmt: skip


@transaction.atomic
def record_achievement(acting: Acting, family: Family, member: Member | None, told: Told, key: UUID) -> Achievement:
    """A draft; `key` is made with the form, so that sent twice it is one.

    Raises AchievementRefused, PermissionDenied.
    """
    authority = acting.authority(May.RECORD_ACHIEVEMENT, family.village_code)
    if again := Achievement.objects.filter(pk=key, recorded_by_id=acting.person_id, family=family).first():
        return again
    _require_standing(family, told)
    kind = Achievement.Kind.CHILD if member else Achievement.Kind.FAMILY
    made = Achievement(
        pk=key, family=family, member=member, kind=kind, recorded_by_id=acting.person_id, **told.columns(key)
    )
    with refusing(_("Prestasi ini tidak dapat dicatat begitu. Periksa isiannya.")):
        made.save(force_insert=True)
    note(acting, "achievement.recorded", made, authority, kind=made.kind)
    return made


def _require_standing(family: Family, told: Told) -> None:
    """Who is said to have graduated has."""
    graduated = (Achievement.Standing.INDEPENDENT, Achievement.Standing.IMPROVED)
    if told.standing in graduated and family.status != Family.Status.GRADUATED:
        raise AchievementRefused(_("Keluarga ini belum berstatus graduasi. Pilih “Menuju mandiri”."), "standing")


@transaction.atomic
def change_achievement(acting: Acting, one: Achievement, told: Told) -> None:
    """What a draft, or one that came back, says. Raises AchievementRefused, PermissionDenied."""
    authority = acting.authority(May.RECORD_ACHIEVEMENT, one.family.village_code)
    row = locked(one, State.DRAFT, State.RETURNED)
    _require_standing(row.family, told)
    for name, value in told.columns(row.pk).items():
        setattr(row, name, value)
    with refusing(_("Prestasi ini tidak dapat dicatat begitu. Periksa isiannya.")):
        row.save()
    note(acting, "achievement.changed", row, authority)


@transaction.atomic
def add_paper(acting: Acting, one: Achievement, kind: str, sent: Sent) -> Paper:
    """A proof, or the photo, which is drawn anew. Raises AchievementRefused, PermissionDenied."""
    authority = acting.authority(May.RECORD_ACHIEVEMENT, one.family.village_code)
    row, key = locked(one, State.DRAFT, State.RETURNED), uuid4()
    there = Paper.objects.filter(achievement=row, kind=kind).count()
    if kind == Paper.Kind.PHOTO and there:
        raise AchievementRefused(_("Sudah ada foto. Hapus dahulu yang lama."), "photo")
    if there >= PROOFS_MAX:
        raise AchievementRefused(_("Paling banyak enam bukti. Gabungkan dalam satu PDF."), "proof")
    content, size = sent.content, {}
    if kind == Paper.Kind.PHOTO:
        try:
            photo = reduced(content, longest_px=PHOTO_PX)
        except PhotoRefused as why:
            raise AchievementRefused(say(f"photos.{why.code}", **why.facts), "photo") from why
        content, size = photo.jpeg, {"width": photo.width, "height": photo.height}
    paper = Paper.objects.create(
        pk=key, achievement=row, kind=kind, media_type="image/jpeg" if size else sent.media_type,
        byte_count=len(content), added_by_id=acting.person_id,
        label_sealed=seal(sent.label[-_LABEL_SHOWN:] or "-", Place("achievements_paper", "label", str(key))),
        content_sealed=seal_content(content, Place("achievements_paper", "content", str(key))),
        **size,
    )  # fmt: skip
    note(acting, "achievement.paper_added", row, authority, kind=kind)
    return paper


@transaction.atomic
def remove_paper(acting: Acting, one: Achievement, paper: Paper) -> None:
    """Of a draft, or one that came back. Raises AchievementRefused, PermissionDenied."""
    authority = acting.authority(May.RECORD_ACHIEVEMENT, one.family.village_code)
    row = locked(one, State.DRAFT, State.RETURNED)
    Paper.objects.filter(pk=paper.pk, achievement=row).delete()
    note(acting, "achievement.paper_removed", row, authority, kind=paper.kind)


@transaction.atomic
def open_paper(acting: Acting, one: Achievement, paper: Paper) -> bytes:
    """What it holds, written down first. PermissionDenied."""
    note(acting, "achievement.paper_opened", one, sight(acting, one), kind=paper.kind)
    return content_of(paper)


def sight(acting: Acting, one: Achievement) -> str:
    """On what authority somebody looks. PermissionDenied."""
    rights = [may for may in SEES if acting.may(may, one.family.village_code)]
    return acting.authority(rights[0] if rights else SEES[0], one.family.village_code)


@transaction.atomic
def submit(acting: Acting, one: Achievement) -> None:
    """To be confirmed by somebody else. Raises AchievementRefused, PermissionDenied."""
    authority = acting.authority(May.RECORD_ACHIEVEMENT, one.family.village_code)
    row = locked(one, State.DRAFT, State.RETURNED)
    row.state, row.submitted_by_id, row.submitted_at = State.SUBMITTED, acting.person_id, timezone.now()
    row.decided_by_id = row.decided_at = None
    with refusing(_("Lengkapi dahulu: sedikitnya satu bukti, dan persetujuan yang berlaku.")):
        row.save()
    note(acting, "achievement.submitted", row, authority)
