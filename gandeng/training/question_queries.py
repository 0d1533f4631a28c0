"""The bank of questions of a course, for whoever plans trainings there."""

from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.training.models import Course, Question
from gandeng.web.finding import found_or_404


def access_bank(acting: Acting, course_id: UUID, *, keeps: bool = False) -> Course:
    """A course whose questions one may read: of one's own offices, or of those above; `keeps`: may change. Http404."""
    where = acting.where(May.PLAN_TRAINING)
    rows = Course.objects.filter(region_code__touches=where) if where.regions else Course.objects.none()
    course = found_or_404(rows, course_id)
    if keeps and not acting.may(May.PLAN_TRAINING, course.region_code):
        raise Http404
    return course


def questions_of(course: Course, *, retired: bool = False) -> QuerySet[Question]:
    """Of the bank, in the order of the course's units, then as they came; each with how many papers it stood on."""
    rows = Question.objects.filter(course=course, retired_at__isnull=not retired)
    return rows.annotate(used=Count("papers")).order_by("unit", "entered_at", "pk")


def access_question(course: Course, question_id: UUID) -> Question:
    """One that is not retired. Http404."""
    return found_or_404(Question.objects.filter(course=course, retired_at=None), question_id)


def bank_by_unit(course: Course) -> dict[str, list[Question]]:
    """Units in the order of the course, the rest after them; without a unit last."""
    told: dict[str, list[Question]] = {}
    for one in questions_of(course):
        told.setdefault(one.unit, []).append(one)
    order = {unit: place for place, unit in enumerate(course.units)}
    return dict(sorted(told.items(), key=lambda pair: (not pair[0], order.get(pair[0], len(order)), pair[0])))


def others_with_questions(acting: Acting, course: Course) -> QuerySet[Course]:
    """Courses whose questions could be copied here."""
    where = acting.where(May.PLAN_TRAINING)
    rows = Course.objects.filter(region_code__touches=where, questions__retired_at=None, questions__isnull=False)
    return rows.exclude(pk=course.pk).distinct().order_by("title", "pk")
