"""A facilitator's own families, and which come to her and go from her."""

from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.facilitators.act_queries import OwnAct, own_acts, own_families
from gandeng.facilitators.models import CaseloadChange
from gandeng.facilitators.paging import page_by_village
from gandeng.facilitators.queries import own_record
from gandeng.facilitators.views.caseload import asked_day
from gandeng.registry.models import Family
from gandeng.registry.queries import SearchRefused
from gandeng.web.paging import Page, known_filters

_SINCE_DAYS = 30
"""Acts that began so long ago are still told."""


@allowed(May.ACCOMPANY)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Families by village, search, and hand-overs that begin or have just begun."""
    filters = known_filters(request, ("q", "day"))
    who, today = acting(request), timezone.localdate()
    staff = own_record(who)
    if staff is None:
        return render(request, "facilitators/own_families.html", {"staff": None})
    form, day = asked_day(request)
    refused = ""
    try:
        rows = own_families(who, staff, day, filters["q"])
        by_village = list(rows.order_by().values_list("village_code").annotate(Count("pk")).order_by("village_code"))
        page = page_by_village(rows, request, unique="family__family_no")
    except SearchRefused as why:
        by_village, page, refused = [], Page([], "", ""), str(why)
    acts = own_acts(staff, today - timedelta(days=_SINCE_DAYS))
    context = {
        "staff": staff, "form": form, "day": day, "is_today": day == today, "filters": filters, "refused": refused,
        "page": page, "total": sum(families for _, families in by_village),
        "by_village": [
            {"name": region_name(code), "sub_district": region_name(code[:6]), "families": families}
            for code, families in by_village
        ],
        "rows": [
            {"row": one, "village": region_name(one.village_code),
             "tone": "good" if one.family.status == Family.Status.ACTIVE else "warn"}
            for one in page.rows
        ],
        "coming": [_act(one) for one in acts if one.effective_on > today],
        "begun": [_act(one) for one in acts if one.effective_on <= today],
    }  # fmt: skip
    return render(request, "facilitators/own_families.html", context, status=422 if form.errors else 200)


def _act(one: OwnAct) -> dict[str, Any]:
    return {"act": one, "village": region_name(one.village_code), "kind": CaseloadChange.Kind(one.kind).label}
