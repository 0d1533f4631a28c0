"""Visits to homes: the list, and a family's."""

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.field import queries
from gandeng.field.actions.deciding import open_photo_of
from gandeng.field.found_cases import told_of, without_case
from gandeng.field.models import Visit
from gandeng.field.views.common import tabs
from gandeng.registry.queries import access_family, region_choices
from gandeng.registry.views.families import family_part
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters, page_by_column, query_of
from gandeng.web.sections import Section

TONES = {"MET": "good", "NOT_HOME": "warn", "MOVED": "bad", "DECLINED": "bad", "OTHER": "neutral"}
_CHOICES = {"purpose": Visit.Purpose, "result": Visit.Result, "found_case": Visit.Found}


@allowed(May.SEE_FAMILIES)
@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """Of the territory, newest first."""
    who, filters = acting(request), known_filters(request, queries.VISIT_FILTERS)
    page = page_by_column(visits_asked(filters), request, "on_day", descending=True)
    photos, told = queries.photos_of_visits(page.rows), told_of(who, page.rows)
    context = {
        "page": page, "filters": filters, "tabs": tabs(who, "visits"),
        "cases": [("NONE", _("Belum menjadi pengaduan"))],
        "rows": [_row(one) | {"photos": photos[one.pk], "found": told.get(one.pk)} for one in page.rows],
        "narrowed": any(filters.values()), "regions": region_choices(who, filters["region"]),
        "query": query_of(filters), **{f"{name}s": choices.choices for name, choices in _CHOICES.items()},
    }  # fmt: skip
    return render(request, "field/visits.html", context)


def visits_asked(filters: dict[str, str]) -> QuerySet[Visit]:
    """Of the territory, narrowed. Raises BadRequest for a choice there is none of."""
    for name, choices in _CHOICES.items():
        if filters[name] and filters[name] not in choices:
            raise BadRequest(name)
    if filters["case"] not in ("", "NONE"):
        raise BadRequest("case")
    found = queries.visits_visible_to(filters)
    return without_case(found) if filters["case"] else found


def _row(one: Visit) -> dict[str, Any]:
    return {
        "visit": one, "village": region_name(one.village_code), "tone": TONES.get(one.result, "neutral"),
        "name": one.family.called,
    }  # fmt: skip


@allowed(May.SEE_FAMILIES)
@require_safe
def family_visits(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """The part of the family's page."""
    who = acting(request)
    family = access_family(who, family_id)
    found = list(queries.visits_of(family)[:50])
    photos, told = queries.photos_of_visits(found), told_of(who, found)
    rows = [
        {"visit": one, "tone": TONES.get(one.result, "neutral"), "photos": photos[one.pk], "found": told.get(one.pk)}
        for one in found
    ]
    return family_part(request, family, Section(_("Kunjungan rumah"), "field/family_visits.html", {"rows": rows}))


@allowed(May.SEE_FAMILIES)
@require_POST
def photo(request: HttpRequest, field_visit_id: UUID, sha256: str) -> HttpResponse:
    """A photo of the visit, as an attachment; by POST, for opening it is written down."""
    who = acting(request)
    visit, entry, photos = queries.access_visit(field_visit_id)
    content = open_photo_of(who, entry, photos, sha256, who.authority(May.SEE_FAMILIES, visit.village_code))
    return as_file(content, f"kunjungan-{sha256[:8]}.jpg", "image/jpeg")
