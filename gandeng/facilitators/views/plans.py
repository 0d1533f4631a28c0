"""Plans to share a district's families anew: the list, a new one, its ways side by side, its end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.core.money import format_number
from gandeng.facilitators import plan_jobs
from gandeng.facilitators.actions import plans as actions
from gandeng.facilitators.measures import Measures, measure
from gandeng.facilitators.models import Plan, PlanOption
from gandeng.facilitators.moving import CaseloadRefused
from gandeng.facilitators.norm import norm_families
from gandeng.facilitators.plan_charts import load_lines
from gandeng.facilitators.plan_forms import ApproveForm, AskForm, ReasonForm, districts_for
from gandeng.facilitators.plan_queries import (
    access_plan,
    drift_of,
    locks_of,
    names_of,
    plans_of,
    shares_of,
    start_of,
)
from gandeng.facilitators.plan_words import told_notes
from gandeng.facilitators.queries import loads
from gandeng.facilitators.views.plan_parts import load_rows, tabs, tone, trail
from gandeng.jobs.work import start as start_job
from gandeng.web.finding import found_or_404
from gandeng.web.paging import known_filters, page_by_key

FILTERS = ("district", "state")
_TITLE = "Pemerataan beban {region}"
_SECONDS = 60


@allowed(May.SEE_STAFF, May.PLAN_CASELOAD)
@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan one may see, newest first."""
    who = acting(request)
    filters = known_filters(request, FILTERS)
    rows = plans_of(who)
    if filters["district"]:
        rows = rows.filter(region_code=filters["district"])
    if filters["state"]:
        rows = rows.filter(state=filters["state"])
    page = page_by_key(rows, request, key="pk", descending=True)
    districts = districts_for(who, May.SEE_STAFF)
    context = {
        "page": page,
        "rows": [{"plan": one, "region": region_name(one.region_code), "tone": tone(one)} for one in page.rows],
        "filters": filters,
        "narrowed": any(filters.values()),
        "districts": [(code, region_name(code)) for code in districts] if len(districts) > 1 else [],
        "states": Plan.State.choices,
        "may_ask": who.may(May.PLAN_CASELOAD),
    }
    return render(request, "facilitators/plans.html", context)


@allowed(May.PLAN_CASELOAD)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A question to the solver; `follows` names the plan whose locks and wishes it takes along."""
    who = acting(request)
    told = known_filters(request, ("district", "follows"))
    follows = _followed(who, told["follows"])
    districts = districts_for(who, May.PLAN_CASELOAD)
    district = follows.region_code if follows else told["district"] or (districts[0] if len(districts) == 1 else "")
    if not district:
        context = {"districts": [(code, region_name(code)) for code in districts], "trail": trail()}
        return render(request, "facilitators/plan_district.html", context)
    if district not in districts:
        raise Http404
    today = timezone.localdate()
    people = sorted(loads(district, today), key=lambda one: one.name)
    form = AskForm(
        [(one.staff_id, _person(one)) for one in people], request.POST if request.method == "POST" else None,
        initial=_initial(follows),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        asked = form.asked(district, follows.pk if follows else None)
        title = _TITLE.format(region=region_name(district))
        job = start_job(who, plan_jobs.BALANCE, title, **asked.to_json())
        return redirect("jobs:job", job.pk)
    context = {
        "form": form, "district": district, "region": region_name(district), "follows": follows, "people": people,
        "locks": _locks(follows) if follows else [], "families": sum(one.families for one in people),
        "trail": trail(_("Rencana baru")),
    }  # fmt: skip
    return render(request, "facilitators/plan_ask.html", context, status=422 if form.errors else 200)


def _followed(who: Acting, plan_id: str) -> Plan | None:
    return found_or_404(plans_of(who), plan_id) if plan_id else None


def _person(one: Any) -> str:
    words = _("%(name)s, %(families)s keluarga, sedang cuti") if one.away else _("%(name)s, %(families)s keluarga")
    return words % {"name": one.name, "families": format_number(one.families)}


def _initial(follows: Plan | None) -> dict[str, Any]:
    today = timezone.localdate()
    usual = {"as_of": today, "norm": norm_families(today), "seconds": _SECONDS}
    if follows is None:
        return usual
    wish = follows.wish
    return usual | {"norm": wish["norm"], "left_out": wish["left_out"], "seconds": wish["seconds"]}


@allowed(May.SEE_STAFF)
@require_GET
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Today and each way side by side; loads before and after; what was assumed."""
    known_filters(request, ())
    who = acting(request)
    return render(request, "facilitators/plan.html", context_of(who, access_plan(who, plan_id)))


