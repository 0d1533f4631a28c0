"""Cycles: all of them, opening one, one with its steps, closing it."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.entitlements.queries import figures_of
from gandeng.jobs.models import Job
from gandeng.jobs.work import start
from gandeng.payments import actions, held_queries, jobs, queries
from gandeng.payments.forms import OpenCycleForm
from gandeng.payments.levels import AFTER_INSTRUCTION, APPROVES, next_level, of_before
from gandeng.payments.models import Cycle, HeldPayment, PaymentList
from gandeng.payments.refused import Refused
from gandeng.payments.sections import before_closing_of
from gandeng.payments.story import Next, crumbs, next_step, state_tone, steps_of
from gandeng.payments.views.shared import cycle_name, region_words, stage_title
from gandeng.web.paging import known_filters

_STARTED = {"freeze": jobs.FREEZE, "calculate": jobs.CALCULATE, "lists": jobs.LISTS}
_TITLES = {"freeze": "Membekukan data", "calculate": "Menghitung hak", "lists": "Membuat daftar bayar"}
_NEWEST = 40


@allowed(May.SEE_PAYMENTS)
@require_GET
def cycles(request: HttpRequest) -> HttpResponse:
    """Newest first, where each stands."""
    who = acting(request)
    known_filters(request, ())
    found = list(queries.cycles_visible_to(who)[:_NEWEST])
    totals, approves = queries.totals_by_cycle(found), any(who.may(may) for may in APPROVES)
    waiting = queries.waiting_for_approval(who) if approves else {}
    rows = [
        {
            "cycle": each, "name": cycle_name(each), "region": region_words(each), "tone": state_tone(each.state),
            "payments": totals.get(each.pk, (0, 0))[0], "rupiah": totals.get(each.pk, (0, 0))[1],
            "mine": waiting.get(each.pk, 0),
        }
        for each in found
    ]  # fmt: skip
    context = {"rows": rows, "may_open": who.may(May.RUN_CYCLE), "approves": approves}
    if rows:
        newest = found[0]
        context["newest"] = rows[0]
        context["steps"] = steps_of(newest, list(queries.lists_of(newest)))
    return render(request, "payments/cycles.html", context)


@allowed(May.RUN_CYCLE)
@require_http_methods(["GET", "POST"])
def open_cycle(request: HttpRequest) -> HttpResponse:
    """First the figures the stage would be calculated with, then the opening."""
    who = acting(request)
    asked = request.GET if "year" in request.GET else None
    form = OpenCycleForm(who, request.POST if request.method == "POST" else asked)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            cycle = actions.open_cycle(who, data["year"], data["stage"], data["months"], data["region"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(stage)s dibuka.") % {"stage": cycle_name(cycle)})
            return redirect("payments:cycle", cycle.pk)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        policy = form.cleaned_data["policy"]
        figures, digest = figures_of(policy.cycle.year, policy.cycle.stage, policy.months)
        context |= {
            "figures": figures, "digest": digest, "policy": policy, "region": region_name(form.cleaned_data["region"]),
            "unsourced": sum(figure.unsourced for figure in figures),
        }  # fmt: skip
    return render(request, "payments/open_cycle.html", context, status=422 if form.errors else 200)


@allowed(May.SEE_PAYMENTS)
@require_GET
def cycle(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """One cycle."""
    known_filters(request, ())
    who = acting(request)
    return _page(request, who, queries.access_cycle(who, cycle_id))


def _page(request: HttpRequest, who: Acting, found: Cycle, *, error: str = "", status: int = 200) -> HttpResponse:
    every = list(queries.every_list_of(found).order_by("round", "district_code", "channel"))
    given = queries.approvals_in_force(every)
    told = [_list_row(who, found, each, given[each.pk]) for each in every]
    lists = [each for each in every if not each.round]
    rows, rounds = [row for row in told if not row["list"].round], [row for row in told if row["list"].round]
    waiting = sum(row["mine"] for row in told)
    held = held_queries.held_totals(found) if found.run_id else []
    context = {
        "cycle": found, "name": cycle_name(found), "region": region_words(found), "tone": state_tone(found.state),
        "steps": steps_of(found, lists), "next": next_step(who, found, every, waiting), "rows": rows, "error": error,
        "districts": _by_district(rows), "rounds": rounds,
        "drafts_late": sum(row["list"].state == PaymentList.State.DRAFT for row in rounds),
        "may_submit": who.may(May.RUN_CYCLE, found.region_code),
        "channels": queries.by_channel(found, lists), "payments": sum(each.payments for each in lists),
        "rupiah": sum(each.total_rupiah for each in lists), "run": found.run, "running": _running(who, found),
        "of_before": of_before(found),
        "held": [{"words": HeldPayment.Reason(row["reason"]).label, **row} for row in held],
        "held_families": sum(row["families"] for row in held), "held_rupiah": sum(row["rupiah"] for row in held),
        "deceased": queries.deceased_in(lists), "again": _again(who, found, lists),
        "ordered": found.state in (*AFTER_INSTRUCTION, Cycle.State.CLOSED),
        "crumbs": crumbs((_("Pembayaran"), reverse("payments:cycles")), (cycle_name(found), "")),
    }  # fmt: skip
    return render(request, "payments/cycle.html", context, status=status)


def _list_row(who: Acting, cycle: Cycle, each: PaymentList, given: list[Any]) -> dict[str, Any]:
    each.cycle = cycle
    level = queries.level_waiting_for(who, each)
    return {
        "list": each, "district": region_name(each.district_code), "tone": state_tone(each.state), "approvals": given,
        "done": next_level(cycle, each.state) is None,
        "mine": level is not None and all(approval.person_id != who.person_id for approval in given),
    }  # fmt: skip


def _by_district(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line for each district, its channels' lists inside: a province has ninety of them."""
    told = []
    for district, group in groupby(rows, key=lambda row: row["district"]):
        lists = list(group)
        given = [approval for row in lists for approval in row["approvals"]]
        told.append({
            "district": district, "lists": lists, "states": _states(lists), "mine": sum(row["mine"] for row in lists),
            "payments": sum(row["list"].payments for row in lists),
            "rupiah": sum(row["list"].total_rupiah for row in lists),
            "last": max(given, key=lambda approval: approval.at, default=None),
        })  # fmt: skip
    return told


