"""family_sessions.meet: a meeting of a group and who came, with photos of the sheet of names. One entry, one meeting.

The form is the page's own, so that the same thing is refused in the same words.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.family_sessions.actions import SessionRefused, add_picture, tell, tell_for
from gandeng.family_sessions.forms import ATTENDS, MeetingForm
from gandeng.family_sessions.models import Attendance, Group, Meeting, Picture
from gandeng.family_sessions.published import session_name, sessions
from gandeng.family_sessions.queries import attendances_of, groups_of, in_force, members_on, to_tell
from gandeng.field.kinds import Conflict, Given, Kind, Line, Refused, Why, named_in, refused_by, uuid_of
from gandeng.field.pictures import as_photo
from gandeng.field.queries import Named
from gandeng.field.words import unreadable_field
from gandeng.registry.models import Family

_TYPED = ("session_code", "topic", "starts", "ends", "place", "speakers", "agreed")


def place(acting: Acting, body: dict[str, Any]) -> Named | None:
    """The group: hers while one of its families is."""
    group = named_in(Group.objects.all(), body.get("group"))
    if group is None:
        return None
    hers = groups_of(acting, timezone.localdate()).filter(pk=group.pk).exists()
    return Named(None, None, group.village_code, hers=hers, there=True)


def take(acting: Acting, given: Given) -> str:
    """Keep it. Conflict where she told this session of this group on that day; then the office's yes tells it anew."""
    group, states = _group(given), _states(given.body.get("attendance"))
    form = _form(given, states)
    if not form.is_valid():
        raise _by_family(refused_by(form))
    told, teller = form.told(), given.entry.person_id
    if not given.by_office and {one.family_id for one in members_on(group, told.on_day)} != set(states):
        words = _("Anggota kelompok pada hari itu berbeda. Periksa daftarnya lalu simpan lagi.")
        raise Refused(Why(words, "attendance"))
    _one_at_a_time(group, told.on_day.isoformat(), told.session_code)
    before = in_force().filter(
        group=group, on_day=told.on_day, session_code=told.session_code, by_id=teller
    ).first()  # fmt: skip
    if before is not None and not given.by_office:
        raise Conflict(
            _("Sesi kelompok ini pada hari itu sudah dicatat sebelumnya. Keduanya disimpan; kantor yang memutuskan.")
        )
    if not given.by_office and len(to_tell(group, told.on_day, told.session_code, teller)) != len(states):
        raise Conflict(
            _("Untuk sebagian keluarga sesi ini sudah dicatat orang lain pada hari itu. Kantor yang memutuskan.")
        )
    try:
        made = (
            tell_for(acting, teller, group, told, before, given.signed(_("Dicatat lagi")) if before else "")
            if given.by_office
            else tell(acting, group, told)
        )
        _keep_pictures(acting, made, given)
    except SessionRefused as why:
        raise Refused(Why(str(why), "attendance" if why.field == "families" else why.field)) from why
    return reverse("family_sessions:meeting", args=[made.pk])


def _group(given: Given) -> Group:
    found = named_in(Group.objects.all(), given.body.get("group"))
    if found is None:
        raise Refused(Why(unreadable_field(), "group"))
    return found


def _form(given: Given, states: Mapping[UUID, str]) -> MeetingForm:
    names = dict(Family.objects.filter(pk__in=states).values_list("pk", "collector__name"))
    typed = given.typed(*_TYPED) | {
        "meeting_id": str(given.record_id), "on_day": given.day("on_day").isoformat(),
        **{f"{ATTENDS}{key.hex}": state for key, state in states.items()},
    }  # fmt: skip
    return MeetingForm(typed, members=[(key, names.get(key) or "") for key in states])


def _states(told: object) -> dict[UUID, str]:
    """By family. Raises Refused where it cannot be read, or a family stands there twice."""
    rows = told if isinstance(told, list) else []
    states = {
        key: str(row.get("state", ""))
        for row in rows
        if isinstance(row, dict) and (key := uuid_of(row.get("family"))) is not None
    }
    if not states or len(states) != len(rows):
        raise Refused(Why(unreadable_field(), "attendance"))
    return states


def _by_family(refused: Refused) -> Refused:
    """What is wrong with one family's choice is wrong with the attendance, said once."""
    found = {Why(one.words, "attendance" if one.field.startswith(ATTENDS) else one.field): None for one in refused.why}
    return Refused(*found)


def _one_at_a_time(group: Group, day: str, session: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(7312, hashtext(%s))", [f"{group.pk} {day} {session}"])


def _keep_pictures(acting: Acting, made: Meeting, given: Given) -> None:
    """The first is of the sheet of names, as the app asks for it."""
    for place_in_row, photo in enumerate(given.photos):
        kind = Picture.Kind.ACTIVITY if place_in_row else Picture.Kind.SHEET
        add_picture(acting, made, kind, as_photo(photo))


def compare(_acting: Acting, given: Given) -> list[Line]:
    """Beside what she told of the same session on that day."""
    told = given.typed(*_TYPED, "on_day", "group")
    group = named_in(Group.objects.all(), told["group"])
    rows = in_force().filter(group=group, session_code=told["session_code"], by_id=given.entry.person_id)
    last = rows.filter(on_day=told["on_day"]).first() if _is_day(told["on_day"]) else None
    return [
        Line(pgettext("satu", "Kelompok"), group.name if group else told["group"], group.name if group else ""),
        Line(_("Sesi"), _session(told["session_code"], told["topic"]),
             session_name(last.session_code, last.topic) if last else ""),
        Line(_("Hari"), told["on_day"], last.on_day.isoformat() if last else ""),
        Line(_("Jam mulai"), told["starts"], f"{last.starts:%H:%M}" if last else ""),
        Line(_("Tempat"), told["place"], last.place if last else ""),
        Line(_("Yang disepakati untuk dikerjakan di rumah"), told["agreed"], last.agreed if last else ""),
        *_compared(given, last),
    ]  # fmt: skip


def _compared(given: Given, last: Meeting | None) -> list[Line]:
    """One line for each family whose state differs, or for all where nothing stands."""
    try:
        states = _states(given.body.get("attendance"))
    except Refused:
        return []
    before = {one.family_id: str(one.get_state_display()) for one in attendances_of(last)} if last else {}
    labels = dict(Attendance.State.choices)
    named = Family.objects.filter(pk__in=states).select_related("collector").order_by("family_no")
    return [
        Line(one.called, sent, before.get(one.pk, ""))
        for one in named
        if (sent := str(labels.get(states[one.pk], states[one.pk]))) != before.get(one.pk)
    ]


def _session(code: str, topic: str) -> str:
    return session_name(code, topic) if code in sessions() else code


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


KIND = Kind(
    "family_sessions.meet", 1, gettext_lazy("Pertemuan kelompok"), take, compare, May.DECIDE_ENTRIES, place=place
)
