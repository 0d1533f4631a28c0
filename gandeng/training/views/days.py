"""Attendance as the organiser sees it: days, the wall, a day by hand, lists."""

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.exports.refused import Refused
from gandeng.facilitators.plan_export import KINDS
from gandeng.training import day_queries as queries
from gandeng.training.actions import attendance as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.day_forms import ByHandForm
from gandeng.training.event_queries import Standing, access_event, access_run
from gandeng.training.fields import ReasonForm
from gandeng.training.handing_out import export_table
from gandeng.training.models import Attendance
from gandeng.training.views.common import OFFICES, event_page
from gandeng.web.addresses import full_address
from gandeng.web.answers import as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse

_HANDED_MAX = 200
_WALL_SECONDS = 15
"""How long the count on the wall may be old."""
LIST_HEADER = ("Nomor SDM", "Nama", "Kabupaten/kota", "Kecamatan")
_PRESENT_KEPT = {Attendance.How.CODE: "hadir", Attendance.How.HAND: "hadir (dicatat)"}
_FILE_KEPT = "kehadiran-{number}.{form}"


@allowed(*OFFICES)
@require_safe
def attendance(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Days of the event, and who was there on which."""
    standing = access_event(acting(request), event_id)
    known_filters(request, [])
    return render(request, "training/attendance.html", _table(request, standing))


def _table(request: HttpRequest, standing: Standing, refused: str = "") -> dict[str, Any]:
    slots = queries.slots(standing.event)
    opened = [one.opened.day for one in slots if one.opened]
    people = queries.expected(standing).annotate(staff_no=F("staff__staff_no"))
    page = page_by_key(people, request, key="staff_no")
    rows = [
        {"marks": one, "district": region_name(one.participant.region_code), "cells": one.of(opened)}
        for one in queries.marks_of(page.rows)
    ]
    return event_page(standing, "attendance") | {
        "slots": slots, "opened": opened, "rows": rows, "page": page, "expected": people.count(), "refused": refused,
    }  # fmt: skip


@allowed(May.PLAN_TRAINING)
@require_POST
def open_day(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Let people sign in on a day."""
    standing = access_run(acting(request), event_id)
    day = _day(request)
    if day is None:
        raise Http404
    try:
        made = actions.open_day(acting(request), standing, day)
    except TrainingRefused as why:
        messages.error(request, str(why))
        return redirect("training:attendance", event_id)
    messages.success(request, _("Kehadiran dibuka. Tampilkan kodenya di ruangan."))
    return redirect("training:day", event_id, made.pk)


def _day(request: HttpRequest) -> Any:
    try:
        return parse_date(request.POST.get("day", ""))
    except ValueError:
        return None


@allowed(May.PLAN_TRAINING)
@require_POST
def shut_day(request: HttpRequest, event_id: UUID, day_id: UUID) -> HttpResponse:
    """The code opens nothing any more, or again."""
    standing, day = queries.access_day(acting(request), event_id, day_id)
    again = request.POST.get("again") == "1"
    try:
        actions.shut_day(acting(request), standing, day, again=again)
    except TrainingRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Kehadiran dibuka lagi.") if again else _("Kehadiran hari itu ditutup."))
    return redirect("training:day", event_id, day_id)


@allowed(May.PLAN_TRAINING)
def day(request: HttpRequest, event_id: UUID, day_id: UUID) -> HttpResponse:
    """One day: the way to the wall, who is there, who is not and may be written down by hand."""
    standing, found = queries.access_day(acting(request), event_id, day_id)
    asked = known_filters(request, ["q"])["q"]
    people = list(queries.expected(standing).order_by("staff__person__name", "staff__staff_no"))
    present = {one.participant.pk: mark for one in queries.marks_of(people) if (mark := one.by_day.get(found.day))}
    away = [one for one in people if one.pk not in present and one.staff.person_id != acting(request).person_id]
    named = [one for one in away if asked.casefold() in one.staff.person.name.casefold()]
    offered = named[:_HANDED_MAX]
    form = ByHandForm(request.POST or None, people=offered)
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.by_hand(acting(request), standing, found, form.chosen(offered), form.cleaned_data["reason"])
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("%(count)s orang dicatat hadir.") % {"count": count})
            return redirect("training:day", event_id, day_id)
    context = event_page(standing, "attendance") | {
        "day": found, "form": form, "present": [(one, present[one.pk]) for one in people if one.pk in present],
        "expected": len(people), "away": len(away), "offered": offered, "q": asked, "more": len(named) > _HANDED_MAX,
    }  # fmt: skip
    return render(request, "training/day.html", context, status=422 if form.errors else 200)


