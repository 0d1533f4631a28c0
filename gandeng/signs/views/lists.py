"""What nobody has looked at, what somebody has, what is about one's own records; looking anew."""

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed, signed_in
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.jobs.work import start
from gandeng.registry.queries import region_choices
from gandeng.signs import queries
from gandeng.signs.jobs import WORK
from gandeng.signs.kinds import KINDS
from gandeng.signs.models import Step
from gandeng.signs.views.common import tabs
from gandeng.signs.words import row_of
from gandeng.web.paging import known_filters, narrowed, page_by_column, query_of


@allowed(May.REVIEW_SIGNS)
@require_safe
def signs(request: HttpRequest) -> HttpResponse:
    """Of one kind the strongest first, of all the newest."""
    who = acting(request)
    filters = queries.known(known_filters(request, queries.FILTERS))
    counts, found_at = queries.counted(who, filters["region"])
    column = "score" if filters["kind"] else "last_at"
    page = page_by_column(queries.found(who, filters), request, column, descending=True)
    context = {
        "tabs": tabs(who, "signs"), "filters": filters, "page": page, "rows": [row_of(one) for one in page.rows],
        "regions": region_choices(who, filters["region"]), "narrowed": any(filters.values()), "found_at": found_at,
        "kinds": [_kind(code, counts, filters["region"]) for code in KINDS], "query": query_of(filters),
        "chosen": KINDS.get(filters["kind"]), "names": [(code, kind.name) for code, kind in KINDS.items()],
        "districts": [(code, region_name(code)) for code in sorted(who.where(May.REVIEW_SIGNS).regions)],
    }  # fmt: skip
    return render(request, "signs/signs.html", context)


def _kind(code: str, counts: dict[str, int], region: str) -> dict[str, Any]:
    url = narrowed(reverse("signs:signs"), {"kind": code, "region": region})
    return {"kind": KINDS[code], "count": counts.get(code, 0), "url": url}


@allowed(May.REVIEW_SIGNS)
@require_safe
def looked(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    who = acting(request)
    filters = queries.known(known_filters(request, queries.LOOKED_FILTERS))
    page = page_by_column(queries.looked(who, filters), request, "at", descending=True)
    context = {
        "tabs": tabs(who, "looked"), "filters": filters, "page": page, "rows": [row_of(one) for one in page.rows],
        "regions": region_choices(who, filters["region"]), "narrowed": any(filters.values()),
        "states": Step.Kind.choices, "names": [(code, kind.name) for code, kind in KINDS.items()],
    }  # fmt: skip
    return render(request, "signs/looked.html", context)


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """About one's own records, newest first."""
    who = acting(request)
    known_filters(request, ())
    page = page_by_column(queries.own(who), request, "at", descending=True)
    context = {"tabs": tabs(who, "mine"), "page": page, "rows": [row_of(one) for one in page.rows]}
    return render(request, "signs/mine.html", context)


@allowed(May.REVIEW_SIGNS)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look at a district now."""
    who, district = acting(request), request.POST.get("district", "")
    if not (district.isdigit() and len(district) == DISTRICT_DIGITS):
        raise BadRequest("district")
    if not who.may(May.REVIEW_SIGNS, district):
        raise PermissionDenied(district)
    title = _("Tanda yang perlu dilihat, %(district)s") % {"district": region_name(district)}
    return redirect("jobs:job", start(who, WORK, title, district=district).pk)
