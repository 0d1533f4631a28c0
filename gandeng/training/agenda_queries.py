"""Hours and files of an event, and the problems of the office's earlier events that may come back to it."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.training.event_queries import Standing, events_of
from gandeng.training.models import AgendaItem, Event, Material, Participant, Problem
from gandeng.web.finding import found_or_404

_OFFERED = 50


def items_of(event: Event) -> QuerySet[AgendaItem]:
    """Hour by hour."""
    return AgendaItem.objects.filter(event=event).select_related("problem").order_by("day", "starts_at", "pk")


def by_day(event: Event) -> list[tuple[date, list[AgendaItem]]]:
    """Every day of the event with its hours; a day without any is there too."""
    found = {day: list(items) for day, items in groupby(items_of(event), key=lambda one: one.day)}
    return [(day, found.get(day, [])) for day in days_of(event)]


def days_of(event: Event) -> list[date]:
    """Each day of it."""
    return list(_days(event))


def _days(event: Event) -> Iterator[date]:
    for passed in range((event.ends_on - event.starts_on).days + 1):
        yield event.starts_on + timedelta(days=passed)


def materials_of(event: Event) -> QuerySet[Material]:
    """Files handed out, without their content."""
    rows = Material.objects.filter(event=event, taken_off_at=None).select_related("added_by")
    return rows.defer("content_sealed").order_by("added_at", "pk")


def access_item(standing: Standing, item_id: UUID) -> AgendaItem:
    """An hour of it. Http404."""
    return found_or_404(items_of(standing.event), item_id)


def access_material(acting: Acting, material_id: UUID) -> Material:
    """A file of an event one sees as an office, or was invited to. Http404."""
    found = Material.objects.filter(pk=material_id, taken_off_at=None).select_related("event").first()
    if found is None or not (_invited(acting, found) or _office(acting, found)):
        raise Http404
    return found


def _invited(acting: Acting, material: Material) -> bool:
    states = (Participant.State.INVITED, Participant.State.CONFIRMED)
    return Participant.objects.filter(
        event_id=material.event_id, staff__person_id=acting.person_id, state__in=states
    ).exists()


def _office(acting: Acting, material: Material) -> bool:
    plans = acting.may(May.SEE_STAFF) or acting.may(May.PLAN_TRAINING)
    return plans and events_of(acting).filter(pk=material.event_id).exists()


def unsolved(standing: Standing) -> QuerySet[Problem]:
    """Problems of this office's events that are not closed and not on this agenda yet, the longest waiting first."""
    event = standing.event
    rows = Problem.objects.filter(
        Q(state=Problem.State.OPEN) | Q(state=Problem.State.ANSWERED), event__region_code=event.region_code
    )
    taken = AgendaItem.objects.filter(event=event, problem__isnull=False).values("problem_id")
    return rows.exclude(event=event).exclude(pk__in=taken).order_by("raised_at", "number")[:_OFFERED]
