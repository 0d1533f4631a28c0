"""Things handed to staff: what is out, one receipt, giving out and taking in."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed, signed_in
from gandeng.facilitators import staff_queries
from gandeng.facilitators.actions import equipment as equipment_actions
from gandeng.facilitators.models import Equipment
from gandeng.facilitators.staff_forms import EquipmentForm, ReturnForm
from gandeng.facilitators.views.record import tabs
from gandeng.facilitators.views.staff_acts import form_page, kept
from gandeng.web.paging import known_filters, page_by_day


@allowed(May.SEE_STAFF)
@require_safe
def equipment(request: HttpRequest) -> HttpResponse:
    """What is out, with whom, and whose receipt is open."""
    who, filters = acting(request), known_filters(request, staff_queries.EQUIPMENT_FILTERS)
    today = timezone.localdate()
    rows = staff_queries.equipment_matching(who, filters, today)
    page = page_by_day(rows, request, "issued_on")
    context = {
        "filters": filters, "page": page, "day": today, "figures": _figures(who, today),
        "kinds": Equipment.Kind.choices, "states": staff_queries.EQUIPMENT_STATES.items(),
        "narrowed": any(filters.values()),
        "tabs": tabs(request.path),
    }  # fmt: skip
    return render(request, "facilitators/equipment.html", context)


def _figures(who: Acting, today: date) -> dict[str, Any]:
    """How many of each kind are out, and what of them needs somebody."""
    names = {"open": "OPEN", "left_behind": "LEFT_BEHIND", "lost": "LOST"}
    counts = {name: Count("pk", filter=staff_queries.equipment_state(state, today)) for name, state in names.items()}
    kinds = {kind: Count("pk", filter=Q(kind=kind, returned_on=None)) for kind in Equipment.Kind.values}
    found = staff_queries.equipment_of(who).order_by().aggregate(**counts, **kinds)
    out = [(kind, label, found[kind]) for kind, label in Equipment.Kind.choices]
    return {"out": out, **{name: found[name] for name in names}}


@signed_in
@require_safe
def receipt(request: HttpRequest, thing_id: UUID) -> HttpResponse:
    """One thing, as a paper to print: who gave it to whom, and what she said."""
    who = acting(request)
    thing = staff_queries.access_thing(who, thing_id)
    own = thing.staff.person_id == who.person_id
    region = thing.staff.region_code
    context = {
        "thing": thing, "own": own, "region": region_name(region),
        "keeps": who.may(May.KEEP_STAFF, region) and not own,
    }  # fmt: skip
    return render(request, "facilitators/receipt.html", context)


@signed_in
@require_POST
def acknowledge(request: HttpRequest, thing_id: UUID) -> HttpResponse:
    """She has it."""
    thing = staff_queries.access_thing(acting(request), thing_id)
    equipment_actions.acknowledge(acting(request), thing)
    messages.success(request, _("Terima kasih. Tanda terima tersimpan."))
    return redirect("facilitators:own")


@allowed(May.KEEP_STAFF)
def issue(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """A thing to her."""
    who, staff = kept(request, staff_id)
    form = EquipmentForm(request.POST or None)

    def act() -> None:
        told = form.cleaned_data
        equipment_actions.issue(who, staff, told["kind"], told["serial_no"], day=told["issued_on"])

    return form_page(
        request, staff, form, act, title=_("Serahkan perlengkapan"),
        done=_("Tersimpan. Tanda terimanya terbuka sampai ia mengakuinya di Catatan saya."),
    )  # fmt: skip


@allowed(May.KEEP_STAFF)
def take_in(request: HttpRequest, thing_id: UUID) -> HttpResponse:
    """It is back, or lost."""
    who = acting(request)
    thing = staff_queries.access_entry(who, Equipment, thing_id)
    form = ReturnForm(request.POST or None)

    def act() -> None:
        told = form.cleaned_data
        equipment_actions.take_in(who, thing, told["condition"], day=told["returned_on"])

    return form_page(
        request, thing.staff, form, act, title=_("Catat kembalinya"), done=_("Tersimpan."),
        lead=f"{thing.get_kind_display()} {thing.serial_no}",
    )  # fmt: skip
