"""Supplementary lists: what came back and is asked for again, what was held back, and how far each round is."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.jobs.work import start
from gandeng.payments.held_queries import (
    HeldSum,
    figures_changed,
    held_by_cycle,
    held_together,
    lifted_perhaps,
)
from gandeng.payments.levels import AFTER_INSTRUCTION, fully_approved
from gandeng.payments.models import Cycle, PaymentList
from gandeng.payments.queries import CAME_IN, access_cycle, access_cycle_and_came_in, rounds_of
from gandeng.payments.refused import Refused
from gandeng.reconciliation.actions.reissues import carry_over
from gandeng.reconciliation.forms import ExecuteForm
from gandeng.reconciliation.models import ExceptionCase, ReissueRequest
from gandeng.reconciliation.reissue_queries import closed_before, left_behind, reissue_totals, reissues_of
from gandeng.reconciliation.views.cycles import tabs
from gandeng.web.paging import known_filters, page_by_key

State, Case = ReissueRequest.State, ExceptionCase.State


@allowed(May.SEE_RECONCILIATION)
@require_GET
def reissues(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """The requests of a cycle and its supplementary rounds, with what comes next."""
    who = acting(request)
    filters = known_filters(request, ("state",))
    if filters["state"] and filters["state"] not in State.values:
        raise BadRequest("filter")
    cycle, came = access_cycle_and_came_in(who, cycle_id)
    rows = reissues_of(cycle)
    if filters["state"]:
        rows = rows.filter(state=filters["state"])
    runs, orders = (who.may(may, cycle.region_code) for may in (May.RUN_CYCLE, May.INSTRUCT))
    rounds = _rounds(cycle)
    totals = reissue_totals(cycle)
    under_way = any(each["under_way"] for each in rounds)
    closed = list(closed_before(cycle).select_related("run").annotate(came_in=CAME_IN))
    behind = left_behind(closed) if runs and closed else {}
    left, settled = (behind.get(state, (0, 0)) for state in (Case.OPEN, Case.SETTLED))
    held = _held(cycle, closed, came) if who.may(May.SEE_FAMILIES) else {}
    wanted = (totals["waiting"], *(any(each.values()) for each in held.values()))
    context = {
        "cycle": cycle,
        "region": region_name(cycle.region_code),
        "totals": totals,
        "page": page_by_key(rows, request, key="pk"),
        "filters": filters,
        "states": State.choices,
        "rounds": rounds,
        "drafts": any(each["draft"] for each in rounds),
        "may_submit": runs,
        "held": held,
        "may_make": runs
        and cycle.state in AFTER_INSTRUCTION
        and not under_way
        and any((*wanted, *(each["draft"] for each in rounds))),
        "too_early": cycle.state not in (*AFTER_INSTRUCTION, Cycle.State.CLOSED),
        "may_instruct": orders,
        "left": {"payments": left[0], "rupiah": left[1]},
        "settled": {"payments": settled[0], "rupiah": settled[1]},
        "tabs": tabs(cycle, "reissues"),
    }
    return render(request, "reconciliation/reissues.html", context)


def _held(cycle: Cycle, closed: Sequence[Cycle], came: int) -> dict[str, Any]:
    """Families nobody has paid yet, of this stage and of closed ones: how many, rupiah, whether more may be found.

    `came`: families that came in since the freezing, calculated with the next lists. `elsewhere`: another region pays
    families of this stage; whether it still does, the making of lists finds.
    """
    held, lifted = held_by_cycle([cycle, *closed]), lifted_perhaps([cycle, *closed])
    told: dict[str, dict[str, Any]] = {}
    for name, cycles in (("own", [cycle]), ("closed", closed)):
        of = held_together(held.get(each.pk, HeldSum()) for each in cycles)
        lift = any(each in lifted for each in cycles)
        told[name] = {"families": of.families, "rupiah": of.rupiah, "lifted": lift}
    came_by_cycle = {cycle: came} | {each: int(vars(each)["came_in"]) for each in closed}
    told["own"]["came"], told["closed"]["came"] = came, sum(came_by_cycle.values()) - came
    told["own"]["elsewhere"] = held.get(cycle.pk, HeldSum()).elsewhere > 0
    told["own"]["changed"] = figures_changed([*lifted, *(each for each, n in came_by_cycle.items() if n)])
    return told


def _rounds(cycle: Cycle) -> list[dict[str, Any]]:
    """One for each round: its lists, sums, and how far it is."""
    told = []
    for number, group in groupby(rounds_of(cycle), key=lambda each: each.round):
        lists = list(group)
        states = {each.state for each in lists}
        told.append(
            {
                "number": number,
                "lists": lists,
                "payments": sum(each.payments for each in lists),
                "rupiah": sum(each.total_rupiah for each in lists),
                "sent": states == {PaymentList.State.INSTRUCTED},
                "ready": states == {fully_approved(cycle)},
                "under_way": not states <= {PaymentList.State.DRAFT, PaymentList.State.INSTRUCTED},
                "draft": PaymentList.State.DRAFT in states,
            }
        )
    return told


@allowed(May.RUN_CYCLE)
@require_POST
def make(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Start making the lists."""
    who = acting(request)
    cycle = access_cycle(who, cycle_id)
    who.authority(May.RUN_CYCLE, cycle.region_code)
    job = start(
        who, "reconciliation.reissue_round", f"Membuat daftar susulan tahap {cycle.stage} tahun {cycle.year}",
        cycle=str(cycle.pk), owed=request.POST.get("owed") == "1",
    )  # fmt: skip
    return redirect("jobs:job", job.pk)


@allowed(May.RUN_CYCLE)
@require_POST
def carry(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Take up what closed cycles left unsettled."""
    who = acting(request)
    cycle = access_cycle(who, cycle_id)
    try:
        carried = carry_over(who, cycle)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        told = ngettext(
            "%(n)s pengecualian tahap terdahulu sekarang dikerjakan pada tahap ini.",
            "%(n)s pengecualian tahap terdahulu sekarang dikerjakan pada tahap ini.", carried,
        )  # fmt: skip
        messages.success(request, told % {"n": carried})
    return redirect("reconciliation:reissues", cycle.pk)


@allowed(May.INSTRUCT)
@require_http_methods(["GET", "POST"])
def instruct(request: HttpRequest, cycle_id: UUID, number: int) -> HttpResponse:
    """What an approved round would order, then the order."""
    who = acting(request)
    known_filters(request, ())
    cycle = access_cycle(who, cycle_id)
    who.authority(May.INSTRUCT, cycle.region_code)
    found = next((each for each in _rounds(cycle) if each["number"] == number), None)
    if found is None:
        raise Http404
    form = ExecuteForm(request.POST if request.method == "POST" else None, initial={"execute_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        ask_again(request)
        job = start(
            who, "reconciliation.instruct_round",
            f"Perintah bayar susulan {number} tahap {cycle.stage} tahun {cycle.year}",
            cycle=str(cycle.pk), number=number, execute_on=form.cleaned_data["execute_on"].isoformat(),
        )  # fmt: skip
        return redirect("jobs:job", job.pk)
    context = {"cycle": cycle, "round": found, "form": form}
    return render(request, "reconciliation/reissue_instruct.html", context, status=422 if form.errors else 200)
