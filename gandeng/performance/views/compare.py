"""Comparing what is alike: the spread of a figure in each group of a region, and one of the staff beside her group."""

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.context import region_name
from gandeng.accounts.machine import for_everyone
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.core.region_code import DISTRICT_DIGITS, PROVINCE_DIGITS
from gandeng.facilitators.models import Post, Staff
from gandeng.facilitators.queries import own_record
from gandeng.performance.alike import FEWEST, spread
from gandeng.performance.charts import spread_chart
from gandeng.performance.figures import Done, done, is_recorded
from gandeng.performance.months import Period
from gandeng.performance.people_queries import Alike, access_done, alike, period_of, region_code
from gandeng.performance.published import areas
from gandeng.performance.views.common import ANY, months, sees_others, tabs, year_choices
from gandeng.registry.queries import region_choices
from gandeng.web.paging import known_filters

_FILTERS = ("region", "year", "month", "area", "staff")
_OWN_FILTERS = ("year", "month")
_FIRST_AREA = "5"


@allowed(May.SEE_STAFF)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The groups of a district or province."""
    who, filters = acting(request), known_filters(request, _FILTERS)
    period = period_of(filters, timezone.localdate())
    staff = _staff(who, filters["staff"])
    region = staff.region_code if staff else _region(who, filters["region"])
    context = {
        "tabs": tabs(who, "compare"), "filters": filters | {"region": region, "area": filters["area"] or _FIRST_AREA},
        "period": period, "staff": staff, "region": region, "name": region_name(region), "fewest": FEWEST,
        "years": year_choices(), "months": months(), "now": timezone.now(),
        "areas": [(str(one.number), f"RHK {one.number}. {one.subject.said()}") for one in areas().values()],
        "regions": [one for one in region_choices(who, "") if len(one.code) <= DISTRICT_DIGITS],
    }  # fmt: skip
    if not region:
        return render(request, "performance/compare.html", context)
    found = alike(region, period.day(timezone.localdate()))
    figures = done(found.staff, period)
    if staff is not None:
        return render(request, "performance/compare_one.html", context | _beside(staff, found, figures))
    area = filters["area"] or _FIRST_AREA
    if area not in {str(number) for number in areas()}:
        raise BadRequest("area")
    return render(request, "performance/compare.html", context | _groups(found, figures, int(area)))


@allowed(*ANY)
@require_safe
def own_compare(request: HttpRequest) -> HttpResponse:
    """One's own figures beside one's group in the district: of the others the spread alone, and of few nothing."""
    who, filters = acting(request), known_filters(request, _OWN_FILTERS)
    staff, period = own_record(who), period_of(filters, timezone.localdate())
    context = {
        "tabs": tabs(who, "own"), "filters": filters, "period": period, "staff": staff, "own": True, "fewest": FEWEST,
        "years": year_choices(), "months": months(), "now": timezone.now(), "group": None,
    }  # fmt: skip
    if staff is not None and len(staff.region_code) == len("6371"):
        context |= {"name": region_name(staff.region_code)} | _own_beside(who, staff, period)
    return render(request, "performance/compare_one.html", context)


def _own_beside(who: Acting, staff: Staff, period: Period) -> dict[str, Any]:
    """Counted over colleagues she does not see: nothing of theirs leaves here but the quartiles of five or more."""
    with in_territory(for_everyone(who)):
        found = alike(staff.region_code, period.day(timezone.localdate()))
        group = found.group_of(staff.pk)
        return _beside(staff, found, done(found.groups[group] if group is not None else [], period))


def _staff(who: Acting, text: str) -> Staff | None:
    if not text:
        return None
    try:
        staff = access_done(who, UUID(text))
    except ValueError as error:
        raise Http404 from error
    if len(staff.region_code) != DISTRICT_DIGITS or not who.may(May.SEE_STAFF, staff.region_code):
        raise Http404
    return staff


def _region(who: Acting, asked: str) -> str:
    """A district or province whose staff one may see; one's own where there is one, none for the nation."""
    if asked:
        code = region_code(asked)
        if not code or not who.may(May.SEE_STAFF, code):
            raise Http404
        return code
    if not sees_others(who):
        return ""
    offices = (PROVINCE_DIGITS, DISTRICT_DIGITS)
    return min((code for code in who.where(May.SEE_STAFF).regions if len(code) in offices), default="")


def _groups(found: Alike, figures: Done, area: int) -> dict[str, Any]:
    known = is_recorded(area, [Post.Role.FACILITATOR])
    spreads = {group: spread(found.figures(figures, group, area)) for group in found.groups}
    rows = [{"group": group, "people": len(people), "spread": spreads[group]} for group, people in found.groups.items()]
    drawn = [(group, one) for group, one in spreads.items() if one is not None]
    chosen = areas()[area]
    return {
        "area": chosen, "subject": chosen.subject.said(), "known": known, "rows": rows,
        "spec": spread_chart(drawn) if known else None,
    }  # fmt: skip


def _beside(staff: Staff, found: Alike, figures: Done) -> dict[str, Any]:
    """Her figures, each beside those of her group."""
    group = found.group_of(staff.pk)
    shown = [one for one in areas().values() if group is not None and is_recorded(one.number, [Post.Role.FACILITATOR])]
    rows = [
        {
            "area": one, "subject": one.subject.said(), "number": figures.of(one.number, staff=staff.pk),
            "spread": spread(found.figures(figures, group, one.number)) if group is not None else None,
        }
        for one in shown
    ]  # fmt: skip
    people = len(found.groups[group]) if group is not None else 0
    return {"group": group, "people": people, "rows": rows, "enough": people >= FEWEST}
