"""Families change hands: handing over with both loads shown, the acts, one act with its families, undoing."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
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
from gandeng.facilitators.act_queries import (
    changes_visible_to,
    families_of,
    moved_by,
)
from gandeng.facilitators.actions import caseload as actions
from gandeng.facilitators.actions.caseload_exports import ExportRefused, export_act
from gandeng.facilitators.caseload_exports import FORMATS
from gandeng.facilitators.caseload_forms import FormatForm, HandOverForm, UndoForm
from gandeng.facilitators.load_queries import Caseload, Person, caseload_on, own_region
from gandeng.facilitators.models import CaseloadChange, Staff
from gandeng.facilitators.moving import CaseloadRefused
from gandeng.facilitators.norm import norm_families
from gandeng.facilitators.paging import page_by_village
from gandeng.facilitators.queries import access_change, access_staff
from gandeng.facilitators.takers import grouped, takers
from gandeng.facilitators.views.caseload import access_region, head_of
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters, page_by_key

_UNDO = CaseloadChange.Kind.UNDO


@allowed(May.DECIDE_CASELOAD)
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Villages of one facilitator to another. What was typed is shown with both loads before it is done."""
    known_filters(request, ())
    who = acting(request)
    giver = access_staff(who, staff_id, May.DECIDE_CASELOAD)
    today = timezone.localdate()
    found = caseload_on(giver.region_code, today, norm_families(today), length=10)
    held = _person(found, giver.pk)
    villages = dict(sorted(held.held.items())) if held else {}
    candidates = takers(found, villages, but=giver.pk)
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        villages=[(code, _village(code, families)) for code, families in villages.items()],
        groups=grouped(candidates), initial={"day": today, "villages": list(villages)},
    )  # fmt: skip
    context = head_of(who, giver.region_code, today, "people") | {
        "giver": giver, "form": form, "families": sum(villages.values()), "candidates": candidates,
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        taker: Staff = get_object_or_404(Staff.objects.select_related("person"), pk=told["taker"])
        if "confirm" not in request.POST:
            context["preview"] = _preview(giver, taker, told["day"], told["villages"])
            return render(request, "facilitators/hand_over_preview.html", context | {"taker": taker})
        try:
            done = actions.hand_over(
                who, giver, taker, day=told["day"], reason=told["reason"], villages=told["villages"]
            )
        except CaseloadRefused as why:
            form.add_error(None, str(why))
        else:
            said = _("%(families)s keluarga berpindah dari %(giver)s kepada %(taker)s.")
            messages.success(request, said % {
                "families": format_number(done.families), "giver": giver.person.name, "taker": taker.person.name,
            })  # fmt: skip
            return redirect("caseload:change", done.pk)
    return render(request, "facilitators/hand_over.html", context, status=422 if form.errors else 200)


def _person(found: Caseload, staff_id: UUID) -> Person | None:
    return next((one for one in found.people if one.staff_id == staff_id), None)


def _village(code: str, families: int) -> str:
    return _("%(village)s, %(sub_district)s: %(families)s keluarga") % {
        "village": region_name(code), "sub_district": region_name(code[:6]), "families": format_number(families),
    }  # fmt: skip


def _preview(giver: Staff, taker: Staff, day: date, villages: Sequence[str]) -> dict[str, Any]:
    """Both loads on the day, before and after."""
    found = caseload_on(giver.region_code, day, norm_families(day), length=10)
    gives, takes = _person(found, giver.pk), _person(found, taker.pk)
    moves = sum(gives.held.get(code, 0) for code in villages) if gives else 0
    before = [one.families if one else 0 for one in (gives, takes)]
    loads = [(giver, before[0], before[0] - moves), (taker, before[1], before[1] + moves)]
    return {
        "families": moves, "norm": found.norm, "day": day, "villages": [region_name(code) for code in villages],
        "loads": [
            {
                "person": one.person.name, "before": was, "after": becomes,
                "over_norm": bool(found.norm) and becomes > (found.norm or 0),
                "over_limit": _at_limit(found, one.region_code, becomes),
            }
            for one, was, becomes in loads
        ],
    }  # fmt: skip


def _at_limit(found: Caseload, region: str, families: int) -> bool:
    limit = found.limits.families(region)
    return limit is not None and families >= limit


@allowed(May.SEE_STAFF)
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """Acts that changed who accompanies whom, newest first."""
    filters = known_filters(request, ("region",))
    who = acting(request)
    region = filters["region"] or own_region(who, May.SEE_STAFF)
    access_region(who, region)
    page = page_by_key(changes_visible_to(who, region), request, key="id", descending=True)
    rows = [{"change": one, "place": region_name(one.region_code), "undone": _undone(one)} for one in page.rows]
    context = head_of(who, region, timezone.localdate(), "changes") | {"page": page, "rows": rows}
    return render(request, "facilitators/caseload_changes.html", context)


def _undone(change: CaseloadChange) -> CaseloadChange | None:
    return getattr(change, "undone_by", None)


@allowed(May.SEE_STAFF)
@require_GET
def change(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """One act: why, by whom, from whom to whom by village, and each family."""
    known_filters(request, ())
    who = acting(request)
    return render(request, "facilitators/caseload_change.html", _page(request, who, access_change(who, act_id)))


def _page(request: HttpRequest, who: Acting, found: CaseloadChange) -> dict[str, Any]:
    page = page_by_village(families_of(found), request, unique="family__family_no")
    moved = moved_by(found)
    decides = who.may(May.DECIDE_CASELOAD, found.region_code)
    return head_of(who, found.region_code, timezone.localdate(), "changes") | {
        "change": found, "undone": _undone(found), "page": page,
        "rows": [{"row": one, "village": region_name(one.village_code)} for one in page.rows],
        "moved": [{"moved": one, "village": region_name(one.village_code)} for one in moved],
        "total": sum(one.families for one in moved), "begins": found.effective_on > timezone.localdate(),
        "may_undo": decides and found.kind != _UNDO and _undone(found) is None, "undo_form": UndoForm(),
        "export_form": FormatForm(),
    }  # fmt: skip


@allowed(May.DECIDE_CASELOAD)
@require_POST
def undo(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """Back to who had the families before."""
    who = acting(request)
    found = access_change(who, act_id)
    if not who.may(May.DECIDE_CASELOAD, found.region_code):
        raise Http404
    form = UndoForm(request.POST)
    if form.is_valid():
        try:
            done = actions.undo(who, found, reason=form.cleaned_data["reason"])
        except CaseloadRefused as why:
            form.add_error(None, str(why))
        else:
            said = _("Dibatalkan: %(families)s keluarga kembali seperti sebelumnya.")
            messages.success(request, said % {"families": format_number(done.families)})
            return redirect("caseload:change", done.pk)
    context = _page(request, who, found) | {"undo_form": form, "may_undo": True}
    return render(request, "facilitators/caseload_change.html", context, status=422)


@allowed(May.SEE_STAFF)
@require_POST
def change_export(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """The hand-over list as a file, for a purpose."""
    who = acting(request)
    found = access_change(who, act_id)
    form = FormatForm(request.POST)
    if form.is_valid():
        kind = form.cleaned_data["format"]
        try:
            told = export_act(who, found, form.cleaned_data["purpose"], kind)
        except ExportRefused as why:
            form.add_error(None, str(why))
        else:
            name = f"serah-terima-{found.region_code}-{found.effective_on.isoformat()}.{kind}"
            return as_file(told, name, FORMATS[kind][1])
    context = _page(request, who, found) | {"export_form": form}
    return render(request, "facilitators/caseload_change.html", context, status=422)
