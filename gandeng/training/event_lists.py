"""Events in the order of the calendar, who could be named for one, and how its people are spread."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import place_chosen, places_offered, region_name
from gandeng.certificates.queries import holds
from gandeng.facilitators.models import Leave, Staff
from gandeng.facilitators.queries import staff_of
from gandeng.facilitators.staff_queries import working
from gandeng.training.event_queries import Standing, events_of, participants_of
from gandeng.training.models import Course, Event, Participant
from gandeng.web.finding import region_asked, year_asked

FILTERS = ("q", "year", "kind", "office", "state", "region")
PARTICIPANT_FILTERS = ("q", "state", "region")

EVENT_TONES = {"DRAFT": "neutral", "INVITED": "info", "CLOSED": "good", "CANCELLED": "bad"}
PARTICIPANT_TONES = {
    "NOMINATED": "neutral", "INVITED": "warn", "CONFIRMED": "good", "DECLINED": "bad", "WITHDRAWN": "neutral",
}  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """What the events one sees can be narrowed by."""

    years: list[str]
    offices: list[tuple[str, str]]


def choices_of(acting: Acting) -> Choices:
    """Years and offices that have events."""
    found = set(events_of(acting).order_by().values_list("starts_on__year", "region_code").distinct())
    years = sorted({str(year) for year, _office in found}, reverse=True)
    return Choices(years, places_offered(sorted({office for _year, office in found})))


def events_matching(acting: Acting, filters: dict[str, str], today: date) -> QuerySet[Event]:
    """As the page narrows them; without a year those that are not over. Raises BadRequest."""
    rows = events_of(acting).select_related("course")
    if asked := filters.get("q"):
        rows = rows.filter(Q(title__icontains=asked) | Q(number__iexact=asked) | Q(venue__icontains=asked))
    if kind := filters.get("kind"):
        if kind not in Course.Kind:
            raise BadRequest("kind")
        rows = rows.filter(course__kind=kind)
    if office := filters.get("office"):
        rows = rows.filter(region_code=place_chosen(office))
    if region := filters.get("region"):
        rows = rows.filter(region_code__startswith=region_asked(region))
    if state := filters.get("state"):
        if state not in Event.State:
            raise BadRequest("state")
        rows = rows.filter(state=state)
    if year := filters.get("year"):
        return rows.filter(starts_on__year=year_asked(year))
    return rows.filter(ends_on__gte=today)


def held_by_office(acting: Acting, region: str, year: int) -> dict[str, int]:
    """How many events that began in the year are over and closed, by the office in the region that held them."""
    filters = {"region": region, "year": str(year), "state": Event.State.CLOSED.value}
    rows = events_matching(acting, filters, date(year, 12, 31)).order_by().values("region_code")
    return {row["region_code"]: row["events"] for row in rows.annotate(events=Count("pk"))}


def participants_matching(standing: Standing, filters: dict[str, str]) -> QuerySet[Participant]:
    """Those one sees, narrowed. Raises BadRequest."""
    rows = participants_of(standing)
    if asked := filters.get("q"):
        rows = rows.filter(Q(staff__person__name__icontains=asked) | Q(staff__staff_no__istartswith=asked))
    if state := filters.get("state"):
        if state not in Participant.State:
            raise BadRequest("state")
        rows = rows.filter(state=state)
    if region := filters.get("region"):
        if not (region.isascii() and region.isdigit()):
            raise BadRequest("region")
        rows = rows.filter(region_code=region)
    return rows


def by_district(standing: Standing) -> list[dict[str, Any]]:
    """How many of each state, a row per district; those one sees."""
    counts: dict[str, Any] = {state: Count("pk", filter=Q(state=state)) for state in Participant.State.values}
    grouped = participants_of(standing).order_by().values("region_code").annotate(**counts)
    rows: list[dict[str, Any]] = [dict(row) for row in grouped.order_by("region_code")]
    return [
        {
            "code": row["region_code"], "name": region_name(row["region_code"]),
            "coming": sum(row[state] for state in Participant.COMING),
            **{state.lower(): row[state] for state in counts},
        }
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be named, and what speaks against it."""

    staff: Staff
    warnings: list[str]
    busy: bool
    """In another event on one of these days: cannot be named."""


def candidates(standing: Standing, asked: str, region: str) -> QuerySet[Any]:
    """Staff at work in the event's region who are not on its list; `.on_leave`, `.busy`."""
    event = standing.event
    days = {"starts_on__lte": event.ends_on, "ends_on__gte": event.starts_on}
    on_list = Participant.objects.filter(event=event, staff=OuterRef("pk"), state__in=Participant.COMING)
    elsewhere = Participant.objects.filter(staff=OuterRef("pk"), state__in=Participant.COMING, **days)
    leave = Leave.objects.filter(
        staff=OuterRef("pk"), valid_from__lte=event.ends_on, valid_until__gt=event.starts_on
    )  # fmt: skip
    rows = staff_of(standing.acting).filter(working(event.starts_on), ~Exists(on_list))
    rows = rows.filter(region_code__startswith=event.region_code)
    if asked:
        rows = rows.filter(Q(person__name__icontains=asked) | Q(staff_no__istartswith=asked))
    if region:
        rows = rows.filter(region_code=region)
    return rows.annotate(on_leave=Exists(leave), busy=Exists(elsewhere))


def warned(standing: Standing, staff: Iterable[Any]) -> list[Candidate]:
    """With what speaks against each."""
    found = list(staff)
    skill = standing.event.skill_id
    held = holds([one.pk for one in found], standing.event.starts_on) if skill else {}
    return [Candidate(one, _warnings(one, skill, held.get(one.pk, set())), bool(one.busy)) for one in found]


def _warnings(staff: Any, skill: UUID | None, held: set[UUID]) -> list[str]:
    told = []
    if staff.busy:
        told.append(_("Terdaftar dalam kegiatan lain pada hari itu"))
    if staff.on_leave:
        told.append(_("Cuti pada hari itu"))
    if skill and skill in held:
        told.append(_("Sudah punya sertifikat yang berlaku"))
    return told
