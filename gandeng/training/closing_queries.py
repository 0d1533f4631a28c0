"""Before an event is closed: what is still missing. After: each one's result, and who may be given a certificate."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.certificates.models import Certificate
from gandeng.core.region_code import PROVINCE_DIGITS
from gandeng.training.cost_queries import costs_of
from gandeng.training.day_queries import MAY_COME, slots
from gandeng.training.event_queries import Standing, participants_of
from gandeng.training.models import Event, Participant, Report, Result
from gandeng.training.paper_queries import papers_of

LACKS = ("ABSENT", "NO_TEST", "BELOW")


@dataclass(frozen=True)
class Before:
    """What whoever closes must know first."""

    expected: int
    early: bool
    """Its last day is not over: it cannot be closed yet."""
    never_opened: tuple[date, ...]
    """Days nobody could sign in on; they do not count as held."""
    open_days: tuple[date, ...]
    """Closed with the event."""
    nobody_came: tuple[date, ...]
    open_papers: tuple[str, ...]
    """Kinds; closed with the event."""
    unfinished: int
    """Sittings that began and were not handed in."""
    no_test: bool
    """A share of right answers is demanded, and there is no test afterwards: nobody qualifies."""
    costs_untold: int

    @property
    def clear(self) -> bool:
        """Nothing to think about."""
        return not (
            self.never_opened or self.open_days or self.nobody_came or self.open_papers or self.unfinished
            or self.no_test or self.costs_untold
        )  # fmt: skip


def before_closing(event: Event) -> Before:
    """For whoever runs the event; the caller has asked."""
    days, papers = slots(event), papers_of(event)
    return Before(
        expected=Participant.objects.filter(event=event, state__in=MAY_COME).count(),
        early=event.ends_on > timezone.localdate(),
        never_opened=tuple(one.day for one in days if one.opened is None and one.may_open),
        open_days=tuple(one.day for one in days if one.is_open),
        nobody_came=tuple(one.day for one in days if one.opened is not None and not one.there),
        open_papers=tuple(kind for kind, one in papers.items() if one.paper.closed_at is None),
        unfinished=sum(one.begun - one.handed_in for one in papers.values()),
        no_test=event.pass_percent is not None and "POST" not in papers,
        costs_untold=costs_of(event).untold,
    )  # fmt: skip


def report_of(event: Event) -> Report | None:
    """The report, once there is one."""
    return Report.objects.filter(event=event).select_related("made_by").first()


def results_of(standing: Standing) -> QuerySet[Result]:
    """Of the people one sees: all, for whoever runs the event."""
    rows = Result.objects.filter(participant__in=participants_of(standing).values("pk"))
    return rows.select_related("participant__staff__person")


@dataclass(frozen=True)
class Sums:
    """Of results: counted, no name."""

    people: int
    qualify: int
    lacks: dict[str, int]
    pre: tuple[int, int]
    """How many sat the test before, and the mean share of right answers in tenths of a percent."""
    post: tuple[int, int]


def sums_of(event: Event) -> Sums:
    """For whoever runs the event."""
    rows = list(Result.objects.filter(participant__event=event))
    missing = Counter(code for one in rows for code in one.lacks)
    return Sums(
        len(rows), sum(one.qualifies for one in rows), {code: missing[code] for code in LACKS},
        _mean([(one.pre_right, one.pre_questions) for one in rows]),
        _mean([(one.post_right, one.post_questions) for one in rows]),
    )  # fmt: skip


def _mean(marks: list[tuple[int | None, int | None]]) -> tuple[int, int]:
    sat = [(right, whole) for right, whole in marks if right is not None and whole]
    if not sat:
        return 0, 0
    return len(sat), round(sum(1000 * right / whole for right, whole in sat) / len(sat))


@dataclass(frozen=True)
class Attended:
    """How many of a district were invited, said yes, and came on at least one day."""

    district: str
    invited: int
    confirmed: int
    came: int


def by_district(event: Event) -> list[Attended]:
    """In the order of codes; those who said no or were taken off are not in."""
    there = Q(attendances__isnull=False, attendances__taken_back_at=None)
    rows = (
        Participant.objects.filter(event=event, state__in=MAY_COME)
        .values("region_code")
        .annotate(
            invited=Count("pk", distinct=True),
            confirmed=Count("pk", filter=Q(state=Participant.State.CONFIRMED), distinct=True),
            came=Count("pk", filter=there, distinct=True),
        )
        .order_by("region_code")
    )
    return [Attended(one["region_code"], one["invited"], one["confirmed"], one["came"]) for one in rows]


def certified(event: Event) -> dict[UUID, Certificate]:
    """Certificates in force from this event, by staff, of the people one may see."""
    rows = Certificate.objects.filter(from_event=event.pk, revocation=None).order_by("issued_on", "number")
    return {one.staff_id: one for one in rows}


def to_certify(acting: Acting, event: Event) -> list[Result]:
    """Who qualifies, was given none from this event yet, and may be given one by this person; never oneself.

    One that was revoked is renewed by itself, with its reason, and never among others.
    """
    if event.skill is None:
        return []
    given = Certificate.objects.filter(from_event=event.pk).values("staff_id")
    rows = (
        Result.objects.filter(participant__event=event, qualifies=True)
        .exclude(participant__staff_id__in=given)
        .exclude(person_id=acting.person_id)
        .select_related("participant__staff__person")
        .order_by("participant__region_code", "participant__staff__staff_no")
    )
    offices = {one.pk: issuing_office(event, one) for one in rows}
    return [
        one for one in rows
        if acting.may(May.ISSUE_CERTIFICATE, offices[one.pk]) and offices[one.pk].startswith(event.skill.region_code)
    ]  # fmt: skip


def issuing_office(event: Event, result: Result) -> str:
    """Whose certificate it is: the event's office, or the one above where she works elsewhere by now."""
    works = result.participant.staff.region_code
    if works.startswith(event.region_code):
        return event.region_code
    province = works[:PROVINCE_DIGITS]
    return province if event.region_code.startswith(province) else ""
