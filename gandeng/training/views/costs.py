"""What an event costs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.exports.refused import Refused
from gandeng.facilitators.plan_export import KINDS
from gandeng.training import cost_queries as queries
from gandeng.training.actions import costs as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.after_forms import CostForm
from gandeng.training.event_queries import Standing, access_run
from gandeng.training.handing_out import export_table
from gandeng.training.views.common import event_page
from gandeng.web.answers import as_file
from gandeng.web.language import indonesian
from gandeng.web.refusals import refuse

HEADER = ("Untuk", "Uraian", "Direncanakan (rupiah)", "Terpakai (rupiah)")
_FILE_KEPT = "biaya-{number}.{form}"


@allowed(May.PLAN_TRAINING)
def costs(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """The lines with their sums; one more."""
    standing = access_run(acting(request), event_id)
    form = CostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter(acting(request), standing, form.line())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Biaya tersimpan."))
            return redirect("training:costs", event_id)
    return render(request, "training/costs.html", _page(standing, form), status=422 if form.errors else 200)


def _page(standing: Standing, form: CostForm, refused: str = "") -> dict[str, Any]:
    return event_page(standing, "costs") | {
        "costs": queries.costs_of(standing.event), "form": form, "refused": refused
    }  # fmt: skip


@allowed(May.PLAN_TRAINING)
def change(request: HttpRequest, event_id: UUID, cost_id: UUID) -> HttpResponse:
    """Another amount, or other words."""
    standing = access_run(acting(request), event_id)
    cost = queries.access_cost(standing, cost_id)
    form = CostForm(request.POST or None, initial=CostForm.initial_of(cost))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(acting(request), standing, cost, form.line())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Biaya tersimpan."))
            return redirect("training:costs", event_id)
    context = event_page(standing, "costs") | {"form": form, "cost": cost}
    return render(request, "training/cost.html", context, status=422 if form.errors else 200)


@allowed(May.PLAN_TRAINING)
@require_POST
def strike(request: HttpRequest, event_id: UUID, cost_id: UUID) -> HttpResponse:
    """It was no cost after all."""
    standing = access_run(acting(request), event_id)
    try:
        actions.strike(acting(request), standing, queries.access_cost(standing, cost_id))
    except TrainingRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Baris biaya dihapus."))
    return redirect("training:costs", event_id)


@allowed(May.PLAN_TRAINING)
@require_POST
def export(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """The lines as a table."""
    standing = access_run(acting(request), event_id)
    form, event = request.POST.get("form", ""), standing.event
    if form not in KINDS:
        raise Http404
    with indonesian():
        rows = [
            (
                str(one.get_kind_display()), one.text, one.planned_rupiah,
                "" if one.spent_rupiah is None else one.spent_rupiah,
            )
            for one in queries.costs_of(event).lines
        ]  # fmt: skip
        try:
            told = export_table(
                acting(request), "TrainingCost", event.region_code, HEADER, rows, form, event=event.number
            )
        except Refused as refused:
            return render(request, "training/costs.html", _page(standing, CostForm(), str(refused)), status=422)
    return as_file(told, _FILE_KEPT.format(number=event.number, form=form), KINDS[form])
