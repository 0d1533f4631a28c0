"""Meetings as she tells them, told anew, and the families that did not come."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.audit.sealing import Place, unseal_content
from gandeng.facilitators.queries import own_record
from gandeng.family_sessions import actions, queries
from gandeng.family_sessions.actions import SessionRefused
from gandeng.family_sessions.forms import ABOUT, ATTENDS, AbsenceForm, AmendForm, MeetingForm
from gandeng.family_sessions.models import Attendance, Group, Meeting
from gandeng.family_sessions.published import session_name
from gandeng.family_sessions.views.common import ANY, attendance_row, meeting_row, tabs, trail
from gandeng.web.answers import as_file
from gandeng.web.finding import day_asked
from gandeng.web.paging import known_filters, page_by_column
from gandeng.web.refusals import refuse

_STARTS = "09:00"


@allowed(May.ACCOMPANY)
def tell(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """A meeting of the group; `hari` for its members of another day, `hadir=semua` to begin with everybody there."""
    who, today = acting(request), timezone.localdate()
    found = queries.access_group(who, group_id)
    asked = known_filters(request, ("hadir", "hari"))
    if asked["hadir"] not in ("", "semua"):
        raise BadRequest("hadir")
    day = _day(request.POST.get("on_day") or asked["hari"], today)
    session = queries.next_session(found, today)
    members = _members(who, found, day, request.POST.get("session_code", session))
    initial: dict[str, Any] = {
        "on_day": day.isoformat(), "session_code": session, "starts": _STARTS,
        "place": queries.last_place(found),
    }  # fmt: skip
    if asked["hadir"]:
        initial |= {f"{ATTENDS}{key.hex}": Attendance.State.PRESENT for key, _name in members}
    form = MeetingForm(request.POST or None, request.FILES or None, members=members, initial=initial)
    if request.method == "POST" and form.is_valid() and (made := _kept(who, found, form)):
        messages.success(
            request,
            _("Pertemuan tersimpan: %(came)s dari %(families)s keluarga hadir.")
            % {"came": made.came, "families": made.families},
        )
        return redirect("family_sessions:meeting", made.pk)
    context = {
        "form": form, "group": found, "trail": trail(found, _("Catat pertemuan")), "members": len(members), "day": day,
        "all_there": bool(asked["hadir"]),
    }  # fmt: skip
    return render(request, "family_sessions/tell.html", context, status=422 if form.errors else 200)


def _day(text: str, today: date) -> date:
    try:
        return day_asked(text) if text else today
    except BadRequest:
        return today


def _members(who: Acting, found: Group, day: date, session: str) -> list[tuple[UUID, str]]:
    rows = queries.to_tell(found, day, session, who.person_id) or queries.members_on(found, day)
    return [(one.family_id, one.family.called) for one in rows]


def _kept(who: Acting, found: Group, form: MeetingForm, replaces: Meeting | None = None) -> Meeting | None:
    try:
        made = actions.tell(who, found, form.told(), replaces, form.cleaned_data.get("why", ""))
        for kind, photo in form.pictures():
            actions.add_picture(who, made, kind, photo)
    except SessionRefused as why:
        refuse(form, why)
        return None
    return made


@allowed(*ANY)
@require_safe
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """What was told of it, who came, the photos; and which one counts where it was told anew."""
    who = acting(request)
    known_filters(request, ())
    found = queries.access_meeting(who, meeting_id)
    later = Meeting.objects.filter(replaces=found).first()
    context = meeting_row(found) | {
        "group": found.group, "trail": trail(found.group, session_name(found.session_code, found.topic)),
        "place_name": region_name(found.village_code), "later": later,
        "beside": [] if later else queries.told_beside(found),
        "attendances": [attendance_row(one) for one in _with_meeting(found)],
        "pictures": list(found.pictures.order_by("kind", "added_at").only("id", "kind", "sha256")),
        "may_amend": later is None and found.by_id == who.person_id and who.may(May.ACCOMPANY),
    }  # fmt: skip
    return render(request, "family_sessions/meeting.html", context)


def _with_meeting(found: Meeting) -> list[Attendance]:
    rows = list(queries.attendances_of(found))
    for one in rows:
        one.meeting = found
    return rows


@allowed(May.ACCOMPANY)
def amend(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Her own meeting told anew; the former stays to be read."""
    who = acting(request)
    found = queries.access_meeting(who, meeting_id)
    if found.by_id != who.person_id or Meeting.objects.filter(replaces=found).exists():
        raise Http404
    day = _day(request.POST.get("on_day", ""), found.on_day)
    members = _members(who, found.group, day, request.POST.get("session_code", found.session_code))
    was = {f"{ATTENDS}{one.family_id.hex}": one.state for one in found.attendances.all()}
    initial = {name: getattr(found, name) for name in ABOUT} | {"on_day": found.on_day.isoformat()}
    form = AmendForm(request.POST or None, request.FILES or None, members=members, initial=initial | was)
    if request.method == "POST" and form.is_valid() and (made := _kept(who, found.group, form, found)):
        messages.success(request, _("Ralat tersimpan; catatan sebelumnya tetap dapat dibaca."))
        return redirect("family_sessions:meeting", made.pk)
    context = {
        "form": form, "group": found.group, "trail": trail(found.group, _("Ralat pertemuan")), "members": len(members),
        "day": day, "amends": found,
    }  # fmt: skip
    return render(request, "family_sessions/tell.html", context, status=422 if form.errors else 200)


@allowed(*ANY)
@require_safe
def picture(request: HttpRequest, meeting_id: UUID, picture_id: UUID) -> HttpResponse:
    """The picture itself, under a name of ours."""
    found = queries.access_picture(queries.access_meeting(acting(request), meeting_id), picture_id)
    place = Place("family_sessions_picture", "content", str(found.pk))
    content = unseal_content(bytes(found.content_sealed), place)
    return as_file(content, f"p2k2-{found.sha256[:12]}.jpg", "image/jpeg")


@allowed(May.ACCOMPANY)
@require_safe
def absent(request: HttpRequest) -> HttpResponse:
    """Families that did not come and were not asked yet, the longest ago first."""
    who, today = acting(request), timezone.localdate()
    known_filters(request, ())
    staff = own_record(who)
    context: dict[str, Any] = {"tabs": tabs(who, "absent"), "staff": staff}
    if staff is not None:
        page = page_by_column(queries.to_ask(who, today), request, "on_day")
        context |= {"page": page, "rows": [attendance_row(one) for one in page.rows]}
    return render(request, "family_sessions/absent.html", context)


@allowed(May.ACCOMPANY)
def ask(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """Why a family did not come."""
    who, today = acting(request), timezone.localdate()
    found = queries.access_absence(who, absence_id, today)
    form = AbsenceForm(request.POST or None, initial={"on_day": today.isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask(who, found, form.asked())
        except SessionRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tersimpan: %(why)s.") % {"why": made.get_why_display()})
            return redirect("family_sessions:absent")
    context = attendance_row(found) | {"form": form, "notes": list(found.notes.select_related("by").order_by("-at"))}
    return render(request, "family_sessions/ask.html", context, status=422 if form.errors else 200)
