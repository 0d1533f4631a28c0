"""The bank of questions of a course, for whoever plans trainings there."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.training.day_queries import MAY_COME
from gandeng.training.models import Course, Event, Paper, Participant, Question
from gandeng.web.finding import found_or_404
from gandeng.web.refusals import Refusal


class StillSits(Refusal):
    """Whoever is to sit the tests of a course does not read before what is asked and what is right."""


def courses_sat(acting: Acting) -> QuerySet[Participant, Any]:
    """Ids of courses one was invited to and whose test afterwards is not closed, as values of `event__course`."""
    over = Paper.objects.filter(event=OuterRef("event"), kind=Paper.Kind.POST, closed_at__isnull=False)
    rows = Participant.objects.filter(
        ~Exists(over), staff__person_id=acting.person_id, state__in=MAY_COME, event__state=Event.State.INVITED
    )
    return rows.values("event__course")


def sits(acting: Acting, course: Course) -> bool:
    """True for whoever is still to sit a test of the course."""
    return courses_sat(acting).filter(event__course=course).exists()


def not_before(acting: Acting, course: Course) -> None:
    """Raises StillSits."""
    if sits(acting, course):
        raise StillSits(
            _(
                "Anda peserta pelatihan ini: soal dan kuncinya terbuka bagi Anda setelah tes akhirnya ditutup. Minta "
                "rekan di kantor Anda mengurus soal dan tesnya."
            )
        )


def access_bank(acting: Acting, course_id: UUID, *, keeps: bool = False) -> Course:
    """A course whose questions one may read: of one's own offices, or of those above; `keeps`: may change.

    Http404; raises StillSits.
    """
    where = acting.where(May.PLAN_TRAINING)
    rows = Course.objects.filter(region_code__touches=where) if where.regions else Course.objects.none()
    course = found_or_404(rows, course_id)
    if keeps and not acting.may(May.PLAN_TRAINING, course.region_code):
        raise Http404
    not_before(acting, course)
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
    return rows.exclude(pk=course.pk).exclude(pk__in=courses_sat(acting)).distinct().order_by("title", "pk")
