"""What wants putting right, by kind; what somebody found right; looking anew."""

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.cleansing import queries
from gandeng.cleansing.jobs import WORK
from gandeng.cleansing.kinds import KINDS
from gandeng.cleansing.views.common import row_of, tabs
from gandeng.core.region_code import Level, RegionCode
from gandeng.jobs.work import start
from gandeng.registry.queries import region_choices
from gandeng.web.paging import known_filters, narrowed, page_by_column, page_by_key, query_of


@allowed(*queries.SEEN_BY)
@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """By village."""
    who = acting(request)
    filters = queries.known(known_filters(request, queries.FILTERS))
    counts, found_at = queries.counted(who, filters["region"])
    page = page_by_column(queries.found(who, filters), request, "village_code")
    context = _list(who, filters) | {
        "tabs": tabs("found"), "page": page, "rows": [row_of(one) for one in page.rows], "found_at": found_at,
        "kinds": [_kind(code, counts[code], filters["region"]) for code in KINDS if counts.get(code)],
        "chosen": KINDS.get(filters["kind"]), "districts": [(code, region_name(code)) for code in _districts(who)],
        "query": query_of(filters),
    }  # fmt: skip
    return render(request, "cleansing/found.html", context)


def _list(who: Acting, filters: dict[str, str]) -> dict[str, Any]:
    return {
        "filters": filters, "regions": region_choices(who, filters["region"]), "narrowed": any(filters.values()),
        "names": [(code, kind.name) for code, kind in KINDS.items()],
    }  # fmt: skip


def _kind(code: str, count: int, region: str) -> dict[str, Any]:
    return {"kind": KINDS[code], "count": count,
            "url": narrowed(reverse("cleansing:found"), {"kind": code, "region": region})}  # fmt: skip


def _districts(who: Acting) -> list[str]:
    """Where one keeps the data of a whole district."""
    regions = sorted(who.where(May.REQUEST_CHANGE).regions)
    return [code for code in regions if code and RegionCode(code).level is Level.DISTRICT]


@allowed(*queries.SEEN_BY)
@require_safe
def checked(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    who = acting(request)
    filters = queries.known(known_filters(request, queries.FILTERS))
    page = page_by_key(queries.checked(who, filters), request, key="id", descending=True)
    context = _list(who, filters) | {
        "tabs": tabs("checked"), "page": page, "may": who.may(May.REQUEST_CHANGE),
        "rows": [row_of(one) | {"passed": vars(one)["passed"]} for one in page.rows],
    }  # fmt: skip
    return render(request, "cleansing/checked.html", context)


@allowed(May.REQUEST_CHANGE)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look at a district whose data one keeps now."""
    who, district = acting(request), request.POST.get("district", "")
    if not (district.isascii() and district.isdigit()):
        raise BadRequest("district")
    if district not in _districts(who):
        raise PermissionDenied(district)
    title = _("Data yang perlu diperiksa, %(district)s") % {"district": region_name(district)}
    return redirect("jobs:job", start(who, WORK, title, district=district).pk)
