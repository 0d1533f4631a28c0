"""The catalogue: courses of the offices one works in, above and below."""

from datetime import date
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.region_code import DISTRICT_DIGITS, PROVINCE_DIGITS
from gandeng.training.models import Course
from gandeng.web.finding import found_or_404
from gandeng.web.scoping import Territory

FILTERS = ("q", "kind", "state")
_OFFICE_LENGTHS = (0, PROVINCE_DIGITS, DISTRICT_DIGITS)


def offices_of(acting: Acting, may: May = May.PLAN_TRAINING) -> list[str]:
    """Offices one has that right for, the highest first."""
    return sorted(code for code in acting.where(may).regions if len(code) in _OFFICE_LENGTHS)


def courses_of(acting: Acting) -> QuerySet[Course]:
    """For whoever sees staff or plans trainings."""
    seen = Territory(acting.where(May.SEE_STAFF).regions | acting.where(May.PLAN_TRAINING).regions)
    return Course.objects.filter(region_code__touches=seen).select_related("skill")


def in_force(day: date) -> Q:
    """Courses one may still hold."""
    return Q(ended_on=None) | Q(ended_on__gt=day)


def courses_matching(acting: Acting, filters: dict[str, str], day: date) -> QuerySet[Course]:
    """As the page narrows them. Raises BadRequest for what it does not offer."""
    rows = courses_of(acting)
    if asked := filters.get("q"):
        rows = rows.filter(Q(title__icontains=asked) | Q(skill__name__icontains=asked))
    if kind := filters.get("kind"):
        if kind not in Course.Kind:
            raise BadRequest("kind")
        rows = rows.filter(kind=kind)
    state = filters.get("state", "")
    if state not in ("", "ENDED"):
        raise BadRequest("state")
    return rows.exclude(in_force(day)) if state else rows.filter(in_force(day))


def access_course(acting: Acting, course_id: UUID) -> Course:
    """One of them. Http404."""
    return found_or_404(courses_of(acting), course_id)


def may_hold(acting: Acting, course: Course) -> list[str]:
    """Offices of hers that may hold events of it: the office that keeps it, and those below."""
    return [office for office in offices_of(acting) if office.startswith(course.region_code)]
