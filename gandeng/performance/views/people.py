"""Figures of staff: one's own, somebody's, and the list of a place with its file."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.exports.actions.budget import take_alone
from gandeng.exports.refused import Refused
from gandeng.exports.sources import ROWS_ALONE
from gandeng.exports.tables import table_bytes
from gandeng.facilitators.models import Post, Staff
from gandeng.facilitators.queries import own_record
from gandeng.performance.actions.reviews import note_export
from gandeng.performance.composing import UNKNOWN_KEPT
from gandeng.performance.figures import Done, done, is_recorded
from gandeng.performance.months import Period
from gandeng.performance.people_queries import FILTERS, access_done, period_of, staff_in
from gandeng.performance.published import areas
from gandeng.performance.target_queries import Terms, target_words, targets, terms_on
from gandeng.performance.views.common import (
    ANY,
    area_rows,
    asked,
    cell,
    months,
    of_staff,
    sees_others,
    tabs,
    year_choices,
)
from gandeng.registry.queries import region_choices
from gandeng.web.answers import CSV, as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, narrowed, page_by_key, query_of

TOTALS_MOST = 2_000
"""So many staff are added up on a page; for more one chooses a smaller region."""
FILE_KEPT = "kinerja-%s.csv"
_HEADER = ("nomor SDM", "nama", "wilayah kerja", "masa")
_TARGET_HEADER = "target RHK %d setahun"


@allowed(*ANY)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """One's own year."""
    who = acting(request)
    staff = own_record(who)
    period = period_of(known_filters(request, ("year",)), timezone.localdate())
    context = {"tabs": tabs(who, "own"), "staff": None} if staff is None else _year(who, staff, period, "own")
    return render(request, "performance/year.html", context)


