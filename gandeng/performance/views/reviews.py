"""What waits for a supervisor, who has not handed in, and her word about one report."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.performance import report_queries as queries
from gandeng.performance.actions import reviews as actions
from gandeng.performance.actions.common import PerformanceRefused
from gandeng.performance.forms import ReviewForm
from gandeng.performance.models import Report
from gandeng.performance.months import month_before, month_words
from gandeng.performance.people_queries import region_code
from gandeng.performance.target_queries import report_day, report_days
from gandeng.performance.views.common import month_of_text, sees_others, tabs
from gandeng.performance.views.reports import TONES, page_of
from gandeng.registry.queries import region_choices
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse
from gandeng.web.scoping import Territory

_FILTERS = ("region", "month", "state")
_BACK = 24


@allowed(May.SEE_STAFF)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Reports of one's regions: those that wait first; of a month, who has not handed in."""
    who, filters, today = acting(request), known_filters(request, _FILTERS), timezone.localdate()
    month = month_before(today)
    if filters["month"]:
        try:
            month = month_of_text(filters["month"])
        except ValueError as error:
            raise BadRequest("month") from error
    region = region_code(filters["region"]) if filters["region"] else ""
    if filters["state"] not in ("", *Report.State.values):
        raise BadRequest("state")
    waiting = list(queries.waiting(who).select_related("staff__person").order_by("pk")[:50])
    rows = queries.reports_in(who).filter(month=month)
    if region:
        rows = rows.filter(staff__region_code__within=Territory(frozenset({region})))
    page = page_by_key(rows.filter(state=filters["state"]) if filters["state"] else rows, request, key="id")
    of_month = queries.month_of(who, month, region)
    place = region or min(who.where(May.SEE_STAFF).regions)
    day = report_day(report_days(Territory(frozenset({place}))), place, month)
    due = queries.due_on(day, month) if day else None
    context = {
        "tabs": tabs(who, "reviews"), "filters": filters | {"month": month.isoformat()[:7]},
        "month": month_words(month), "waiting": [_row(one) for one in waiting], "page": page,
        "rows": [_row(one) for one in page.rows], "missing": [_person(one) for one in of_month.missing[:200]],
        "staff": of_month.staff.count(), "missing_count": of_month.missing.count(), "due": due,
        "is_late": due is not None and due < today, "months": _months(today), "states": Report.State.choices[1:],
        "regions": [one for one in region_choices(who, filters["region"]) if len(one.code) <= DISTRICT_DIGITS],
        "reviews": who.may(May.REVIEW_WORK), "sees_others": sees_others(who), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "performance/reviews.html", context)


def _months(today: Any) -> list[tuple[str, str]]:
    found, month = [], today.replace(day=1)
    for _place in range(_BACK):
        found.append((month.isoformat()[:7], month_words(month)))
        month = month_before(month)
    return found


def _row(one: Report) -> dict[str, Any]:
    return {"report": one, "month": month_words(one.month), "region": region_name(one.region_code),
            "tone": TONES[one.state]}  # fmt: skip


def _person(one: Any) -> dict[str, Any]:
    return {"staff": one, "region": region_name(one.region_code)}


@allowed(May.REVIEW_WORK)
@require_POST
def decide(request: HttpRequest, monthly_id: UUID) -> HttpResponse:
    """Agree, or return it."""
    who, form = acting(request), ReviewForm(request.POST)
    opened = queries.access_report(who, monthly_id)
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.review(who, opened, told["verdict"], told["comment"], told["digest"])
        except PerformanceRefused as why:
            refuse(form, why)
        else:
            agreed = made.verdict == Report.State.AGREED
            messages.success(request, _("Laporan disetujui.") if agreed else _("Laporan dikembalikan kepadanya."))
            return redirect("performance:reviews")
    return render(request, "performance/report.html", page_of(who, opened, review=form), status=422)
