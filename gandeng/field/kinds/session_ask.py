"""family_sessions.ask: why a family did not come to a meeting. One entry, one note of the same id."""

from dataclasses import replace

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.family_sessions.actions import SessionRefused, ask
from gandeng.family_sessions.forms import AbsenceForm
from gandeng.family_sessions.models import AbsenceNote, Attendance
from gandeng.family_sessions.queries import access_absence
from gandeng.field.kinds import Conflict, Given, Kind, Line, Refused, Why, named_in, refused_by

_TYPED = ("how", "why", "note")


def take(acting: Acting, given: Given) -> str:
    """Keep it. Conflict where the meeting was told anew since."""
    typed = given.typed(*_TYPED) | {"note_id": str(given.record_id), "on_day": given.day("on_day").isoformat()}
    form = AbsenceForm(typed | ({"conveyed": "on"} if given.body.get("conveyed") is True else {}))
    if not form.is_valid():
        raise refused_by(form)
    absence, asked = _absence(acting, given), form.asked()
    try:
        right = May.DECIDE_ENTRIES if given.by_office else May.ACCOMPANY
        ask(acting, absence, replace(asked, note=given.signed(asked.note)), right)
    except SessionRefused as why:
        raise Refused(Why(str(why), why.field)) from why
    return reverse("registry:family", args=[given.family.pk])


def _absence(acting: Acting, given: Given) -> Attendance:
    found = _of_family(given)
    if found is None:
        raise Refused(Why(_("Ketidakhadiran itu bukan milik keluarga ini."), "attendance"))
    if given.by_office:
        return found
    try:
        return access_absence(acting, found.pk, timezone.localdate())
    except Http404:
        raise Conflict(_("Pertemuan itu sudah dicatat ulang sejak daftar Anda diambil.")) from None


def _of_family(given: Given) -> Attendance | None:
    rows = Attendance.objects.filter(family=given.family, state__in=("EXCUSED", "ABSENT")).select_related("meeting")
    return named_in(rows, given.body.get("attendance"))


def compare(_acting: Acting, given: Given) -> list[Line]:
    """Beside the newest note on the same absence."""
    told, found = given.typed(*_TYPED, "on_day", "conveyed"), _of_family(given)
    last = AbsenceNote.objects.filter(attendance=found).order_by("-at").first() if found else None
    hows, whys = dict(AbsenceNote.How.choices), dict(AbsenceNote.Why.choices)
    return [
        Line(_("Pertemuan"), found.meeting.on_day.isoformat() if found else _("tidak ada")),
        Line(_("Hari"), told["on_day"], last.on_day.isoformat() if last else ""),
        Line(_("Cara"), str(hows.get(told["how"], told["how"])), last.get_how_display() if last else ""),
        Line(_("Sebab"), str(whys.get(told["why"], told["why"])), last.get_why_display() if last else ""),
        Line(_("Catatan"), told["note"], last.note if last else ""),
    ]  # fmt: skip


KIND = Kind("family_sessions.ask", 1, gettext_lazy("Sebab tidak hadir"), take, compare, May.DECIDE_ENTRIES)