def _states(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each state the lists are in; `count` where they are not all in one."""
    told: dict[str, dict[str, Any]] = {}
    for row in rows:
        tone = "good" if row["done"] else row["tone"]
        state = told.setdefault(row["list"].state, {"label": row["list"].get_state_display(), "tone": tone, "count": 0})
        state["count"] += 1
    return list(told.values())


def _running(who: Acting, cycle: Cycle) -> Job | None:
    runs = Job.objects.filter(owner_id=who.person_id, state__in=["WAITING", "RUNNING"], arguments__cycle=str(cycle.pk))
    return runs.order_by("-created_at").first()


def _again(who: Acting, cycle: Cycle, lists: list[PaymentList]) -> list[Next]:
    """Steps that were done and may be done again, while no list is out."""
    if not queries.may_start(who, cycle) or cycle.state not in ("FROZEN", "CALCULATED", "LISTED"):
        return []
    again = []
    if all(each.state == "DRAFT" for each in lists):
        again.append(
            Next(_("Bekukan ulang"), _("Ambil data keluarga terbaru; hak dan daftar lalu dibuat lagi."), step="freeze")
        )
    if cycle.state == "LISTED" and (not lists or any(each.state == "DRAFT" for each in lists)):
        again.append(
            Next(
                _("Buat ulang daftar yang draf"),
                _("Keluarga yang masa tunggunya sudah lewat ikut masuk."),
                step="lists",
            )
        )
    return again


@allowed(May.RUN_CYCLE)
@require_POST
def step(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Start a step; its page shows how far it is."""
    who = acting(request)
    found = queries.access_cycle(who, cycle_id)
    name = request.POST.get("step", "")
    if name not in _STARTED:
        raise BadRequest("step")
    who.authority(May.RUN_CYCLE, found.region_code)
    if _running(who, found) is not None:
        words = _("Masih ada pekerjaan Anda untuk tahap ini yang berjalan. Tunggu sampai selesai.")
        return _page(request, who, found, error=words, status=422)
    job = start(who, _STARTED[name], f"{_TITLES[name]} {stage_title(found)}", cycle=str(found.pk))
    return redirect("jobs:job", job.pk)


@allowed(May.RUN_CYCLE)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Say what closing means, then close."""
    who = acting(request)
    found = queries.access_cycle(who, cycle_id)
    who.authority(May.RUN_CYCLE, found.region_code)
    error = ""
    if request.method == "POST":
        ask_again(request)
        try:
            actions.close_cycle(who, found)
        except Refused as refused:
            error = str(refused)
        else:
            messages.success(request, _("%(stage)s ditutup.") % {"stage": cycle_name(found)})
            return redirect("payments:cycle", found.pk)
    places = (
        (_("Pembayaran"), reverse("payments:cycles")),
        (cycle_name(found), reverse("payments:cycle", args=[found.pk])),
    )
    held = held_queries.held_by_cycle([found]).get(found.pk, held_queries.HeldSum())
    context = {
        "cycle": found, "name": cycle_name(found), "error": error, "crumbs": crumbs(*places, (_("Tutup"), "")),
        "held_families": held.families, "held_rupiah": held.rupiah, "sections": before_closing_of(who, found),
    }  # fmt: skip
    return render(request, "payments/close.html", context, status=422 if error else 200)
