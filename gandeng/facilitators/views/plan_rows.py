"""The way chosen, village by village: looked at, edited by hand, locked."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.core.money import format_number
from gandeng.facilitators.actions import plans as actions
from gandeng.facilitators.measures import Measures, Start, loads_of, measure
from gandeng.facilitators.models import Plan, PlanRow
from gandeng.facilitators.moving import CaseloadRefused
from gandeng.facilitators.paging import page_by_village
from gandeng.facilitators.plan_forms import GiveForm
from gandeng.facilitators.plan_queries import (
    Named,
    access_plan,
    access_row,
    locks_of,
    names_of,
    rows_of,
    shares_of,
    start_of,
)
from gandeng.facilitators.views.plan_parts import name_in, tabs, tone, trail
from gandeng.web.finding import found_or_404
from gandeng.web.paging import known_filters, narrowed

FILTERS = ("staff", "sub_district")
_LOCKS = {"1": True, "0": False}
_ROWS = 100


@allowed(May.SEE_STAFF)
@require_GET
def rows(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Which village goes to whom, narrowed by person and sub-district; the locks."""
    filters = known_filters(request, FILTERS)
    who = acting(request)
    found = access_plan(who, plan_id)
    if found.chosen is None:
        messages.error(request, _("Pilih dahulu salah satu pilihan."))
        return redirect("plans:plan", found.pk)
    start, shares = start_of(found), shares_of(found.chosen)
    locks = locks_of(found)
    names = names_of([one.staff_id for one in (*start.held, *shares)] + [one.staff_id for one in locks])
    page = page_by_village(_narrowed(rows_of(found.chosen), filters), request, unique="pk", size=_ROWS)
    held = {(one.village_code, one.staff_id): one.families for one in start.held}
    edited = found.chosen.facts.get(actions.FOUND, {})
    locked = {(one.village_code, one.staff_id): one for one in locks}
    context = {
        "plan": found,
        "region": region_name(found.region_code),
        "tone": tone(found),
        "page": page,
        "rows": [_row(one, start, names, held, locked) for one in page.rows],
        "filters": filters,
        "narrowed": any(filters.values()),
        "people": sorted(((str(pk), names[pk].name) for pk in loads_of(shares) if pk in names), key=lambda one: one[1]),
        "sub_districts": [(code, region_name(code)) for code in sorted({one.village_code[:6] for one in shares})],
        "locks": [
            {"lock": one, "village": region_name(one.village_code), "name": name_in(names, one.staff_id)}
            for one in locks
        ],
        "edited": [(code, region_name(code)) for code in sorted(edited)],
        "now": measure(start, shares),
        "needing": bool(start.needing),
        "as_found": Measures.from_json(found.chosen.after),
        "may_plan": found.state == Plan.State.DRAFT and who.may(May.PLAN_CASELOAD, found.region_code),
        "tabs": tabs(found, "rows"),
        "trail": trail(region_name(found.region_code), _("Desa dan pendamping"), plan=found),
    }
    return render(request, "facilitators/plan_rows.html", context)


def _narrowed(found: Any, filters: dict[str, str]) -> Any:
    if filters["staff"]:
        try:
            found = found.filter(staff_id=UUID(filters["staff"]))
        except ValueError:
            return found.none()
    if filters["sub_district"]:
        found = found.filter(village_code__startswith=filters["sub_district"])
    return found


def _row(row: PlanRow, start: Start, names: dict[UUID, Named], held: Any, locked: Any) -> dict[str, Any]:
    lock = locked.get((row.village_code, row.staff_id))
    return {
        "row": row,
        "village": region_name(row.village_code),
        "sub_district": region_name(row.village_code[:6]),
        "name": name_in(names, row.staff_id),
        "held": held.get((row.village_code, row.staff_id), 0),
        "km": start.km(row.village_code, row.staff_id),
        "lock": lock,
    }


