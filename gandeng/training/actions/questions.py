"""Questions are entered one by one or as a list, replaced by better ones, and retired. Their words never change."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.training.actions.common import TrainingRefused, refusing
from gandeng.training.models import Course, Question


@dataclass(frozen=True)
class Asked:
    """One question; `right` is the place of the right option, from 0."""

    unit: str
    text: str
    options: tuple[str, ...]
    right: int
    explanation: str = ""


def enter(acting: Acting, course: Course, asked: Asked) -> Question:
    """One more. Raises TrainingRefused, PermissionDenied."""
    return enter_many(acting, course, [asked])[0]


@transaction.atomic
def enter_many(acting: Acting, course: Course, asked: Sequence[Asked], **facts: str) -> list[Question]:
    """All or none. Raises TrainingRefused, PermissionDenied."""
    authority = acting.authority(May.PLAN_TRAINING, course.region_code)
    texts = {" ".join(one.text.casefold().split()) for one in asked}
    there = Question.objects.filter(course=course, retired_at=None).values_list("text", flat=True)
    if len(texts) < len(asked) or texts & {" ".join(text.casefold().split()) for text in there}:
        raise TrainingRefused(_("Soal dengan bunyi itu sudah ada dalam bank soal ini."), "text")
    rows = [_row(acting, course, one) for one in asked]
    with refusing():
        Question.objects.bulk_create(rows, batch_size=500)
    record(
        acting, "training.questions_entered", course, region=course.region_code, authority=authority,
        questions=len(rows), **facts,
    )  # fmt: skip
    return rows


def _row(acting: Acting, course: Course, asked: Asked, replaces: Question | None = None) -> Question:
    return Question(
        course=course, region_code=course.region_code, unit=asked.unit, text=asked.text, options=list(asked.options),
        right_option=asked.right, explanation=asked.explanation, replaces=replaces, entered_by_id=acting.person_id,
    )  # fmt: skip


@transaction.atomic
def replace(acting: Acting, question: Question, asked: Asked) -> Question:
    """A better one in its place; papers that had the old one keep it. Raises TrainingRefused, PermissionDenied."""
    authority = acting.authority(May.PLAN_TRAINING, question.region_code)
    twice = TrainingRefused(_("Soal ini sudah diganti. Muat ulang halamannya."))
    with refusing(also={"training_question_replaces_id_key": twice}):
        new = _row(acting, question.course, asked, question)
        new.save(force_insert=True)
        _retire(question)
    record(
        acting, "training.question_replaced", question, region=question.region_code, authority=authority,
        by=str(new.pk),
    )  # fmt: skip
    return new


@transaction.atomic
def retire(acting: Acting, question: Question) -> None:
    """No new paper has it. Raises TrainingRefused, PermissionDenied."""
    authority = acting.authority(May.PLAN_TRAINING, question.region_code)
    with refusing():
        _retire(question)
    record(acting, "training.question_retired", question, region=question.region_code, authority=authority)


def _retire(question: Question) -> None:
    if not Question.objects.filter(pk=question.pk, retired_at=None).update(retired_at=timezone.now()):
        raise TrainingRefused(_("Soal ini sudah tidak dipakai."))


@transaction.atomic
def copy(acting: Acting, source: Course, course: Course) -> int:
    """The questions of another course that this one lacks. Gives how many. Raises TrainingRefused, PermissionDenied."""
    acting.authority(May.PLAN_TRAINING, course.region_code)
    there = set(Question.objects.filter(course=course, retired_at=None).values_list("text", flat=True))
    rows = Question.objects.filter(course=source, retired_at=None).exclude(text__in=there).order_by("entered_at", "pk")
    asked = [Asked(one.unit, one.text, tuple(one.options), one.right_option, one.explanation) for one in rows]
    if not asked:
        raise TrainingRefused(_("Semua soal pelatihan itu sudah ada di sini."), "source")
    return len(enter_many(acting, course, asked, copied_from=str(source.pk)))