def context_of(who: Acting, found: Plan, **more: Any) -> dict[str, Any]:
    """Of the plan's own page."""
    start = start_of(found)
    shares = shares_of(found.chosen) if found.chosen else ()
    now = measure(start, shares) if found.chosen else None
    as_found = Measures.from_json(found.chosen.after) if found.chosen else None
    names = names_of([one.staff_id for one in start.workers] + [one.staff_id for one in (*start.held, *shares)])
    draft = found.state == Plan.State.DRAFT
    people = load_rows(start, shares, names)
    return {
        "chart": load_lines(people, start.norm, planned=found.chosen is not None),
        "plan": found,
        "region": region_name(found.region_code),
        "tone": tone(found),
        "start": start,
        "numeric": "2 3 4 5 6 7 8" if start.needing else "2 3 4 5 6 7",
        "before": Measures.from_json(found.before["measures"]),
        "options": [_option(one) for one in found.options.order_by("number")],
        "as_found": as_found,
        "edited": now if now != as_found or _edited(found.chosen) else None,
        "now": now,
        "loads": people,
        "left_out": [names[UUID(one)] for one in found.wish["left_out"] if UUID(one) in names],
        "notes": told_notes(found.notes),
        "dropped": [one["facts"]["reason"] for one in found.notes if one["code"] == actions.DROPPED],
        "may_plan": draft and who.may(May.PLAN_CASELOAD, found.region_code),
        "may_decide": draft and who.may(May.DECIDE_CASELOAD, found.region_code),
        "tabs": tabs(found, "plan"),
        "trail": trail(region_name(found.region_code)),
        **more,
    }


def _edited(option: PlanOption | None) -> bool:
    return bool(option and option.facts.get(actions.FOUND))


def _option(option: PlanOption) -> dict[str, Any]:
    gap = option.gap_permille
    return {
        "option": option,
        "after": Measures.from_json(option.after),
        "share": None if option.may_change_permille is None else option.may_change_permille / 1000,
        "gap": None if gap is None else gap / 1000,
        "stopped": bool(option.facts.get("stopped")),
    }


def _locks(found: Plan) -> list[dict[str, Any]]:
    locks = locks_of(found)
    names = names_of(one.staff_id for one in locks)
    return [
        {"lock": one, "village": region_name(one.village_code), "name": names.get(one.staff_id, "")} for one in locks
    ]


@allowed(May.PLAN_CASELOAD)
@require_POST
def choose(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Go on with one of the ways."""
    who = acting(request)
    found = access_plan(who, plan_id, May.PLAN_CASELOAD)
    number = request.POST.get("option", "")
    try:
        actions.choose(who, found, int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0)
    except CaseloadRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Pilihan %(number)s dipakai.") % {"number": number})
    return redirect("plans:plan", found.pk)


@allowed(May.PLAN_CASELOAD)
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """It will not be carried out."""
    known_filters(request, ())
    who = acting(request)
    found = access_plan(who, plan_id, May.PLAN_CASELOAD)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if found.state != Plan.State.DRAFT:
        return _decided(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.drop(who, found, reason=form.cleaned_data["reason"])
        except CaseloadRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Rencana dibuang. Pembagian keluarga tidak berubah."))
        return redirect("plans:plan", found.pk)
    context = {"plan": found, "form": form, "region": region_name(found.region_code), "trail": _deep(found, _("Buang"))}
    return render(request, "facilitators/plan_drop.html", context, status=422 if form.errors else 200)


@allowed(May.DECIDE_CASELOAD)
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Carry it out from a day on, after having seen what became otherwise since."""
    known_filters(request, ())
    who = acting(request)
    found = access_plan(who, plan_id, May.DECIDE_CASELOAD)
    if found.state != Plan.State.DRAFT:
        return _decided(request, found)
    if found.chosen is None:
        messages.error(request, _("Pilih dahulu salah satu pilihan."))
        return redirect("plans:plan", found.pk)
    day = max(found.as_of, timezone.localdate())
    form = ApproveForm(request.POST if request.method == "POST" else None, initial={"day": day})
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            change = actions.approve(who, found, day=form.cleaned_data["day"], reason=form.cleaned_data["reason"])
        except CaseloadRefused as why:
            refused = str(why)
        else:
            messages.success(
                request,
                _("Rencana disetujui. %(families)s keluarga berpindah atau mendapat pendamping.")
                % {"families": format_number(change.families)},
            )
            return redirect("plans:hand_over", found.pk)
    start, shares = start_of(found), shares_of(found.chosen)
    drift = drift_of(found, shares, day)
    context = {
        "plan": found, "form": form, "region": region_name(found.region_code), "refused": refused,
        "now": measure(start, shares), "needing": bool(start.needing), "drift": drift,
        "stale": actions.refusal(drift) if drift.refuses and not refused else "",
        "came": sum(drift.came.values()), "went": sum(drift.went.values()),
        "edited": _edited(found.chosen), "trail": _deep(found, _("Setujui")),
    }  # fmt: skip
    return render(request, "facilitators/plan_approve.html", context, status=422 if form.errors or refused else 200)


def _decided(request: HttpRequest, found: Plan) -> HttpResponse:
    messages.error(
        request,
        _("Rencana ini sudah diputuskan (%(state)s); tidak dapat diubah lagi.") % {"state": found.get_state_display()},
    )
    return redirect("plans:plan", found.pk)


def _deep(found: Plan, last: str) -> list[dict[str, str]]:
    return trail(region_name(found.region_code), last, plan=found)