@allowed(May.PLAN_CASELOAD)
@require_http_methods(["GET", "POST"])
def row(request: HttpRequest, plan_id: UUID, village_code: str, staff_id: UUID) -> HttpResponse:
    """Give the village, or a part of it, to somebody else; lock the pair."""
    known_filters(request, ())
    who = acting(request)
    found = access_plan(who, plan_id, May.PLAN_CASELOAD)
    if found.state != Plan.State.DRAFT:
        messages.error(request, _("Rencana ini sudah diputuskan; tidak dapat diubah lagi."))
        return redirect("plans:plan", found.pk)
    own = access_row(found, village_code, staff_id)
    start, shares = start_of(found), shares_of(own.option)
    names = names_of([*start.taking_part, *(one.staff_id for one in shares)])
    form = GiveForm(
        _takers(own, start, loads_of(shares), names), own.families, request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.give(who, found, own, form.cleaned_data["taker"], form.cleaned_data["families"])
        except CaseloadRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Rencana diubah. Ukurannya dihitung ulang."))
            return redirect(_back(found, own))
    lock = next(
        (one for one in locks_of(found) if (one.village_code, one.staff_id) == (own.village_code, own.staff_id)), None
    )
    context = {
        "plan": found, "row": own, "form": form, "name": name_in(names, own.staff_id), "lock": lock,
        "village": region_name(own.village_code), "sub_district": region_name(own.village_code[:6]),
        "others": [
            {"name": name_in(names, one.staff_id), "families": one.families}
            for one in shares if one.village_code == own.village_code and one.staff_id != own.staff_id
        ],
        "edited": own.village_code in own.option.facts.get(actions.FOUND, {}), "back": _back(found, own),
        "trail": trail(region_name(found.region_code), region_name(own.village_code), plan=found),
    }  # fmt: skip
    return render(request, "facilitators/plan_row.html", context, status=422 if form.errors else 200)


def _back(found: Plan, own: PlanRow) -> str:
    return narrowed(reverse("plans:rows", args=[found.pk]), {"sub_district": own.village_code[:6]})


def _takers(own: PlanRow, start: Start, loads: Any, names: dict[UUID, Named]) -> list[tuple[UUID, str]]:
    """Nearest first: name, load in the plan, distance."""
    found = []
    for staff in start.taking_part:
        if staff == own.staff_id or staff not in names:
            continue
        km = start.km(own.village_code, staff)
        words = _("%(name)s, %(families)s keluarga") if km is None else _("%(name)s, %(families)s keluarga, %(km)s km")
        told = {"name": names[staff].name, "families": format_number(loads[staff])}
        far = km if km is not None else float("inf")
        found.append((far, names[staff].name, staff, words % (told | {"km": f"{far:.1f}".replace(".", ",")})))
    return [(staff, words) for _far, _name, staff, words in sorted(found)]


@allowed(May.PLAN_CASELOAD)
@require_POST
def restore(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The village as the solver had it."""
    who = acting(request)
    found = access_plan(who, plan_id, May.PLAN_CASELOAD)
    village = request.POST.get("village", "")[:10]
    try:
        actions.restore(who, found, village)
    except CaseloadRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(village)s kembali seperti usulan.") % {"village": region_name(village)})
    return redirect("plans:rows" if found.chosen_id else "plans:plan", found.pk)


@allowed(May.PLAN_CASELOAD)
@require_POST
def lock(request: HttpRequest, plan_id: UUID, village_code: str, staff_id: UUID) -> HttpResponse:
    """For the next question: with her, or never with her."""
    who = acting(request)
    found = access_plan(who, plan_id, May.PLAN_CASELOAD)
    own = access_row(found, village_code, staff_id)
    wanted = request.POST.get("lock", "")
    if wanted not in _LOCKS:
        messages.error(request, _("Pilih salah satu kunci."))
        return redirect("plans:row", found.pk, own.village_code, own.staff_id)
    try:
        actions.lock(who, found, own, stays=_LOCKS[wanted])
    except CaseloadRefused as refused:
        messages.error(request, str(refused))
        return redirect("plans:plan" if found.state != Plan.State.DRAFT else "plans:rows", found.pk)
    messages.success(request, _("Kunci disimpan. Ia berlaku pada rencana berikutnya yang mengikuti rencana ini."))
    return redirect(_back(found, own))


@allowed(May.PLAN_CASELOAD)
@require_POST
def unlock(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Forget a lock."""
    who = acting(request)
    found = access_plan(who, plan_id, May.PLAN_CASELOAD)
    held = found_or_404(found.locks.all(), request.POST.get("lock", ""))
    try:
        actions.unlock(who, found, held.pk)
    except CaseloadRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Kunci dilepaskan."))
    return redirect("plans:rows" if found.chosen_id else "plans:plan", found.pk)
