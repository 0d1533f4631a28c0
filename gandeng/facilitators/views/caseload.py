"""The caseload of a place on a day: figures, map, places below, facilitators; the office's own limit; both as files."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.core.region_code import DISTRICT_DIGITS, PROVINCE_DIGITS, RegionCode, UnreadableRegionCode
from gandeng.facilitators import caseload_exports as exports
from gandeng.facilitators.actions.caseload import set_load_limit
from gandeng.facilitators.actions.caseload_exports import export_figures
from gandeng.facilitators.caseload_forms import DayForm, ExportForm, LimitForm
from gandeng.facilitators.charts import load_bars, load_map, state_of
from gandeng.facilitators.load_queries import BELOW, DETAIL, Caseload, Person, PlaceLoad, caseload_on, own_region
from gandeng.facilitators.norm import norm_families, norm_on, published_of
from gandeng.policy import load_figures
from gandeng.policy.sources import UNSOURCED
from gandeng.regions import places
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters, narrowed

FINE = 10
"""Villages: people are listed with how many they work in."""
_ROWS = 50
_FILTERS = ("day", "q", "over")
_OVER = ("", "norm", "limit")
_FORMATS_NAME = {"places": "beban-wilayah", "people": "beban-pendamping"}


def access_region(who: Acting, region: str, may: May = May.SEE_STAFF) -> str:
    """A place there is and whose caseload one may see, as digits. Http404 for any other."""
    try:
        code = RegionCode.parse(region).digits if region else ""
    except UnreadableRegionCode as error:
        raise Http404 from error
    if code != region or (code and places.place(RegionCode(code)) is None) or not who.may(may, code):
        raise Http404
    return code


@allowed(May.SEE_STAFF)
@require_GET
def top(request: HttpRequest) -> HttpResponse:
    """The caseload of one's own region, or which of them."""
    known_filters(request, ())
    regions = sorted(acting(request).where(May.SEE_STAFF).regions)
    if len(regions) == 1:
        return load(request, regions[0])
    named = [{"code": code, "name": region_name(code)} for code in regions]
    return render(request, "facilitators/caseload_regions.html", {"regions": named})


@allowed(May.SEE_STAFF)
@require_GET
def load(request: HttpRequest, region: str) -> HttpResponse:
    """Families, facilitators and load of a place, and of each place in it."""
    known_filters(request, ("day",))
    who = acting(request)
    access_region(who, region)
    form, day = asked_day(request)
    found = caseload_on(region, day, norm_families(day))
    whole = found.whole()
    points = found.parts(DETAIL[len(region)])
    below = [] if len(region) == FINE else found.parts(BELOW[len(region)])
    context = head_of(who, region, day, "load") | limit_of(who, found, whole) | {
        "form": form, "whole": whole, "spec": load_map(points),
        "points": [{"place": one, "state": state_of(one)} for one in points],
        "below": below, "counted_at": found.counted_at, "same": DETAIL[len(region)] == BELOW[len(region)],
        "people": [person_row(who, found, one) for one in found.people] if len(region) > DISTRICT_DIGITS else [],
        **_published(region),
        "export_form": ExportForm(initial={"day": day}),
    }  # fmt: skip
    return render(request, "facilitators/caseload.html", context, status=422 if form.errors else 200)


def _published(region: str) -> dict[str, Any]:
    """What the press told of a district, a province or the nation: place, count, families for each facilitator."""
    if len(region) > DISTRICT_DIGITS:
        return {}
    found = published_of(region)
    rows = [
        (region_name(one.region), one, f"{one.for_each:.1f}".replace(".", ",") if one.for_each else "–")
        for one in found.counts
    ]
    return {"published": rows, "conflicts": found.conflicts}


def asked_day(request: HttpRequest) -> tuple[DayForm, date]:
    """The day of the address; today where it names none, or none that is one."""
    today = timezone.localdate()
    form = DayForm({"day": request.GET.get("day") or today.isoformat()})
    return form, (form.cleaned_data["day"] if form.is_valid() else None) or today


def head_of(who: Acting, region: str, day: date, current: str) -> dict[str, Any]:
    """What every page about a place's caseload begins with."""
    today = timezone.localdate()
    asked, own = {"day": "" if day == today else day.isoformat()}, {"region": region}
    tabs = [
        ("load", _("Beban wilayah"), narrowed(reverse("caseload:load", args=[region]), asked)),
        ("people", _("Pendamping"), narrowed(reverse("caseload:people", args=[region]), asked) if region else ""),
        ("unaccompanied", _("Tanpa pendamping"), narrowed(reverse("caseload:unaccompanied"), asked | own)),
        ("changes", _("Perpindahan"), narrowed(reverse("caseload:changes"), own)),
    ]  # fmt: skip
    return {
        "region": region, "name": region_name(region), "day": day, "is_today": day == today, "is_over": day < today,
        "trail": _trail(who, region, asked),
        "tabs": [{"label": label, "url": url, "current": key == current} for key, label, url in tabs if url],
        "may_decide": who.may(May.DECIDE_CASELOAD, region), "asked_day": asked["day"],
    }  # fmt: skip


def _trail(who: Acting, region: str, asked: dict[str, str]) -> list[dict[str, str]]:
    above = [region[:length] for length in (0, 2, 4, 6, 10) if length < len(region)]
    steps = [
        {"label": region_name(code), "url": narrowed(reverse("caseload:load", args=[code]), asked)}
        for code in above
        if who.may(May.SEE_STAFF, code)
    ]
    return [*steps, {"label": region_name(region), "url": ""}]


