"""A group's meetings that a case is linked with: those offered of a family, and those its page names."""

from uuid import UUID

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.family_sessions.models import Attendance, Meeting
from gandeng.family_sessions.queries import may_see
from gandeng.helpdesk.happenings import MEETING, OFFERED_MAX, happened_to
from gandeng.helpdesk.models import Case
from gandeng.registry.models import Family
from gandeng.web.sections import Shown
from gandeng.web.templatetags.gandeng import tanggal


def offered(acting: Acting, family: Family) -> list[tuple[UUID, str]]:
    """Those the family was expected at, the last first."""
    if not may_see(acting):
        return []
    rows = Attendance.objects.filter(family=family, meeting__replaced_by=None).select_related("meeting__group")
    return [(one.meeting_id, _words(one.meeting)) for one in rows.order_by("-meeting__on_day", "-pk")[:OFFERED_MAX]]


def of_case(acting: Acting, case: Case) -> Shown | None:
    """Those it is linked with, where one sees meetings."""
    if case.family_id is None or not may_see(acting):
        return None
    rows = Meeting.objects.filter(pk__in=happened_to(case, MEETING)).select_related("group").order_by("-on_day", "pk")
    meetings = [{"id": one.pk, "words": _words(one)} for one in rows]
    return (_("Pertemuan kelompok (P2K2)"), "helpdesk/meetings.html", {"meetings": meetings}) if meetings else None


def _words(meeting: Meeting) -> str:
    facts = {"day": tanggal(meeting.on_day), "session": meeting.session_code, "group": meeting.group.name}
    return _("%(day)s: sesi %(session)s, kelompok %(group)s") % facts
