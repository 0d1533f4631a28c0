"""What the pages share."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.family_sessions.models import Attendance, Group, Meeting
from gandeng.family_sessions.published import session_name
from gandeng.web.tabs import tabs_of

ANY = (May.ACCOMPANY, May.SEE_STAFF)
TONES = {"PRESENT": "good", "REPRESENTED": "good", "EXCUSED": "warn", "ABSENT": "bad"}


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts one may open."""
    named = [
        ("mine", _("Kelompok saya"), who.may(May.ACCOMPANY)),
        ("absent", _("Tidak hadir"), who.may(May.ACCOMPANY)),
        ("coverage", _("Cakupan"), who.may(May.SEE_STAFF)),
        ("meetings", _("Pertemuan"), who.may(May.SEE_STAFF)),
    ]
    return tabs_of("family_sessions", named, current)


def trail(group: Group, last: str = "") -> list[dict[str, str]]:
    """From the beginning to a page of the group."""
    there = [
        {"label": "P2K2", "url": reverse("family_sessions:mine")},
        {"label": group.name, "url": reverse("family_sessions:group", args=[group.pk])},
    ]
    return [*there, {"label": last}] if last else [there[0], {"label": group.name}]


def meeting_row(one: Meeting) -> dict[str, Any]:
    """As lists show it."""
    return {
        "row": one, "session": session_name(one.session_code, one.topic), "village": region_name(one.village_code),
    }  # fmt: skip


def attendance_row(one: Attendance) -> dict[str, Any]:
    """As lists show it."""
    meeting = one.meeting
    return {
        "row": one, "name": one.family.called, "tone": TONES[one.state],
        "session": session_name(meeting.session_code, meeting.topic),
    }  # fmt: skip
