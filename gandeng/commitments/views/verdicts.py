"""Verdicts of a quarter behind the figures, and the records behind one of them."""

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.commitments import overview_queries as overview
from gandeng.commitments import own_queries
from gandeng.commitments.evidence import is_thin, thin_sheets
from gandeng.commitments.models import Verdict
from gandeng.commitments.origins import origins
from gandeng.commitments.queries import Quarter
from gandeng.commitments.views.common import BOTH, VERDICT_TONES, asked, tabs
from gandeng.commitments.words import reason_words, sanction_not_applied
from gandeng.registry.queries import access_family
from gandeng.web.paging import known_filters, page_by_key


@allowed(*BOTH)
@require_safe
def verdicts(request: HttpRequest) -> HttpResponse:
    """The newest of each member and obligation, of a sub-district or all of one's territory."""
    who, filters = acting(request), known_filters(request, ("quarter", "wilayah", "penilaian"))
    quarter, region = asked(filters)
    if filters["penilaian"] not in ("", *Verdict.Kind.values):
        raise BadRequest("penilaian")
    rows = overview.verdicts(quarter, region, filters["penilaian"])
    page = page_by_key(rows.select_related("member", "sheet__facility"), request, key="pk")
    thin = thin_sheets({one.sheet_id for one in page.rows})
    context = {
        "tabs": tabs(who, "overview"), "quarter": quarter, "place": region_name(region) if region else "",
        "kind": Verdict.Kind(filters["penilaian"]).label if filters["penilaian"] else "",
        "page": page, "rows": [_row(one) | {"thin": one.sheet_id in thin} for one in page.rows],
    }  # fmt: skip
    return render(request, "commitments/verdicts.html", context)


@allowed(May.SEE_FAMILIES)
@require_safe
def verdict(request: HttpRequest, verdict_id: UUID) -> HttpResponse:
    """One: what was recorded month by month, who signed, and what the facility says of it."""
    found = overview.access_verdict(verdict_id)
    access_family(acting(request), found.family_id)
    quarter = Quarter(found.year, found.quarter)
    names = quarter.months()
    said, origin = own_queries.said_of([found]).get(found.pk), origins({found.sheet_id}).get(found.sheet_id)
    context = _row(found) | {
        "quarter": quarter, "said": said, "origin": origin, "thin": is_thin(said=said is not None, origin=origin),
        "not_applied": sanction_not_applied(found),
        "months": [{"first": names[each.month - 1], "record": each} for each in overview.months_of(found)],
        "newest": not Verdict.objects.filter(
            member_id=found.member_id, obligation=found.obligation, year=found.year, quarter=found.quarter,
            at__gt=found.at,
        ).exists(),
        "title": _("Penilaian komitmen"),
    }  # fmt: skip
    return render(request, "commitments/verdict.html", context)


def _row(one: Verdict) -> dict[str, Any]:
    return {
        "row": one, "village": region_name(one.village_code), "reason": reason_words(one),
        "tone": VERDICT_TONES[one.verdict],
    }  # fmt: skip
