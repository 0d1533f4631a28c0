"""Cycles with results, and one cycle's result: figures that open into their rows."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.payments.held_queries import held_until_today
from gandeng.payments.models import Cycle
from gandeng.payments.queries import access_cycle, cycles_visible_to
from gandeng.reconciliation.actions.files import RECEIVES
from gandeng.reconciliation.figures import total
from gandeng.reconciliation.late_queries import booked_late, late_payments
from gandeng.reconciliation.queries import (
    by_outcome,
    exception_kinds,
    exceptions_waiting,
    files_of,
    instructed_of,
    latest_run,
    runs_by_cycle,
    summary_of,
)
from gandeng.reconciliation.reissue_queries import reissues_asked, reissues_to_list
from gandeng.reconciliation.signing_queries import waiting_statements
from gandeng.reconciliation.treasury_queries import deposits_asked
from gandeng.web.paging import known_filters
from gandeng.web.tabs import tabs_of

_SHOWN = 40
_FILES_SHOWN = 50
_SHOWN_STATES = (Cycle.State.APPROVED, *RECEIVES, Cycle.State.CLOSED)


@allowed(May.SEE_RECONCILIATION)
def cycles(request: HttpRequest) -> HttpResponse:
    """Cycles whose payments have been instructed."""
    known_filters(request, ())
    found = list(cycles_visible_to(acting(request)).filter(state__in=_SHOWN_STATES)[:_SHOWN])
    runs = runs_by_cycle(found)
    asked = reissues_asked(acting(request), found)
    deposits = deposits_asked(acting(request), found)
    held = held_until_today(acting(request), found)
    exceptions = exceptions_waiting(acting(request), found)
    to_list = reissues_to_list(acting(request), found)
    unsigned = waiting_statements(acting(request))
    rows = [
        {
            "cycle": cycle, "number": runs.get(cycle.pk), "region": region_name(cycle.region_code),
            "asked": asked.get(cycle.pk, 0), "deposits": deposits.get(cycle.pk, 0),
            "for_lists": held.get(cycle.pk, 0) + to_list.get(cycle.pk, 0), "exceptions": exceptions.get(cycle.pk, 0),
            "unsigned": unsigned[cycle.pk],
        }
        for cycle in found
    ]  # fmt: skip
    return render(request, "reconciliation/cycles.html", {"rows": rows})


@allowed(May.SEE_RECONCILIATION)
def cycle(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """One cycle: what was instructed, what arrived, what must be looked at."""
    known_filters(request, ())
    found = access_cycle(acting(request), cycle_id)
    run = latest_run(found)
    summary = summary_of(run) if run else []
    told = total(summary)
    if run is None:
        told["payments"], told["instructed"] = instructed_of(found)
    files = list(files_of(found)[:_FILES_SHOWN])
    context: dict[str, Any] = {
        "cycle": found,
        "region": region_name(found.region_code),
        "run": run,
        "summary": summary,
        "total": told,
        "gap": told["instructed"] - told["net"],
        "outcomes": by_outcome(summary),
        "files": files,
        "kinds": exception_kinds(found) if run else [],
        "may_send": found.state in (*RECEIVES, Cycle.State.CLOSED) and acting(request).may(May.SEND_RESULTS),
        "late": late_payments(found) if found.state == Cycle.State.CLOSED else 0,
        "corrections": booked_late(found) if files or run else [],
        "tabs": tabs(found, "cycle"),
    }
    return render(request, "reconciliation/cycle.html", context)


_TABS = (
    ("cycle", _("Hasil")),
    ("outcomes", _("Per keluarga")),
    ("exceptions", _("Pengecualian")),
    ("reissues", _("Susulan")),
    ("treasury", _("Kas negara")),
    ("rows", _("Baris laporan")),
    ("statements", _("Pengesahan")),
)


def tabs(cycle: Cycle, current: str) -> list[dict[str, Any]]:
    """The parts of a cycle's result."""
    return tabs_of("reconciliation", ((name, label, True) for name, label in _TABS), current, cycle.pk)
