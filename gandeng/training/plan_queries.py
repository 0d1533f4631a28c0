"""Who needs a course and when she cannot; what offices lack and plan. Read by set, for a whole region at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.certificates.models import Skill
from gandeng.certificates.queries import Narrowed, coverage, lacking
from gandeng.training.course_queries import courses_of, in_force, may_hold, offices_of
from gandeng.training.models import BatchPlan, Course, Event, Participant
from gandeng.training.planning import Candidate, Span
from gandeng.web.finding import found_or_404

NEVER, EXPIRED, SOON, POST = "NEVER", "EXPIRED", "SOON", "POST"
_URGENCY = {NEVER: 1, EXPIRED: 1, SOON: 2, POST: 1}
"""Who cannot do it today comes before whoever soon cannot."""

_ON_A_LIST = """
select p.staff_id from training_participant p join training_event e on e.id = p.event_id
where p.state = any(%(coming)s) and e.state in ('DRAFT', 'INVITED') and e.ends_on >= %(day)s
    and (e.course_id = %(course)s or e.skill_id = %(skill)s) and p.staff_id = any(%(staff)s)
"""

_OF_A_POST = """
select s.id, s.staff_no, p.name, s.region_code, s.home_code from facilitators_staff s
join accounts_person p on p.id = s.person_id
where s.region_code ^@ %(region)s and s.joined_on <= %(day)s and (s.left_on is null or s.left_on > %(day)s)
    and exists (select from facilitators_post o where o.staff_id = s.id and o.role = any(%(roles)s)
        and o.valid_from <= %(day)s and (o.valid_until is null or o.valid_until > %(day)s))
order by s.staff_no
"""

_AWAY = """
select v.staff_id, v.valid_from, v.valid_until - 1 from facilitators_leave v
where v.staff_id = any(%(staff)s) and v.valid_from <= %(last)s and v.valid_until > %(first)s
union all
select p.staff_id, p.starts_on, p.ends_on from training_participant p
where p.staff_id = any(%(staff)s) and p.state = any(%(coming)s) and p.starts_on <= %(last)s and p.ends_on >= %(first)s
union all
select s.id, s.left_on, %(last)s::date from facilitators_staff s where s.id = any(%(staff)s) and s.left_on <= %(last)s
order by 1, 2, 3
"""

_ABSENT = """
select p.home_code, p.starts_on, p.ends_on from training_participant p
where p.home_code = any(%(homes)s) and p.home_code <> '' and p.state = any(%(coming)s)
    and p.starts_on <= %(last)s and p.ends_on >= %(first)s
