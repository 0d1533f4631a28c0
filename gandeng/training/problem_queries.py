"""Problems raised at events: whose they are to see, to answer, to give away."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from gandeng.accounts.acting import Acting, grants_on
from gandeng.accounts.context import places_offered, region_name
from gandeng.accounts.models import Person
from gandeng.accounts.roles import RULES, WORDS, May, Role
from gandeng.core.region_code import DISTRICT_DIGITS, PROVINCE_DIGITS
from gandeng.regions.places import districts_of
from gandeng.training.event_queries import Standing
from gandeng.training.models import Event, Participant, Problem, ProblemStep
from gandeng.web.finding import found_or_404

ANSWERS = (
    May.PLAN_TRAINING, May.KEEP_STAFF, May.DECIDE_CASELOAD, May.DECIDE_CHANGE, May.WORK_EXCEPTIONS, May.RUN_CYCLE,
    May.KEEP_CODE, May.SEE_SUMMARY,
)  # fmt: skip
"""Whoever holds one of these somewhere over the place of a problem can be given it."""
FILTERS = ("state", "about", "region", "late", "mine")
UNSOLVED = (Problem.State.OPEN, Problem.State.ANSWERED)
_CHOICES_MAX = 300


def problems_of(acting: Acting) -> QuerySet[Problem]:
    """Of the places one's office sees, those one raised, and those one was given."""
    seen = Q(region_code__within=acting.where(May.SEE_STAFF)) | Q(
        event__region_code__within=acting.where(May.PLAN_TRAINING)
    )
    rows = Problem.objects.filter(seen | Q(raised_by_id=acting.person_id) | Q(owner_id=acting.person_id))
    return rows.select_related("event", "raised_by", "owner")


def matching(acting: Acting, filters: dict[str, str], today: date) -> QuerySet[Problem]:
    """Narrowed as the page offers; what is not known narrows to nothing."""
    rows = problems_of(acting)
    if filters["state"]:
        rows = rows.filter(state=filters["state"])
    if filters["about"]:
        rows = rows.filter(about=filters["about"])
    if filters["region"]:
        rows = rows.filter(region_code__startswith=filters["region"])
    if filters["late"]:
        rows = rows.filter(state=Problem.State.OPEN, due_on__lt=today)
    if filters["mine"]:
        rows = rows.filter(owner_id=acting.person_id)
    return rows


def waiting_for(acting: Acting) -> QuerySet[Problem]:
    """Given to who acts, and not answered yet."""
    return Problem.objects.filter(owner_id=acting.person_id, state=Problem.State.OPEN)


def not_given(acting: Acting) -> QuerySet[Problem]:
    """At events of one's own offices, open and with nobody who still works for an office."""
    where = acting.where(May.PLAN_TRAINING)
    there = grants_on(timezone.localdate()).filter(person_id=OuterRef("owner_id"))
    return Problem.objects.filter(~Exists(there), event__region_code__within=where, state=Problem.State.OPEN)


def problems_at(standing: Standing) -> QuerySet[Problem]:
    """Raised at one event, as far as one sees them."""
    return problems_of(standing.acting).filter(event=standing.event).order_by("number")


def own_problems(standing: Standing) -> list[Problem]:
    """What a participant raised herself at an event."""
    return list(Problem.objects.filter(event=standing.event, raised_by_id=standing.acting.person_id).order_by("number"))


@dataclass(frozen=True)
class Seen:
    """A problem, and what one may do about it."""

    acting: Acting
    problem: Problem
    steps: tuple[ProblemStep, ...]

    @property
    def office(self) -> bool:
        """Plans trainings where it was raised."""
        return self.acting.may(May.PLAN_TRAINING, self.problem.event.region_code)

    @property
    def gives(self) -> bool:
        """May name who answers."""
        return self.office and self.problem.state == Problem.State.OPEN

    @property
    def answers(self) -> bool:
        """May answer it."""
        mine = self.problem.owner_id == self.acting.person_id
        return (self.office or mine) and self.problem.state in UNSOLVED

    @property
    def settles(self) -> bool:
        """May say that the answer does: the office, or who raised it."""
        raised = self.problem.raised_by_id == self.acting.person_id
        return (self.office or raised) and self.problem.state == Problem.State.ANSWERED

    @property
    def reopens(self) -> bool:
        """May say that it does not."""
        raised = self.problem.raised_by_id == self.acting.person_id
        return (self.office or raised) and self.problem.state in (Problem.State.ANSWERED, Problem.State.CLOSED)

    @property
    def late(self) -> bool:
        """Its day has passed without an answer."""
        due = self.problem.due_on
        return self.problem.state == Problem.State.OPEN and due is not None and due < timezone.localdate()


def access_problem(acting: Acting, problem_id: UUID) -> Seen:
    """One of them. Http404."""
    problem = found_or_404(problems_of(acting), problem_id)
    steps = ProblemStep.objects.filter(problem=problem).select_related("by", "owner").order_by("at", "pk")
    return Seen(acting, problem, tuple(steps))


def places_of(event: Event) -> list[tuple[str, str]]:
    """Places a problem of the event can be about: its region, the districts in it, or where its people set out."""
    found = [event.region_code]
    if len(event.region_code) == PROVINCE_DIGITS:
        found += [one.code.digits for one in districts_of(event.region_code)]
    homes = Participant.objects.filter(event=event).exclude(home_code="").values_list("home_code", flat=True)
    if len(event.region_code) == DISTRICT_DIGITS:
        found += sorted(set(homes))
    elif not event.region_code:
        found += sorted(
            {code[:4] for code in Participant.objects.filter(event=event).values_list("region_code", flat=True)}
        )
    return places_offered(dict.fromkeys(found))[:_CHOICES_MAX]


def own_places_of(standing: Standing) -> list[tuple[str, str]]:
    """Places a participant can raise a problem of: hers, as far as her territory reaches, and the event's."""
    own, event = standing.own, standing.event
    mine = standing.acting.territory.regions
    codes = [own.home_code, own.region_code, event.region_code] if own else []
    near = [
        code for code in codes
        if code.startswith(event.region_code) and any(one.startswith(code) or code.startswith(one) for one in mine)
    ]  # fmt: skip
    return places_offered(code for code in dict.fromkeys(near) if code or not event.region_code)


def owners_for(problem: Problem) -> list[tuple[str, str]]:
    """Who can be given it: id, and name with role and place. The nearest office first."""
    roles = [role for role in Role if set(ANSWERS) & RULES[role].may]
    region = problem.region_code
    above = [region[:length] for length in (0, 2, 4, 6) if length <= len(region)]
    held = (
        grants_on(timezone.localdate())
        .filter(role__in=roles, region_code__in=above, channel="")
        .select_related("person")
        .order_by("person__name", "pk")
    )
    told: dict[str, str] = {}
    for one in sorted(held, key=lambda grant: -len(grant.region_code)):
        words = f"{one.person.name}, {WORDS[Role(one.role)]} {region_name(one.region_code)}"
        told.setdefault(str(one.person_id), words)
    return list(told.items())[:_CHOICES_MAX]


def person_of(person_id: str) -> Person:
    """Somebody who was offered. Http404."""
    found = Person.objects.filter(pk=person_id).first()
    if found is None:
        raise Http404
    return found
