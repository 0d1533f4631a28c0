"""The agenda of an event and its files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.training import agenda_queries as queries
from gandeng.training.actions import agenda as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.agenda_forms import HourForm, MaterialForm, of_item
from gandeng.training.event_queries import Standing, access_event, access_run
from gandeng.training.views.common import OFFICES, event_page
from gandeng.web.finding import found_or_404
from gandeng.web.refusals import refuse


@allowed(*OFFICES)
@require_safe
def agenda(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Day by day, and what is handed out."""
    return render(request, "training/agenda.html", _page(access_event(acting(request), event_id), MaterialForm()))


def _page(standing: Standing, form: MaterialForm) -> dict[str, Any]:
    acts, days = standing.runs and standing.open, queries.by_day(standing.event)
    return event_page(standing, "agenda") | {
        "days": days, "materials": queries.materials_of(standing.event), "form": form,
        "acts": acts, "empty": [day for day, hours in days if not hours],
        "unsolved": list(queries.unsolved(standing)) if acts else [],
    }  # fmt: skip


def _run(request: HttpRequest, event_id: UUID) -> Standing:
    standing = access_run(acting(request), event_id)
    if not standing.open:
        raise Http404
    return standing


@allowed(May.PLAN_TRAINING)
def add_item(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Another hour; a problem of an earlier event may be on it."""
    who, standing = acting(request), _run(request, event_id)
    problems = list(queries.unsolved(standing))
    asked = request.GET.get("masalah", "")
    begin: dict[str, Any] = {}
    if one := next((each for each in problems if str(each.pk) == asked), None):
        begin = {"problem": asked, "title": _("Pembahasan masalah %(number)s") % {"number": one.number}}
    form = HourForm(request.POST or None, event=standing.event, problems=problems, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add(who, standing, form.told())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Acara tersimpan."))
            return redirect("training:agenda", event_id)
    context = event_page(standing, "agenda") | {"form": form}
    return render(request, "training/agenda_item.html", context, status=422 if form.errors else 200)


@allowed(May.PLAN_TRAINING)
def change_item(request: HttpRequest, event_id: UUID, item_id: UUID) -> HttpResponse:
    """The same hour, told otherwise."""
    who, standing = acting(request), _run(request, event_id)
    item = queries.access_item(standing, item_id)
    form = HourForm(request.POST or None, event=standing.event, initial=of_item(item))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(who, standing, item, form.told())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Acara tersimpan."))
            return redirect("training:agenda", event_id)
    context = event_page(standing, "agenda") | {"form": form, "item": item}
    return render(request, "training/agenda_item.html", context, status=422 if form.errors else 200)


@allowed(May.PLAN_TRAINING)
@require_POST
def drop_item(request: HttpRequest, event_id: UUID, item_id: UUID) -> HttpResponse:
    """It does not happen."""
    standing = _run(request, event_id)
    actions.drop(acting(request), standing, queries.access_item(standing, item_id))
    messages.success(request, _("Acara dihapus."))
    return redirect("training:agenda", event_id)


@allowed(May.PLAN_TRAINING)
@require_POST
def add_material(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """A file for the participants."""
    standing, form = _run(request, event_id), MaterialForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.hand_out(acting(request), standing, form.told())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Bahan tersimpan; peserta dapat mengunduhnya."))
            return redirect("training:agenda", event_id)
    return render(request, "training/agenda.html", _page(standing, form), status=422)


@allowed(May.PLAN_TRAINING)
@require_POST
def take_off_material(request: HttpRequest, event_id: UUID, material_id: UUID) -> HttpResponse:
    """Nobody finds it any more."""
    standing = _run(request, event_id)
    found = found_or_404(queries.materials_of(standing.event), material_id)
    actions.take_off(acting(request), standing, found)
    messages.success(request, _("Bahan dilepas dari kegiatan ini."))
    return redirect("training:agenda", event_id)
