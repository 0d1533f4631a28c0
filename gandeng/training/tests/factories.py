"""Invented courses and events with their people."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import Acting, in_territory
from gandeng.certificates.models import Skill
from gandeng.facilitators.models import Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.training.models import Course, Event, Participant

_numbers = count(1)


def make_skill(acting: Acting, region: str = "63", *, roles=("FACILITATOR",), key: str = "", **how) -> Skill:
    """A skill facilitators need now."""
    number = next(_numbers)
    with in_territory(EVERYWHERE), scopes_disabled():
        return Skill.objects.create(
            region_code=region, key=key or f"keahlian-diklat-{number}", name=how.pop("name", f"Keahlian {number}"),
            for_roles=list(roles), urgency=how.pop("urgency", 1), entered_by_id=acting.person_id, **how,
        )  # fmt: skip


def make_course(acting: Acting, region: str = "6371", *, skill: Skill | None = None, **how) -> Course:
    """Two days for thirty people."""
    told = {"title": f"Bimtek uji {next(_numbers)}", "kind": "BIMTEK", "days": 2, "hours": 16, "capacity": 30} | how
    with in_territory(EVERYWHERE), scopes_disabled():
        return Course.objects.create(region_code=region, skill=skill, entered_by_id=acting.person_id, **told)


def make_event(acting: Acting, course: Course, starts_on: date | None = None, days: int | None = None, **how) -> Event:
    """A draft of the course in its office, beginning in a month; today, where attendance is wanted."""
    first = starts_on or timezone.localdate() + timedelta(days=30)
    last = first + timedelta(days=(days or course.days) - 1)
    told = {
        "region_code": course.region_code, "title": course.title, "venue": "Aula Dinas Sosial", "starts_on": first,
        "ends_on": last, "capacity": course.capacity, "skill": course.skill, "hours": course.hours,
        "attendance_percent_min": course.attendance_percent_min, "pass_percent": course.pass_percent,
    } | how  # fmt: skip
    with in_territory(EVERYWHERE), scopes_disabled():
        made = Event.objects.create(course=course, made_by_id=acting.person_id, **told)
        made.refresh_from_db()
        return made


def make_participant(acting: Acting, event: Event, staff: Staff | None = None, **of_staff) -> Participant:
    """Somebody who is named; a new person where none is given."""
    staff = staff or make_staff(**of_staff)
    with in_territory(EVERYWHERE), scopes_disabled():
        return Participant.objects.create(
            event=event, staff=staff, region_code=staff.region_code, home_code=staff.home_code,
            named_by_id=acting.person_id,
        )  # fmt: skip


def inviting(event: Event, *, confirmed: bool = False) -> Event:
    """Everybody named is invited, or has said she comes; the event is no draft any more."""
    now = timezone.now()
    state = Participant.State.CONFIRMED if confirmed else Participant.State.INVITED
    with in_territory(EVERYWHERE), scopes_disabled():
        event.state, event.reply_until = Event.State.INVITED, event.starts_on - timedelta(days=3)
        event.save()
        Participant.objects.filter(event=event, state="NOMINATED").update(
            state=state, invited_at=now, answered_at=now if confirmed else None
        )
        event.refresh_from_db()
    return event
