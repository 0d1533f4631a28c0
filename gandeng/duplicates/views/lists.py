"""Pairs nobody has judged, those somebody has; searching anew."""

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import NATION_CHOICE, places_offered, region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.duplicates import queries
from gandeng.duplicates.jobs import WORK
from gandeng.duplicates.models import Judgement, Place
from gandeng.duplicates.views.common import tabs
from gandeng.duplicates.words import judged_row, rows_of
from gandeng.jobs.work import start
from gandeng.registry.queries import region_choices
from gandeng.web.paging import known_filters, narrowed, page_by_column, page_by_key, query_of


@allowed(*queries.SEEN_BY)
@require_safe
def pairs(request: HttpRequest) -> HttpResponse:
    """The strongest first."""
    who = acting(request)
    filters = queries.known(known_filters(request, queries.FILTERS))
    counts, found_at = queries.counted(who, filters["region"])
    page = page_by_column(queries.found(who, filters), request, "score", descending=True)
    people = queries.members(each[side] for one in page.rows for each in one.pairs[:1] for side in ("member", "other"))
    context = {
        "tabs": tabs("pairs"), "filters": filters, "page": page, "rows": rows_of(page.rows, people),
        "regions": region_choices(who, filters["region"]), "narrowed": any(filters.values()), "found_at": found_at,
        "places": [_place(place, counts, filters["region"]) for place in Place if counts.get(place)],
        "names": Place.choices, "query": query_of(filters),
        "searches": places_offered(sorted(who.where(May.JUDGE_DUPLICATES).regions)),
    }  # fmt: skip
    return render(request, "duplicates/pairs.html", context)


def _place(place: Place, counts: dict[str, int], region: str) -> dict[str, Any]:
    url = narrowed(reverse("duplicates:pairs"), {"place": place, "region": region})
    return {"name": place.label, "count": counts[place], "url": url}


@allowed(*queries.SEEN_BY)
@require_safe
def judged(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    who = acting(request)
    filters = queries.known(known_filters(request, queries.JUDGED_FILTERS))
    page = page_by_key(queries.judged(who, filters), request, key="id", descending=True)
    context = {
        "tabs": tabs("judged"), "filters": filters, "page": page, "rows": [judged_row(one) for one in page.rows],
        "regions": region_choices(who, filters["region"]), "narrowed": any(filters.values()),
        "verdicts": Judgement.Verdict.choices,
    }  # fmt: skip
    return render(request, "duplicates/judged.html", context)


@allowed(May.JUDGE_DUPLICATES)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Search a region one judges now."""
    who, asked = acting(request), request.POST.get("region", "")
    region = "" if asked == NATION_CHOICE else asked
    if asked != NATION_CHOICE and not (asked.isdigit() and asked.isascii()):
        raise BadRequest("region")
    if region not in who.where(May.JUDGE_DUPLICATES).regions:
        raise PermissionDenied(region)
    title = _("Data mirip, %(region)s") % {"region": region_name(region)}
    return redirect("jobs:job", start(who, WORK, title, region=region).pk)
