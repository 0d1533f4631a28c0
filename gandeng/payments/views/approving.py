"""Handing in and approving many lists at once: the sums and the roots one sees are the ones one says yes to."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.jobs.work import start
from gandeng.payments import actions, jobs, queries
from gandeng.payments.levels import APPROVES, Level, decided_while
from gandeng.payments.models import Cycle, PaymentList
from gandeng.payments.refused import Refused
from gandeng.payments.story import crumbs
from gandeng.payments.views.shared import cycle_name, lists_with, recorded_dead_on, stage_title

_AT_ONCE = 100


@allowed(May.RUN_CYCLE)
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """All drafts of a cycle."""
    who = acting(request)
    found = queries.access_cycle(who, cycle_id)
    who.authority(May.RUN_CYCLE, found.region_code)
    waiting = queries.every_list_of(found).filter(state=PaymentList.State.DRAFT)
    drafts = [each for each in waiting if found.state in decided_while(each)]
    error = ""
    if request.method == "POST":
        seen = _seen(request)
        if seen and seen.items() <= {str(each.pk): each.root for each in drafts}.items():
            job = start(who, jobs.SUBMIT, f"Mengajukan daftar {stage_title(found)}", cycle=str(found.pk), roots=seen)
            return redirect("jobs:job", job.pk)
        changed = _("Isi daftar sudah berubah sejak halaman ini dibuka. Baca lagi, lalu ajukan.")
        error = changed if seen else str(_NONE)
    context = _context(request, found, [(each, Level.PREPARE) for each in drafts], _("Ajukan"), error)
    context["deceased"] = queries.deceased_in(drafts)
    return render(request, "payments/submit.html", context, status=422 if error else 200)


_NONE = gettext_lazy("Pilih paling sedikit satu daftar.")


def _seen(request: HttpRequest) -> dict[str, str]:
    """List -> root, of the lists that were ticked: `id:root`."""
    pairs = (ticked.partition(":") for ticked in request.POST.getlist("list"))
    return {pk: root for pk, _colon, root in pairs if root}


@allowed(*APPROVES)
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """The lists of a cycle that wait for this person."""
    who = acting(request)
    found = queries.access_cycle(who, cycle_id)
    waiting = queries.lists_waiting_for(who, found)[:_AT_ONCE]
    error = ""
    if request.method == "POST":
        ask_again(request)
        seen = _seen(request)
        ticked = [(each, level) for each, level in waiting if str(each.pk) in seen]
        try:
            with transaction.atomic():  # all that were ticked, or none
                for each, level in ticked:
                    actions.approve_list(who, each, level, seen[str(each.pk)])
        except Refused as refused:
            error = str(refused)
        else:
            if ticked:
                told = ngettext("%(n)s daftar disetujui.", "%(n)s daftar disetujui.", len(ticked))
                messages.success(request, told % {"n": len(ticked)})
                return redirect("payments:cycle", found.pk)
            error = str(_NONE)
    context = _context(request, found, waiting, _("Setujui"), error)
    return render(request, "payments/approve.html", context, status=422 if error else 200)


def _said_dead(lists: list[PaymentList]) -> list[dict[str, Any]]:
    """Lists that pay people the civil registry takes for dead, and how many."""
    counts = Counter(queries.said_dead(lists).values_list("list_id", flat=True))
    return lists_with([(each, counts[each.pk]) for each in lists])


def _district(each: PaymentList) -> str:
    name = region_name(each.district_code)
    return _("%(list)s, susulan %(number)s") % {"list": name, "number": each.round} if each.round else name


def _context(
    request: HttpRequest, found: Cycle, lists: list[tuple[PaymentList, Level]], last: str, error: str
) -> dict[str, Any]:
    """What to tick: everything at first, but whoever approves a list that pays the dead, or people said so, ticks it.

    Where what was pressed is refused, ticks are as they were sent; a list whose content is another one now has none.
    """
    said_dead = _said_dead([each for each, _level in lists])
    recorded_dead = recorded_dead_on([each for each, _level in lists])
    by_hand = {row["list"].pk for row in (*said_dead, *recorded_dead)}
    sent = request.POST.getlist("list") if request.method == "POST" else None
    rows = []
    for each, level in lists:
        ticket = f"{each.pk}:{each.root}"
        ticked = (level == Level.PREPARE or each.pk not in by_hand) if sent is None else ticket in sent
        rows.append(
            {"list": each, "district": _district(each), "level": level.label, "ticket": ticket, "ticked": ticked}
        )
    return {
        "cycle": found, "name": cycle_name(found), "rows": rows, "error": error, "said_dead": said_dead,
        "recorded_dead": recorded_dead,
        "payments": sum(each.payments for each, _level in lists),
        "rupiah": sum(each.total_rupiah for each, _level in lists),
        "crumbs": crumbs(
            (_("Pembayaran"), reverse("payments:cycles")),
            (cycle_name(found), reverse("payments:cycle", args=[found.pk])), (last, ""),
        ),
    }  # fmt: skip
