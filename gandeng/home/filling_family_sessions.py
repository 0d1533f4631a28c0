"""Family sessions in the try-out: groups of the first facilitators of its district, the year's plan, meetings held.

The facilitator of the door has one planned meeting that passed, and families that did not come and were not asked yet.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time, timedelta
from uuid import UUID

from django.utils import timezone

from gandeng.accounts.acting import Acting, acting_for
from gandeng.facilitators.models import Staff
from gandeng.facilitators.queries import own_record
from gandeng.family_sessions import actions, queries
from gandeng.family_sessions.actions import Asked, Told
from gandeng.family_sessions.models import Attendance, Group
from gandeng.family_sessions.published import sessions
from gandeng.home.filling_people import Cast

type As = Callable[[Acting], AbstractContextManager[Acting]]

_NAMES = ("Melati", "Mawar", "Kenanga")
_FACILITATORS, _GROUPS, _SIZE = 6, 2, 12
_EVERY_DAYS, _MEETINGS = 28, 3
_SINCE_DAYS = 120
_STATES = ("PRESENT", "PRESENT", "REPRESENTED", "PRESENT", "ABSENT", "PRESENT", "EXCUSED", "PRESENT")
_AGREED_KEPT = "Mencatat belanja rumah tangga selama sebulan"
_PLACES_KEPT = ("Balai desa", "Rumah ketua kelompok", "Posyandu")


def fill_family_sessions(cast: Cast, doing: As) -> None:
    """Of every facilitator a group or two; one meeting a month."""
    today, district = timezone.localdate(), cast.facilitator.grants[0].region_code[:4]
    with doing(cast.coordinators[district]):
        staff = Staff.objects.filter(region_code=district, left_on=None, posts__role="FACILITATOR").order_by("staff_no")
        others = [one.person_id for one in staff[:_FACILITATORS] if one.person_id != cast.facilitator.person_id]
    for place, person in enumerate([cast.facilitator.person_id, *others]):
        with doing(acting_for(person, today)) as facilitator:
            if facilitator.grants:
                _of_one(facilitator, place, today)


def _of_one(facilitator: Acting, place: int, today: date) -> None:
    staff, since = own_record(facilitator), today - timedelta(days=_SINCE_DAYS)
    if staff is None:
        return
    for number, name in enumerate(_NAMES[:_GROUPS]):
        families = list(queries.without_group(staff, since)[:_SIZE])
        if not families:
            return
        village = families[0].village_code
        families = [one for one in families if one.village_code == village]
        group = actions.make_group(
            facilitator, UUID(int=1000 * place + number + 1), f"{name} {place + 1}", village, families, since
        )
        _meetings(facilitator, group, 1000 * place + 100 * number, today)


def _meetings(facilitator: Acting, group: Group, seed: int, today: date) -> None:
    days = [today - timedelta(days=_EVERY_DAYS * back - 1) for back in range(_MEETINGS, -9, -1)]
    rows = [(code, day) for code, day in zip(sessions(), days, strict=False) if day.year == today.year]
    if rows:
        actions.plan(facilitator, group, today.year, rows)
    for place, day in enumerate(days[: _MEETINGS - 1]):
        members = [one.family_id for one in queries.members_on(group, day)]
        states = {family: _STATES[(at + place) % len(_STATES)] for at, family in enumerate(members)}
        told = Told(
            UUID(int=seed + place + 500_000), sessions()[place], day, time(9), _PLACES_KEPT[place % len(_PLACES_KEPT)],
            states, ends=time(11), agreed=_AGREED_KEPT,
        )  # fmt: skip
        made = actions.tell(facilitator, group, told)
        absences = Attendance.objects.filter(meeting=made, state="ABSENT").select_related("meeting")
        for number, absence in enumerate(absences if place == 0 else ()):
            asked = Asked(UUID(int=seed + number + 700_000), day + timedelta(days=2), "VISIT", "WORK", conveyed=True)
            actions.ask(facilitator, absence, asked)