@allowed(May.PLAN_TRAINING)
def take_back(request: HttpRequest, event_id: UUID, day_id: UUID, attendance_id: UUID) -> HttpResponse:
    """She was not there after all."""
    standing, found = queries.access_day(acting(request), event_id, day_id)
    row = Attendance.objects.filter(day=found, pk=attendance_id).select_related("day", "participant__staff__person")
    mark = row.first()
    if mark is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_back(acting(request), standing, mark, form.cleaned_data["reason"])
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Kehadiran itu dibatalkan."))
            return redirect("training:day", event_id, day_id)
    context = event_page(standing, "attendance") | {"day": found, "mark": mark, "form": form}
    return render(request, "training/take_back.html", context, status=422 if form.errors else 200)


@allowed(May.PLAN_TRAINING)
@require_safe
def wall(request: HttpRequest, event_id: UUID, day_id: UUID) -> HttpResponse:
    """For the screen in the hall: the code, how to use it, how many are there. It comes anew by itself."""
    standing, found = queries.access_day(acting(request), event_id, day_id)
    told = queries.wall(standing, found)
    address = full_address(request, reverse("attend:scan", args=[found.code, told.code]))
    typed_at = full_address(request, reverse("attend:type"))
    context = {
        "event": standing.event, "wall": told, "size": _size(address), "path": _path(address),
        "typed_at": typed_at.split("://", 1)[-1].rstrip("/"),
        "open": found.closed_at is None and standing.event.state == "INVITED",
    }  # fmt: skip
    answer = render(request, "training/wall.html", context)
    answer["Cache-Control"] = "no-store"
    if context["open"]:  # a code that ages is the point of the page (WCAG 2.2.1, essential); no script is needed
        answer["Refresh"] = str(min(told.seconds, _WALL_SECONDS))
    return answer


_BORDER = 4


def _size(address: str) -> int:
    return int(segno.make_qr(address, error="m").symbol_size(border=_BORDER)[0])


def _path(address: str) -> str:
    """The dark squares, a stroke for each run in a row."""
    told = []
    for y, line in enumerate(segno.make_qr(address, error="m").matrix):
        x = 0
        while x < len(line):
            run = next((end for end in range(x, len(line)) if not line[end]), len(line)) - x
            if run:
                told.append(f"M{x + _BORDER} {y + _BORDER}h{run}v1h-{run}z")
            x += run or 1
    return "".join(told)


@allowed(*OFFICES)
@require_safe
def sheet(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """The list on paper, with room to sign for each day."""
    standing = access_event(acting(request), event_id)
    known_filters(request, [])
    people = queries.expected(standing).order_by("region_code", "staff__person__name", "staff__staff_no")
    rows = [
        {"row": one, "district": region_name(one.region_code), "number": number}
        for number, one in enumerate(people, start=1)
    ]
    context = event_page(standing, "attendance") | {"slots": queries.slots(standing.event), "rows": rows}
    return render(request, "training/sheet.html", context)


@allowed(*OFFICES)
@require_POST
def export(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Who was there on which day, as a table."""
    standing = access_event(acting(request), event_id)
    form = request.POST.get("form", "")
    if form not in KINDS:
        raise Http404
    event = standing.event
    days = [one.day for one in queries.days_of(event)]
    people = list(queries.expected(standing).order_by("region_code", "staff__staff_no"))
    with indonesian():
        rows = [
            (
                one.participant.staff.staff_no, one.participant.staff.person.name,
                region_name(one.participant.region_code),
                region_name(one.participant.home_code) if one.participant.home_code else "",
                *(_PRESENT_KEPT[Attendance.How(mark.how)] if mark else "" for mark in one.of(days)),
            )
            for one in queries.marks_of(people)
        ]  # fmt: skip
        header = (*LIST_HEADER, *(one.isoformat() for one in days))
        try:
            told = export_table(
                acting(request), "TrainingAttendance", event.region_code, header, rows, form, event=event.number
            )
        except Refused as refused:
            context = _table(request, standing, str(refused))
            return render(request, "training/attendance.html", context, status=422)
    return as_file(told, _FILE_KEPT.format(number=event.number, form=form), KINDS[form])