def limit_of(who: Acting, found: Caseload, whole: PlaceLoad) -> dict[str, Any]:
    """The norm with its source, the office's limit, and whether one may set it."""
    norm, region = norm_on(found.day), found.region
    said = found.limits.of(region)
    source = load_figures().sources.get(norm.source) if norm and norm.source != UNSOURCED else None
    return {
        "norm": norm, "norm_source": source, "limit": said, "over_limit": whole.over_limit,
        "limit_place": region_name(said.region_code) if said else "",
        "may_limit": len(region) in (PROVINCE_DIGITS, DISTRICT_DIGITS) and who.may(May.DECIDE_CASELOAD, region),
    }  # fmt: skip


def person_row(who: Acting, found: Caseload, one: Person) -> dict[str, Any]:
    """A facilitator as lists show her."""
    return {
        "person": one, "villages": sum(len(code) == FINE for code in one.held),
        "sub_districts": len({code[:6] for code in one.held}), "home": region_name(one.home) if one.home else "",
        "over_norm": bool(found.norm) and one.families > (found.norm or 0),
        "over_limit": found.limits.passed(one, found.region), "region": region_name(one.region),
        "may_open": who.may(May.SEE_STAFF, one.region),
        "may_hand_over": one.families > 0 and who.may(May.DECIDE_CASELOAD, one.region),
    }  # fmt: skip


@allowed(May.SEE_STAFF)
@require_GET
def people(request: HttpRequest, region: str) -> HttpResponse:
    """Facilitators of a place, heaviest first."""
    filters = known_filters(request, _FILTERS)
    who = acting(request)
    access_region(who, region)
    if not region or filters["over"] not in _OVER:
        raise Http404
    form, day = asked_day(request)
    found = caseload_on(region, day, norm_families(day), length=FINE)
    rows = [person_row(who, found, one) for one in found.people]
    words = filters["q"].casefold()
    rows = [
        row for row in rows
        if (not words or words in row["person"].name.casefold() or words in row["person"].staff_no.casefold())
        and (not filters["over"] or row[f"over_{filters['over']}"])
    ]  # fmt: skip
    whole = found.whole()
    limit = found.limits.families(region)
    context = head_of(who, region, day, "people") | limit_of(who, found, whole) | {
        "form": form, "whole": whole, "filters": filters, "matching": len(rows),
        "spec": load_bars(found.people, found.norm, limit),
        "export_form": ExportForm(initial={"day": day}), "narrowed": bool(words or filters["over"]),
    } | _paged(rows, request)  # fmt: skip
    return render(request, "facilitators/caseload_people.html", context, status=422 if form.errors else 200)


def _paged(rows: Sequence[dict[str, Any]], request: HttpRequest) -> dict[str, Any]:
    """From the facilitator after the one the address names."""
    after = request.GET.get("after", "")
    places_of = {row["person"].staff_no: place for place, row in enumerate(rows, start=1)}
    first = places_of.get(after, 0)
    shown = rows[first : first + _ROWS]
    kept = {name: request.GET.get(name, "") for name in _FILTERS}
    more = shown[-1]["person"].staff_no if first + _ROWS < len(rows) else ""
    back = rows[first - _ROWS - 1]["person"].staff_no if first > _ROWS else ""
    return {
        "people": shown,
        "next": narrowed(request.path, kept | {"after": more}) if more else "",
        "previous": narrowed(request.path, kept | {"after": back}) if first else "",
    }


@allowed(May.DECIDE_CASELOAD)
@require_GET
def overloaded(request: HttpRequest) -> HttpResponse:
    """Facilitators who have as many families as their office says is too much, where one decides."""
    known_filters(request, ())
    region = own_region(acting(request), May.DECIDE_CASELOAD)
    if not region:
        return redirect("caseload:top")
    return redirect(narrowed(reverse("caseload:people", args=[region]), {"over": "limit"}))


@allowed(May.DECIDE_CASELOAD)
@require_http_methods(["GET", "POST"])
def limit(request: HttpRequest, region: str) -> HttpResponse:
    """From how many families on somebody of the district or province is overloaded."""
    known_filters(request, ())
    who = acting(request)
    access_region(who, region, May.DECIDE_CASELOAD)
    if len(region) not in (PROVINCE_DIGITS, DISTRICT_DIGITS):
        raise Http404
    today = timezone.localdate()
    form = LimitForm(request.POST if request.method == "POST" else None, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        set_load_limit(who, region, told["families"], day=told["day"], reason=told["reason"])
        return redirect("caseload:load", region)
    context = head_of(who, region, today, "") | {"form": form}
    return render(request, "facilitators/load_limit.html", context, status=422 if form.errors else 200)


@allowed(May.SEE_STAFF)
@require_POST
def export(request: HttpRequest, region: str) -> HttpResponse:
    """The table of places or of facilitators as a file."""
    who = acting(request)
    access_region(who, region)
    form = ExportForm(request.POST)
    if not form.is_valid() or (form.cleaned_data["what"] == "people" and not region):
        raise BadRequest("export")  # nothing of it was typed
    day, what = form.cleaned_data["day"] or timezone.localdate(), form.cleaned_data["what"]
    found = caseload_on(region, day, norm_families(day), length=FINE if what == "people" else None)
    if what == "people":
        header: Sequence[str] = exports.PEOPLE_HEADER
        rows = exports.people_cells(found)
    else:
        header, rows = exports.PLACES_HEADER, exports.place_cells(found, BELOW[len(region)])
    kind = form.cleaned_data["format"]
    told = export_figures(who, region, day, what, header, rows, kind)
    name = f"{_FORMATS_NAME[what]}-{region or 'indonesia'}-{day.isoformat()}.{kind}"
    return as_file(told, name, exports.FORMATS[kind][1])
