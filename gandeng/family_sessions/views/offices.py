"""What offices see: how far the sessions reach, the meetings behind it, and the part of a family's page."""

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
from gandeng.audit.actions import record
from gandeng.exports.tables import table_bytes
from gandeng.family_sessions import coverage as figures
from gandeng.family_sessions import queries
from gandeng.family_sessions.published import module_name, session_name, sessions
from gandeng.family_sessions.views.common import attendance_row, meeting_row, tabs
from gandeng.registry.queries import access_family, region_choices
from gandeng.registry.views.families import family_part
from gandeng.web.answers import CSV, as_file
from gandeng.web.finding import region_asked
from gandeng.web.paging import known_filters, narrowed, page_by_column, page_by_key
from gandeng.web.sections import Section

HEADER = ("menurut", "kode", "nama", "pertemuan", "kelompok", "kehadiran diharapkan", "hadir atau diwakili")
_KEPT = "cakupan-p2k2-{year}-{place}.csv"


@allowed(May.SEE_STAFF)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """By session and module, by place, by group, by facilitator."""
    filters = known_filters(request, ("region", "year"))
    return render(request, "family_sessions/coverage.html", _coverage(request, filters))


def _coverage(request: HttpRequest, filters: dict[str, str]) -> dict[str, Any]:
    who, today = acting(request), timezone.localdate()
    year = queries.programme_year_asked(filters["year"]) if filters["year"] else today.year
    region = region_asked(filters["region"]) if filters["region"] else ""
    by_session = figures.by_session(region, year)
    page = page_by_key(figures.groups(region, year, today), request, key="pk")
    return {
        "tabs": tabs(who, "coverage"), "filters": filters, "year": year, "region": region, "now": timezone.now(),
        "regions": region_choices(who, filters["region"]), "years": range(today.year, today.year - 3, -1),
        "modules": [(module_name(code), count) for code, count in figures.by_module(by_session).items()],
        "sessions": [
            {"one": one, "name": session_name(one.key), "url": _rows(region, year, session=one.key)}
            for one in by_session
        ],
        "places": [
            {"one": one, "name": region_name(one.code), "url": _rows(one.code, year)}
            for one in figures.by_place(_shown(who, region), year, today)
        ],
        "people": [
            {"one": one, "url": _rows(region, year, by=str(one.person_id))} for one in figures.by_person(region, year)
        ],
        "page": page, "groups": [{"one": one, "village": region_name(one.village_code)} for one in page.rows],
        "meetings": sum(one.meetings for one in by_session), "families": sum(one.families for one in by_session),
        "came": sum(one.came for one in by_session), "url": _rows(region, year),
    }  # fmt: skip


def _shown(who: Acting, region: str) -> str:
    """Without a region chosen, that of the only grant there is."""
    tops = sorted(who.territory.regions)
    return region or (tops[0] if len(tops) == 1 else "")


def _rows(region: str, year: int, **more: str) -> str:
    return narrowed(reverse("family_sessions:meetings"), {"region": region, "year": str(year), **more})


@allowed(May.SEE_STAFF)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The tables of sessions, places and people as CSV; sums alone."""
    who = acting(request)
    told = _coverage(request, {name: request.POST.get(name, "").strip() for name in ("region", "year")})
    rows = [
        *(_line("sesi", row["one"].key, row["name"], row["one"]) for row in told["sessions"]),
        *(_line("tempat", row["one"].code, row["name"], row["one"]) for row in told["places"]),
        *(_line("pendamping", "", row["one"].name, row["one"]) for row in told["people"]),
    ]
    region = told["region"] or who.held(May.SEE_STAFF).region_code
    record(
        who, "family_meeting.coverage_exported", object_type="Meeting", region=region,
        authority=who.held(May.SEE_STAFF).words, rows=len(rows), year=told["year"],
    )  # fmt: skip
    name = _KEPT.format(year=told["year"], place=told["region"] or "semua")
    return as_file(table_bytes(HEADER, rows), name, CSV)


def _line(by: str, code: str, name: str, one: Any) -> tuple[str | int, ...]:
    return (by, code, name, one.meetings, one.groups, one.families, one.came)


@allowed(May.SEE_STAFF)
@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings behind the figures, the last first."""
    who, filters = acting(request), known_filters(request, queries.MEETING_FILTERS)
    page = page_by_column(queries.meetings(filters), request, "on_day", descending=True)
    today = timezone.localdate()
    context = {
        "tabs": tabs(who, "meetings"), "filters": filters, "narrowed": any(filters.values()), "page": page,
        "rows": [meeting_row(one) for one in page.rows], "regions": region_choices(who, filters["region"]),
        "sessions": [(code, session_name(code)) for code in sessions()],
        "years": [(str(year), str(year)) for year in range(today.year, today.year - 3, -1)],
    }  # fmt: skip
    return render(request, "family_sessions/meetings.html", context)


@allowed(May.SEE_FAMILIES)
@require_safe
def of_family(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """The part of a family's page."""
    known_filters(request, ())
    family = access_family(acting(request), family_id)
    told = queries.of_family(family, timezone.localdate())
    opens = queries.may_see(acting(request))
    context = {"told": told, "rows": [attendance_row(one) for one in told.rows], "opens": opens}
    return family_part(
        request, family, Section(_("Pertemuan kelompok (P2K2)"), "family_sessions/of_family.html", context)
    )
