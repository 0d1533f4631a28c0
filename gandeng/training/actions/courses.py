"""The catalogue: entered, changed, ended, taken over from the office above."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.certificates.queries import skills_for
from gandeng.training.actions.common import TrainingRefused, refusing
from gandeng.training.actions.questions import copy
from gandeng.training.models import Course, Question


@dataclass(frozen=True)
class Text:
    """What a course is and asks."""

    title: str
    kind: str
    days: int
    capacity: int
    about: str = ""
    units: Sequence[str] = ()
    source: str = ""
    hours: int | None = None
    skill_id: UUID | None = None
    attendance_percent_min: int | None = None
    pass_percent: int | None = None

    @property
    def columns(self) -> dict[str, object]:
        """As the table has them."""
        return asdict(self) | {"units": [*self.units]}


@transaction.atomic
def enter(acting: Acting, office: str, text: Text) -> Course:
    """A new course of an office. Raises TrainingRefused, PermissionDenied."""
    authority = acting.authority(May.PLAN_TRAINING, office)
    _skill_fits(acting, office, text)
    with refusing():
        course = Course.objects.create(region_code=office, entered_by_id=acting.person_id, **text.columns)
    record(acting, "course.entered", course, region=office, authority=authority, title=course.title)
    return course


@transaction.atomic
def change(acting: Acting, course: Course, text: Text) -> None:
    """What the next events will ask; those that are planned keep what they have. Raises TrainingRefused."""
    authority = acting.authority(May.PLAN_TRAINING, course.region_code)
    _skill_fits(acting, course.region_code, text)
    before = _locked(course)
    changed = sorted(name for name, value in text.columns.items() if getattr(before, name) != value)
    with refusing():
        Course.objects.filter(pk=course.pk).update(**text.columns)
    record(acting, "course.changed", course, region=course.region_code, authority=authority, changed=changed)


@transaction.atomic
def end(acting: Acting, course: Course, reason: str) -> None:
    """No event of it is planned from today on. Raises TrainingRefused."""
    authority = acting.authority(May.PLAN_TRAINING, course.region_code)
    _locked(course)
    Course.objects.filter(pk=course.pk).update(ended_on=timezone.localdate())
    record(acting, "course.ended", course, region=course.region_code, authority=authority, reason=reason)


@transaction.atomic
def take_over(acting: Acting, course: Course, office: str) -> Course:
    """A copy of the course of an office above, with its questions, for one's own to change. Raises TrainingRefused."""
    authority = acting.authority(May.PLAN_TRAINING, office)
    if not office.startswith(course.region_code) or office == course.region_code:
        raise TrainingRefused(_("Yang dapat diambil adalah pelatihan kantor di atas."))
    if course.ended_on is not None:
        raise TrainingRefused(_("Pelatihan ini sudah diakhiri."))
    text = Text(
        course.title, course.kind, course.days, course.capacity, course.about, course.units, course.source,
        course.hours, course.skill_id, course.attendance_percent_min, course.pass_percent,
    )  # fmt: skip
    with refusing():
        made = Course.objects.create(region_code=office, entered_by_id=acting.person_id, **text.columns)
    if Question.objects.filter(course=course, retired_at=None).exists():
        copy(acting, course, made)
    record(acting, "course.taken_over", made, region=office, authority=authority, taken_from=str(course.pk))
    return made


def _locked(course: Course) -> Course:
    found = Course.objects.select_for_update(of=("self",), no_key=True).get(pk=course.pk)
    if found.ended_on is not None:
        raise TrainingRefused(_("Pelatihan ini sudah diakhiri."))
    return found


def _skill_fits(acting: Acting, office: str, text: Text) -> None:
    """A skill in force, of the office or one above."""
    if text.skill_id is None:
        return
    if not skills_for(acting, office, timezone.localdate()).filter(pk=text.skill_id).exists():
        raise TrainingRefused(_("Pilih keahlian yang berlaku bagi kantor ini."), "skill")