order by 1, 2, 3
"""


@dataclass(frozen=True)
class Needing:
    """Somebody who needs the course; `why` is what she lacks, or that she holds the post."""

    staff_id: UUID
    staff_no: str
    name: str
    district: str
    home: str
    why: str
    away: tuple[Span, ...] = ()

    @property
    def candidate(self) -> Candidate:
        """As the planner takes her."""
        return Candidate(str(self.staff_id), self.home, _URGENCY[self.why], self.away)


@dataclass(frozen=True)
class Need:
    """Who needs a course and is on no list yet; how many are on one."""

    people: list[Needing]
    on_a_list: int


def who_needs(
    acting: Acting, course: Course, region: str, day: date, *, roles: Sequence[str] = (), soon: bool = True
) -> Need:
    """Of staff at work there: who lacks the skill of the course, longest without it first; or everybody of these posts.

    The right is asked here too: nobody plans for a place whose staff she does not see.
    """
    acting.authority(May.SEE_STAFF, region)
    if course.skill_id:
        states = (NEVER, EXPIRED, SOON) if soon else (NEVER, EXPIRED)
        found = lacking(acting, region, day, narrowed=Narrowed(course.skill_id, states=states))
        found.sort(key=lambda one: (one.state != NEVER, one.until or date.min, one.staff_no))
        people = [
            Needing(one.staff_id, one.staff_no, one.name, one.district, one.home_code, one.state) for one in found
        ]
    else:
        rows = _asked(_OF_A_POST, {"region": region, "day": day, "roles": [*roles]})
        people = [Needing(key, number, name, place, home, POST) for key, number, name, place, home in rows]
    values = {
        "course": course.pk, "skill": course.skill_id, "day": day, "staff": [one.staff_id for one in people],
        "coming": [*Participant.COMING],
    }  # fmt: skip
    listed = {row[0] for row in _asked(_ON_A_LIST, values)}
    return Need([one for one in people if one.staff_id not in listed], len(listed))


def with_days(people: Sequence[Needing], first: date, last: date) -> list[Needing]:
    """With the days each cannot, in that time."""
    away: dict[UUID, list[Span]] = defaultdict(list)
    values = {
        "staff": [one.staff_id for one in people], "first": first, "last": last, "coming": [*Participant.COMING],
    }  # fmt: skip
    for staff_id, begins, ends in _asked(_AWAY, values):
        away[staff_id].append(Span(begins, ends))
    return [replace(one, away=tuple(away.get(one.staff_id, ()))) for one in people]


def absent_in(homes: Sequence[str], first: date, last: date) -> dict[str, list[Span]]:
    """By sub-district: days on which one of hers is at some event already, a span each."""
    found: dict[str, list[Span]] = defaultdict(list)
    values = {"homes": [*homes], "first": first, "last": last, "coming": [*Participant.COMING]}
    for home, begins, ends in _asked(_ABSENT, values):
        found[home].append(Span(begins, ends))
    return dict(found)


def _asked(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


@dataclass(frozen=True)
class NeedRow:
    """A course one may hold, how many lack what it teaches, how many are on a list for it."""

    course: Course
    lacking: int
    running_out: int
    planned: int


@dataclass(frozen=True)
class Needs:
    """Courses with a skill, those without, and skills that are lacked and no course teaches."""

    taught: list[NeedRow]
    meetings: list[Course]
    untaught: list[tuple[Skill, int]]


def needs_of(acting: Acting, region: str, day: date) -> Needs:
    """For the offices one plans for."""
    short: dict[UUID, list[int]] = defaultdict(lambda: [0, 0])
    for one in coverage(acting, region, day):
        short[one.skill_id][0] += one.lacking
        short[one.skill_id][1] += one.running_out
    courses = [one for one in courses_of(acting).filter(in_force(day)) if may_hold(acting, one)]
    courses.sort(key=lambda one: (one.title, str(one.pk)))
    planned = _planned(region, day)
    taught = [_need(one, one.skill_id, short, planned) for one in courses if one.skill_id]
    taught.sort(key=lambda row: -row.lacking)
    missing = {skill: numbers[0] for skill, numbers in short.items() if numbers[0]}
    for row in taught:
        missing.pop(row.course.skill_id, None)  # type: ignore[arg-type]
    named = Skill.objects.in_bulk(missing)
    untaught = sorted(
        ((named[key], number) for key, number in missing.items() if key in named), key=lambda one: -one[1]
    )
    return Needs(taught, [one for one in courses if not one.skill_id], untaught)


def _need(course: Course, skill: UUID, short: dict[UUID, list[int]], planned: dict[UUID, int]) -> NeedRow:
    lacked, running_out = short.get(skill, [0, 0])
    return NeedRow(course, lacked, running_out, planned.get(skill, 0))


def _planned(region: str, day: date) -> dict[UUID, int]:
    rows = Participant.objects.filter(
        state__in=Participant.COMING, event__state__in=("DRAFT", "INVITED"), event__ends_on__gte=day,
        event__skill__isnull=False, region_code__startswith=region,
    )  # fmt: skip
    counted = rows.order_by().values("event__skill_id").annotate(people=Count("staff_id", distinct=True))
    return {row["event__skill_id"]: row["people"] for row in counted}


def plans_of(acting: Acting) -> QuerySet[BatchPlan]:
    """Plans of one's own offices."""
    return BatchPlan.objects.filter(region_code__in=offices_of(acting)).select_related("course", "made_by", "undone_by")


def access_plan(acting: Acting, plan_id: UUID) -> BatchPlan:
    """One of them. Http404."""
    return found_or_404(plans_of(acting), plan_id)


def next_batch_no(course: Course, office: str) -> int:
    """The number after the last batch of that course in the office."""
    last = Event.objects.filter(course=course, region_code=office, batch_no__isnull=False).exclude(state="CANCELLED")
    return (last.order_by("-batch_no").values_list("batch_no", flat=True).first() or 0) + 1


def window(first_days: Sequence[date], days: int) -> tuple[date, date]:
    """From the first day of the first batch to the last of the last."""
    return min(first_days), max(first_days) + timedelta(days=days - 1)
