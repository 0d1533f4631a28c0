"""A facilitator with families and a group, for tests."""

import io
from datetime import time
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from PIL import Image

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.tests.factories import make_staff
from gandeng.family_sessions import actions, queries
from gandeng.family_sessions.actions import Told
from gandeng.family_sessions.models import AbsenceNote, Attendance, Group, Meeting, Membership
from gandeng.files.photos import reduced
from gandeng.registry.tests.factories import EVERYWHERE, make_family

HERE = "6371011001"


def make_facilitator(cast, families=3, village=HERE, name=""):
    """She accompanies so many new families of the village, and all that nobody accompanied there."""
    acting, coordinator = cast("FACILITATOR", village), cast("DISTRICT_COORDINATOR", village[:4])
    for number in range(families):
        make_family(village, name=f"{name or 'Ibu'} {number}")
    with in_territory(EVERYWHERE):
        person = Person.objects.get(pk=acting.person_id)
    staff = make_staff(village[:4], person=person)
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, village, staff, day=timezone.localdate(), reason="Uji")
    return acting, staff


def make_group(acting, staff, name="Melati", village=HERE, day=None):
    """Of all her families of the village that have none."""
    day = day or timezone.localdate()
    with in_territory(acting):
        families = list(queries.without_group(staff, day, village))
        return actions.make_group(acting, uuid4(), name, village, families, day)


def a_meeting(acting, group, states=("PRESENT",), **changed):
    """As she tells it: states in the order of the families' numbers, the last for all the rest."""
    day = changed.pop("on_day", timezone.localdate())
    with in_territory(acting):
        members = [one.family_id for one in queries.members_on(group, day)]
    told = [states[min(place, len(states) - 1)] for place in range(len(members))]
    given = {"session_code": "1.1", "starts": time(9), "place": "Balai desa", "meeting_id": uuid4()} | changed
    return Told(on_day=day, attendance=dict(zip(members, told, strict=True)), **given)


def hold(acting, group, states=("PRESENT",), **changed):
    """Told and kept."""
    told = a_meeting(acting, group, states, **changed)
    with in_territory(acting):
        return actions.tell(acting, group, told)


def a_photo():
    """A small JPEG."""
    told = io.BytesIO()
    Image.effect_noise((320, 240), 80).convert("RGB").save(told, "JPEG")
    return told.getvalue()


def everything(acting, family, told="Melati", kind="SHEET"):
    """A group with the family, a plan, a meeting it missed, a photo of it, and what came of asking."""
    day, village = timezone.localdate(), family.village_code
    mine = {"village_code": village}
    with in_territory(acting), transaction.atomic():
        group = Group.objects.create(name=told, made_by_id=acting.person_id, **mine)
        Membership.objects.create(group=group, family=family, valid_from=day, added_by_id=acting.person_id, **mine)
        actions.plan(acting, group, day.year, [("1.1", day)])
        meeting = Meeting.objects.create(
            group=group, session_code="1.1", on_day=day, starts=time(9), place=told, agreed=told, families=1, came=0,
            by_id=acting.person_id, authority=told, **mine,
        )  # fmt: skip
        absence = Attendance.objects.create(meeting=meeting, family=family, state="ABSENT", **mine)
        picture = actions.add_picture(acting, meeting, kind, reduced(a_photo()))
        note = {
            "on_day": day,
            "how": "VISIT",
            "why": "OTHER",
            "note": told,
            "by_id": acting.person_id,
            "authority": told,
        }
        AbsenceNote.objects.create(attendance=absence, family=family, **mine, **note)
    return group, meeting, absence, picture
