"""Days of an event, who was there, and the code the wall shows."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.audit.sealing import Place, unseal
from gandeng.training import wall_codes
from gandeng.training.event_queries import Standing, access_run, participants_of
from gandeng.training.models import Attendance, Event, EventDay, Participant

MAY_COME = (Participant.State.INVITED, Participant.State.CONFIRMED)
"""Who was told; an invitation nobody answered still lets her in."""


def days_of(event: Event) -> QuerySet[EventDay]:
    """Opened days in order, each with how many were there."""
    there = Count("attendances", filter=Q(attendances__taken_back_at=None))
    return EventDay.objects.filter(event=event).annotate(there=there).order_by("day")


@dataclass(frozen=True)
class Slot:
    """A day of the event's own dates, opened or not."""

    day: date
    opened: EventDay | None
    there: int
    """At it: all of them, for whoever runs the event; else of the places one sees."""

    @property
    def may_open(self) -> bool:
        """A day that has come."""
        return self.opened is None and self.day <= timezone.localdate()

    @property
    def is_open(self) -> bool:
        """People sign in."""
        return self.opened is not None and self.opened.closed_at is None


def slots(event: Event) -> list[Slot]:
    """Every day from the first to the last."""
    opened = {one.day: one for one in days_of(event)}
    count = (event.ends_on - event.starts_on).days + 1
    days = [event.starts_on + timedelta(days=ahead) for ahead in range(count)]
    return [Slot(day, opened.get(day), getattr(opened.get(day), "there", 0)) for day in days]


def access_day(acting: Acting, event_id: UUID, day_id: UUID) -> tuple[Standing, EventDay]:
    """A day of an event one runs. Http404."""
    standing = access_run(acting, event_id)
    day = EventDay.objects.filter(event=standing.event, pk=day_id).first()
    if day is None:
        raise Http404
    return standing, day


def expected(standing: Standing) -> QuerySet[Participant]:
    """Whose attendance counts, by number: those who were told and did not say no."""
    return participants_of(standing).filter(state__in=MAY_COME)


@dataclass(frozen=True)
class Marks:
    """A participant, and her attendance by day."""

    participant: Participant
    by_day: dict[date, Attendance] = field(default_factory=dict)

    def of(self, days: Sequence[date]) -> list[Attendance | None]:
        """Day by day."""
        return [self.by_day.get(day) for day in days]


def marks_of(people: Sequence[Participant]) -> list[Marks]:
    """Attendance that was not taken back, for these people, in their order."""
    told = {one.pk: Marks(one) for one in people}
    rows = Attendance.objects.filter(participant__in=told, taken_back_at=None).select_related("day", "by")
    for row in rows:
        told[row.participant_id].by_day[row.day.day] = row
    return list(told.values())


def secret_of(day: EventDay) -> bytes:
    """What the codes of the day are made from."""
    return bytes.fromhex(unseal(bytes(day.secret_sealed), Place("training_eventday", "secret", str(day.pk))))


@dataclass(frozen=True)
class Wall:
    """What the wall shows now."""

    day: EventDay
    code: str
    seconds: int
    """Until the next code."""
    there: int
    expected: int

    @cached_property
    def grouped(self) -> str:
        """In two halves, to be read and typed."""
        half = wall_codes.LENGTH // 2
        return f"{self.code[:half]} {self.code[half:]}"


def wall(standing: Standing, day: EventDay, second: float | None = None) -> Wall:
    """The present code, and how many signed in with it or by hand."""
    now = time.time() if second is None else second
    there = Attendance.objects.filter(day=day, taken_back_at=None).count()
    return Wall(
        day, wall_codes.code_at(secret_of(day), now), wall_codes.seconds_left(now), there, expected(standing).count()
    )


def day_behind(code: str) -> EventDay | None:
    """The day of an address; None where there is none, or it is none of ours."""
    return EventDay.objects.select_related("event").filter(code=code.lower()[:40]).first()


def own_open_days(acting: Acting) -> list[EventDay]:
    """Days on which one may sign in today."""
    mine = Participant.objects.filter(staff__person_id=acting.person_id, state__in=MAY_COME)
    rows = EventDay.objects.filter(
        event__in=mine.values("event_id"), day=timezone.localdate(), closed_at=None, event__state=Event.State.INVITED
    )
    return list(rows.select_related("event").order_by("opened_at", "pk"))


def own_attendance(acting: Acting, event: Event) -> dict[date, Attendance]:
    """One's own, by day."""
    rows = Attendance.objects.filter(
        day__event=event, participant__staff__person_id=acting.person_id, taken_back_at=None
    )
    return {row.day.day: row for row in rows.select_related("day")}
