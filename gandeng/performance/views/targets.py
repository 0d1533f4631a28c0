"""Targets of a year, and the last day for reports: what offices said, and saying it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.facilitators.models import Employment, Post
from gandeng.performance import target_queries as queries
from gandeng.performance.actions import targets as actions
from gandeng.performance.actions.common import PerformanceRefused
from gandeng.performance.forms import ReportDayForm, TargetForm
from gandeng.performance.models import Target
from gandeng.performance.months import month_words
from gandeng.performance.people_queries import period_of
from gandeng.performance.published import Area, areas
from gandeng.performance.views.common import ANY, tabs, year_choices
from gandeng.web.paging import known_filters, narrowed
from gandeng.web.refusals import refuse


@allowed(*ANY)
@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """What the offices around one said about a year, area by area, beside what was published."""
    who, today = acting(request), timezone.localdate()
    filters = known_filters(request, ("year",))
    year = int(filters["year"]) if filters["year"] == str(today.year + 1) else period_of(filters, today).year
    rows = list(queries.said(who, year))
    force = queries.in_force(rows)
    days = queries.report_days(who.territory)
    context = {
        "tabs": tabs(who, "targets"), "year": year, "filters": {"year": str(year)},
        "years": [(str(today.year + 1), str(today.year + 1)), *year_choices()],
        "areas": [_area(one, [row for row in rows if row.area == one.number], force) for one in areas().values()],
        "any": bool(force), "may_set": who.may(May.SET_TARGETS),
        "days": [_day(one) for one in days], "now": timezone.now(),
    }  # fmt: skip
    return render(request, "performance/targets.html", context)


def whose_words(target: Target) -> str:
    """The title or post it is about."""
    if target.job_title:
        return str(Employment.Title(target.job_title).label)
    return str(Post.Role(target.post_role).label)


def _area(area: Area, rows: list[Target], force: set[Any]) -> dict[str, Any]:
    suggested = area.suggested
    return {
        "area": area, "subject": area.subject.said(), "parts": [part.said() for part in area.parts],
        "suggested": suggested.yearly, "note": suggested.note.said() if suggested.note else "",
        "source": suggested.source.said(),
        "rows": [
            {
                "target": row, "whose": whose_words(row), "office": region_name(row.region_code),
                "words": queries.target_words(row) if row.basis != Target.Basis.WITHDRAWN else "",
                "in_force": row.pk in force,
            }
            for row in rows
        ],
    }  # fmt: skip


def _day(one: Any) -> dict[str, Any]:
    return {"row": one, "office": region_name(one.region_code), "month": month_words(one.valid_from)}


@allowed(May.SET_TARGETS)
def set_target(request: HttpRequest) -> HttpResponse:
    """A word of one's office about an area; what was published may be taken as a place to begin."""
    who = acting(request)
    area = areas().get(int(asked)) if (asked := _asked_area(request)) else None
    begin: dict[str, Any] = {}
    if area is not None:
        yearly = area.suggested.yearly
        begin = {"area": str(area.number), "basis": Target.Basis.COUNT if yearly else Target.Basis.PER_EVENT}
        begin |= {"count": yearly} if yearly else {}
    form = TargetForm(request.POST or None, acting=who, initial=begin)
    if request.method == "POST" and form.is_valid():
        wanted = form.told()
        try:
            actions.set_targets(who, wanted)
        except PerformanceRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Target tersimpan. Target sebelumnya tetap terbaca dalam riwayat."))
            return redirect(narrowed(reverse("performance:targets"), {"year": str(wanted.year)}))
    context = {"form": form, "area": area, "suggested": area.suggested if area else None}
    return render(request, "performance/set_target.html", context, status=422 if form.errors else 200)


def _asked_area(request: HttpRequest) -> str:
    told = known_filters(request, ("area",))["area"] if request.method == "GET" else ""
    return told if told in {str(number) for number in areas()} else ""


@allowed(May.SET_TARGETS)
def set_day(request: HttpRequest) -> HttpResponse:
    """The last day for reports of one's office."""
    who = acting(request)
    form = ReportDayForm(request.POST or None, acting=who)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_report_day(who, *form.told())
        except PerformanceRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Batas tanggal laporan tersimpan."))
            return redirect("performance:targets")
    return render(request, "performance/set_day.html", {"form": form}, status=422 if form.errors else 200)
