"""Families nobody accompanies: the list, and a village's to a facilitator."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.core.money import format_number
from gandeng.core.region_code import VILLAGE_DIGITS
from gandeng.facilitators.act_queries import without_matching
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.actions.caseload_exports import ExportRefused, export_unaccompanied
from gandeng.facilitators.caseload_exports import FORMATS
from gandeng.facilitators.caseload_forms import DayForm, TakerForm, WithoutForm
from gandeng.facilitators.load_queries import BELOW, caseload_on, own_region, without_facilitator
from gandeng.facilitators.models import Staff
from gandeng.facilitators.moving import CaseloadRefused
from gandeng.facilitators.norm import norm_families
from gandeng.facilitators.paging import page_by_village
from gandeng.facilitators.takers import grouped, takers
from gandeng.facilitators.views.caseload import access_region, asked_day, head_of
from gandeng.registry.queries import SearchRefused
from gandeng.web.answers import as_file
from gandeng.web.paging import Page, known_filters

_FILTERS = ("region", "q", "day")
_FILE_KEPT = "tanpa-pendamping-%s-%s.%s"


@allowed(May.SEE_STAFF)
@require_GET
def unaccompanied(request: HttpRequest) -> HttpResponse:
    """Active and suspended families without a facilitator on a day, by village."""
    filters = known_filters(request, _FILTERS)
    who = acting(request)
    region = _region(who, filters["region"])
    form, day = asked_day(request)
    context = _listed(request, who, region, day, filters) | {"form": form, "export_form": WithoutForm()}
    return render(request, "facilitators/unaccompanied.html", context, status=422 if form.errors else 200)


@allowed(May.SEE_STAFF)
@require_POST
def take_list(request: HttpRequest, region: str) -> HttpResponse:
    """The same list as a file, for a purpose: all of the place and day, whatever was searched."""
    known_filters(request, ())
    who = acting(request)
    access_region(who, region)
    form = WithoutForm(request.POST)
    sound = form.is_valid()
    day = form.cleaned_data.get("day") or timezone.localdate()
    if sound:
        kind = form.cleaned_data["format"]
        try:
            told = export_unaccompanied(who, region, day, form.cleaned_data["purpose"], kind)
        except ExportRefused as why:
            form.add_error(None, str(why))
        else:
            return as_file(told, _FILE_KEPT % (region or "indonesia", day.isoformat(), kind), FORMATS[kind][1])
    filters = {"region": region, "q": "", "day": ""}
    shown = DayForm({"day": day.isoformat()})
    context = _listed(request, who, region, day, filters) | {"form": shown, "export_form": form}
    return render(request, "facilitators/unaccompanied.html", context, status=422)


def _listed(request: HttpRequest, who: Acting, region: str, day: date, filters: dict[str, str]) -> dict[str, Any]:
    rows = without_facilitator(region, day)
    length = BELOW[len(region)]
    by_place = list(
        rows.order_by().annotate(place=Left("village_code", length)).values_list("place").annotate(families=Count("pk"))
        .order_by("place")
    )  # fmt: skip
    refused = ""
    try:
        page = page_by_village(without_matching(who, rows, filters["q"]), request, unique="family_no")
    except SearchRefused as why:
        page, refused = Page([], "", ""), str(why)
    return head_of(who, region, day, "unaccompanied") | {
        "filters": filters, "refused": refused, "page": page,
        "total": sum(families for _, families in by_place),
        "by_place": [{"code": code, "name": region_name(code), "families": families} for code, families in by_place],
        "rows": [_row(one) for one in page.rows], "villages": length == 10,
        "may_assign": who.may(May.DECIDE_CASELOAD, region) and day >= timezone.localdate(),
    }  # fmt: skip


def _region(who: Acting, asked: str) -> str:
    """The place asked for; without one, one's own."""
    return access_region(who, asked) if asked else own_region(who, May.SEE_STAFF)


def _row(family: Any) -> dict[str, Any]:
    return {
        "family": family, "village": region_name(family.village_code),
        "sub_district": region_name(family.village_code[:6]),
    }  # fmt: skip


@allowed(May.DECIDE_CASELOAD)
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, village_code: str) -> HttpResponse:
    """All families of a village that nobody accompanies, to one facilitator."""
    known_filters(request, ())
    who = acting(request)
    village = access_region(who, village_code, May.DECIDE_CASELOAD)
    if len(village) != VILLAGE_DIGITS:
        raise Http404
    today = timezone.localdate()
    found = caseload_on(village[:4], today, norm_families(today), length=10)
    candidates = takers(found, [village])
    families = found.without.get(village, 0)
    form = TakerForm(
        request.POST if request.method == "POST" else None, groups=grouped(candidates), initial={"day": today}
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        taker: Staff = get_object_or_404(Staff.objects.select_related("person"), pk=told["taker"])
        try:
            done = assign_unaccompanied(who, village, taker, day=told["day"], reason=told["reason"])
        except CaseloadRefused as why:
            form.add_error(None, str(why))
        else:
            said = _("%(families)s keluarga mulai didampingi %(name)s.")
            messages.success(request, said % {"families": format_number(done.families), "name": taker.person.name})
            return redirect("caseload:change", done.pk)
    context = head_of(who, village, today, "unaccompanied") | {
        "form": form, "families": families, "candidates": candidates[:5], "norm": found.norm,
        "sub_district": region_name(village[:6]),
    }  # fmt: skip
    return render(request, "facilitators/assign.html", context, status=422 if form.errors else 200)
