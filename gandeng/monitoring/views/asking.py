"""Families to ask, asking one, what it said, and a complaint opened of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.helpdesk.published import kinds
from gandeng.monitoring import actions, queries
from gandeng.monitoring.actions.opening import kinds_for, may_open
from gandeng.monitoring.forms import AskForm, OpenForm
from gandeng.monitoring.models import Answer
from gandeng.monitoring.refused import MonitoringRefused
from gandeng.monitoring.signs import SIGNS
from gandeng.monitoring.views.common import SIGN_WORDS, standing, tabs
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse


@allowed(May.ASK_FAMILIES)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """Families that wait for this person to ask them."""
    known_filters(request, ())
    who = acting(request)
    page = page_by_key(queries.tasks(who).select_related("cycle"), request, key="id")
    context = {"tabs": tabs(who, "tasks"), "page": page, "rows": [standing(one) for one in page.rows]}
    return render(request, "monitoring/tasks.html", context)


@allowed(May.ASK_FAMILIES)
def ask(request: HttpRequest, drawn_id: UUID) -> HttpResponse:
    """One family: the amount is asked before what the channel says is shown."""
    who, filters = acting(request), known_filters(request, ("perbaiki",))
    one = queries.access_task(who, drawn_id)
    corrects = bool(filters["perbaiki"]) or bool(one.last_reached)
    first = {"on_day": timezone.localdate().isoformat(), "corrects": one.last_id if corrects else None}
    form = AskForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            _note(who, one, form)
        except MonitoringRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Jawaban %(name)s tersimpan.") % {"name": one.name})
            return redirect("monitoring:answered", one.pk)
    context = {
        "one": one, "form": form, "village": region_name(one.village_code), "corrects": corrects,
        "sub_district": region_name(one.village_code[:6]),
    }  # fmt: skip
    return render(request, "monitoring/ask.html", context, status=422 if form.errors else 200)


def _note(who: Any, one: Any, form: AskForm) -> None:
    data = form.cleaned_data
    if form.was_reached:
        actions.note_answer(who, one, form.told(), form.said(), data["drawn_at"])
    else:
        actions.note_not_reached(who, one, form.told(), data["why_not"], data["next_on"])


@allowed(May.ASK_FAMILIES, May.SEE_MONITORING)
@require_safe
def answered(request: HttpRequest, drawn_id: UUID) -> HttpResponse:
    """What a family said, beside what the channel says; what may follow."""
    known_filters(request, ())
    who = acting(request)
    one = queries.access_answered(who, drawn_id)
    rows = [_shown(each["row"]) | each for each in queries.answers_of(one)]
    newest = rows[0]["row"] if rows else None
    opened = queries.opened_from(one)
    done = {each.kind for each in opened}
    offered = [kind for kind in kinds_for(newest) if kind not in done] if newest and may_open(who, one) else []
    context = {
        **standing(one), "one": one, "rows": rows, "newest": newest, "opened": opened,
        "difference": one.net_rupiah - newest.in_hand_rupiah if newest and newest.reached else None,
        "offered": [{"kind": kind, "name": kinds()[kind].name.said(), "sensitive": kinds()[kind].sensitive}
                    for kind in offered],
        "asks": who.may(May.ASK_FAMILIES) and newest is not None and _may_ask(who, one),
        "may_family": who.may(May.SEE_FAMILIES, one.village_code) and who.may(May.SEE_MONITORING, one.village_code),
        "back": reverse("monitoring:tasks" if who.may(May.ASK_FAMILIES) else "monitoring:rows"),
    }  # fmt: skip
    return render(request, "monitoring/answered.html", context)


def _may_ask(who: Any, one: Any) -> bool:
    return bool(queries.askable(who).filter(pk=one.pk).exists())


def _shown(row: Answer) -> dict[str, Any]:
    return {"signs": [str(SIGN_WORDS[name]) for name in SIGNS if getattr(row, name)]}


@allowed(May.ASK_FAMILIES, May.SEE_MONITORING)
@require_POST
def open_complaint(request: HttpRequest, drawn_id: UUID) -> HttpResponse:
    """One press: the answer becomes a complaint."""
    known_filters(request, ())
    who = acting(request)
    one = queries.access_answered(who, drawn_id)
    if not may_open(who, one):
        raise Http404
    form = OpenForm(request.POST)
    answer = Answer.objects.filter(drawn=one).order_by("-number").first()
    if not form.is_valid() or answer is None or answer.pk != form.cleaned_data["answer"]:
        messages.error(request, _("Jawaban itu sudah berubah. Muat ulang halamannya."))
        return redirect("monitoring:answered", one.pk)
    try:
        case = actions.open_case(who, one, answer, form.cleaned_data["kind"])
    except MonitoringRefused as why:
        messages.error(request, str(why))
        return redirect("monitoring:answered", one.pk)
    if case is None:
        messages.success(request, _("Pengaduan peka dibuka untuk pimpinan kantor."))
        return redirect("monitoring:answered", one.pk)
    messages.success(request, _("Kasus %(number)s dibuka.") % {"number": case.number})
    return redirect("helpdesk:case", case.pk)