@allowed(*ANY)
@require_safe
def person(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Somebody's year."""
    who = acting(request)
    period = period_of(known_filters(request, ("year",)), timezone.localdate())
    staff = access_done(who, staff_id)
    return render(request, "performance/year.html", _year(who, staff, period, "people"))


def _year(who: Acting, staff: Staff, period: Period, tab: str) -> dict[str, Any]:
    today = timezone.localdate()
    terms = terms_on([staff.pk], period.day(today))[staff.pk]
    found = done([staff.pk], period)
    rows = area_rows(staff, terms, period, found, targets(period.year))
    is_own = staff.person_id == who.person_id
    return {
        "tabs": tabs(who, tab), "staff": staff, "own": is_own, "period": period, "years": year_choices(),
        "filters": asked(period), "rows": rows, "region": region_name(staff.region_code), "months": months()[1:],
        "posts": [str(post.get_role_display()) for post in terms.posts], "job_title": job_title(terms),
        "unset": sum(row["target"] is None for row in rows), "now": timezone.now(),
        "here": reverse("performance:own") if tab == "own" else reverse("performance:person", args=[staff.pk]),
        "trail": [] if tab == "own" else [
            {"label": _("Kinerja"), "url": reverse("performance:people")}, {"label": staff.person.name},
        ],
        "compare_url": _compare_url(who, staff, period),
    }  # fmt: skip


def _compare_url(who: Acting, staff: Staff, period: Period) -> str:
    """Where the like stand beside her; nowhere for staff of a province, who are few and differ."""
    year = {"year": str(period.year)}
    if len(staff.region_code) != len("6371"):
        return ""
    if staff.person_id == who.person_id:
        return narrowed(reverse("performance:own_compare"), year)
    if who.may(May.SEE_STAFF, staff.region_code):
        return narrowed(reverse("performance:compare"), of_staff(staff) | year)
    return ""


def job_title(terms: Terms) -> str:
    """As screens name it."""
    from gandeng.facilitators.models import Employment

    return str(Employment.Title(terms.job_title).label) if terms.job_title else ""


@allowed(May.SEE_STAFF)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Staff of a place with what they did in a year or a month; the sums over all of them below."""
    return render(request, "performance/people.html", _people(request, known_filters(request, FILTERS)))


def _people(request: HttpRequest, filters: dict[str, str], refused: str = "") -> dict[str, Any]:
    who, today = acting(request), timezone.localdate()
    period = period_of(filters, today)
    rows = staff_in(who, period, filters)
    page = page_by_key(rows, request, key="staff_no")
    everybody = list(rows.order_by().values_list("pk", flat=True)[: TOTALS_MOST + 1])
    added_up = len(everybody) <= TOTALS_MOST
    shown = everybody if added_up else [one.pk for one in page.rows]
    found = done(shown, period)
    terms = terms_on([one.pk for one in page.rows], period.day(today))
    which = {name: filters[name] for name in ("q", "region", "role") if filters[name]}
    return {
        "tabs": tabs(who, "people"), "filters": filters | asked(period), "period": period, "page": page,
        "rows": [_line(one, terms[one.pk], found, period) for one in page.rows], "count": len(everybody),
        "areas": areas().values(), "added_up": added_up, "totals": _totals(found, period, which) if added_up else [],
        "regions": [one for one in region_choices(who, filters["region"]) if len(one.code) <= DISTRICT_DIGITS],
        "years": year_choices(), "months": months(), "roles": Post.Role.choices, "now": timezone.now(),
        "narrowed": bool(which), "refused": refused, "sees_others": sees_others(who),
        "query": query_of(filters | asked(period)),
    }  # fmt: skip


def _line(staff: Staff, terms: Terms, found: Done, period: Period) -> dict[str, Any]:
    cells = []
    for area in areas():
        number = found.of(area, staff=staff.pk)
        known = is_recorded(area, terms.roles, number)
        cells.append(cell(number, period, area, of_staff(staff)) | {"area": area, "known": known})
    return {"staff": staff, "region": region_name(staff.region_code), "cells": cells}


def _totals(found: Done, period: Period, which: dict[str, str]) -> list[dict[str, Any]]:
    cells = []
    for area in areas():
        number = found.of(area)
        known = is_recorded(area, [str(role) for role in Post.Role.values], number)
        cells.append(cell(number, period, area, which or {"region": ""}) | {"area": area, "known": known})
    return cells


@allowed(May.SEE_STAFF)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The same as CSV, with the targets."""
    who, today = acting(request), timezone.localdate()
    filters = {name: request.POST.get(name, "").strip() for name in FILTERS}
    period = period_of(filters, today)
    rows = list(staff_in(who, period, filters).order_by("staff_no")[: ROWS_ALONE + 1])
    if len(rows) > ROWS_ALONE:
        why = _("Lebih dari seribu baris. Pilih wilayah yang lebih kecil.")
        return render(request, "performance/people.html", _people(request, filters, why), status=422)
    try:
        take_alone(who, "Performance", len(rows), region=filters["region"])
    except Refused as refused:
        return render(request, "performance/people.html", _people(request, filters, str(refused)), status=422)
    with indonesian():
        content = table_bytes(_header(), _lines(rows, period))
    note_export(who, filters["region"], period.words, len(rows))
    return as_file(content, FILE_KEPT % (f"{period.year}-{period.month:02d}"), CSV)


def _header() -> list[str]:
    told = [f"RHK {one.number} {one.subject.said('id')}" for one in areas().values()]
    return [*_HEADER, *told, *(_TARGET_HEADER % number for number in areas())]


def _lines(rows: list[Staff], period: Period) -> Iterable[list[str | int]]:
    found, said = done([one.pk for one in rows], period), targets(period.year)
    terms = terms_on([one.pk for one in rows], period.day(timezone.localdate()))
    for one in rows:
        figures: list[str | int] = []
        for area in areas():
            number = found.of(area, staff=one.pk)
            figures.append(number if is_recorded(area, terms[one.pk].roles, number) else UNKNOWN_KEPT)
        asked_for = [target_words(said.of(one.region_code, area, terms[one.pk])) for area in areas()]
        yield [one.staff_no, one.person.name, region_name(one.region_code), period.words, *figures, *asked_for]
