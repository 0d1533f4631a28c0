"""Families whose account or collector is new and waits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.registry.cooling import COOLING_DAYS
from gandeng.registry.cooling_queries import FILTERS, cooling, new_of
from gandeng.registry.queries import region_choices
from gandeng.web.paging import known_filters, page_by_key


@allowed(May.SEE_FAMILIES)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """By number."""
    who, today = acting(request), timezone.localdate()
    filters = known_filters(request, FILTERS)
    page = page_by_key(cooling(filters, today), request, key="family_no")
    context = {
        "page": page, "filters": filters, "regions": region_choices(who, filters["region"]), "days": COOLING_DAYS,
        "rows": [{"new": one, "village": region_name(one.family.village_code)} for one in new_of(page.rows, today)],
        "asks": who.may(May.REQUEST_CHANGE), "narrowed": any(filters.values()),
    }  # fmt: skip
    return render(request, "registry/cooling.html", context)
