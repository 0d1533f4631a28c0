"""Events: the list, one event, making, changing, inviting, cancelling."""

from typing import Any
from uuid import UUID

from django.conf import settings
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
from gandeng.training import event_lists as lists
from gandeng.training.actions import events as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.course_queries import access_course, may_hold
from gandeng.training.event_forms import EventForm, InviteForm, MoveForm, from_course, of_event, usual_reply
from gandeng.training.event_queries import Standing, access_event, access_run
from gandeng.training.fields import ReasonForm
from gandeng.training.models import Course, Event
from gandeng.training.views.common import OFFICES, event_page, event_row, tabs
from gandeng.web.addresses import full_address
from gandeng.web.finding import region_asked
from gandeng.web.paging import known_filters, page_by_column
from gandeng.web.refusals import refuse


@allowed(*OFFICES)
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """In the order of the calendar; without a year, what is on or to come."""
    who, filters = acting(request), known_filters(request, lists.FILTERS)
    page = page_by_column(lists.events_matching(who, filters, timezone.localdate()), request, "starts_on")
    choices = lists.choices_of(who)
    context = {
        "tabs": tabs(who, "events"), "filters": filters, "page": page, "rows": [event_row(one) for one in page.rows],
        "years": choices.years, "offices": choices.offices, "kinds": Course.Kind.choices, "states": Event.State.choices,
        "narrowed": any(filters.values()), "plans": who.may(May.PLAN_TRAINING),
        "region": region_name(region_asked(filters["region"])) if filters["region"] else "",
    }  # fmt: skip
    return render(request, "training/events.html", context)


@allowed(*OFFICES)
@require_safe
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """When, where, for whom, how far."""
    standing = access_event(acting(request), event_id)
    return render(request, "training/event.html", _page(standing))


def _page(standing: Standing, **forms: Any) -> dict[str, Any]:
    found, rows = standing.event, lists.by_district(standing)
    today = timezone.localdate()
    sums = {
        name: sum(row[name] for row in rows)
        for name in ("coming", "nominated", "invited", "confirmed", "declined", "withdrawn")
    }
    acts = standing.runs and standing.open
    return event_page(standing, "event") | {
        "rows": rows, "sums": sums, "acts": acts, "free": found.capacity - sums["coming"],
        "late": found.state == Event.State.INVITED and found.reply_until is not None and found.reply_until < today,
        "may_invite": acts and sums["nominated"] > 0 and found.ends_on >= today,
        "invite_form": InviteForm(initial=usual_reply(found)), "cancel_form": ReasonForm(), "today": today,
    } | forms  # fmt: skip


@allowed(May.PLAN_TRAINING)
def enter_event(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """One event of a course."""
    who, course = acting(request), access_course(acting(request), course_id)
    offices = may_hold(who, course)
    if course.ended_on is not None or not offices:
        raise Http404
    form = EventForm(request.POST or None, offices=offices, initial=from_course(course))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.enter(who, course, form.office(), form.told())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Rancangan kegiatan %(number)s tersimpan.") % {"number": made.number})
            return redirect("training:event", made.pk)
    context = {
        "form": form, "course": course,
        "trail": [
            {"label": _("Katalog"), "url": reverse("training:courses")},
            {"label": course.title, "url": reverse("training:course", args=[course.pk]), "lang": "id"},
            {"label": _("Kegiatan baru")},
        ],
    }  # fmt: skip
    return render(request, "training/event_form.html", context, status=422 if form.errors else 200)


@allowed(May.PLAN_TRAINING)
def change_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """All of a draft; the hall and the last day to answer afterwards."""
    who, standing = acting(request), access_run(acting(request), event_id)
    if not standing.open:
        raise Http404
    draft = standing.draft
    form: EventForm | MoveForm = (EventForm if draft else MoveForm)(
        request.POST or None, initial=of_event(standing.event) | usual_reply(standing.event)
    )
    if request.method == "POST" and form.is_valid():
        try:
            if isinstance(form, EventForm):
                actions.change(who, standing, form.told())
            else:
                actions.move(who, standing, form.told())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Perubahan kegiatan tersimpan."))
            return redirect("training:event", event_id)
    context = event_page(standing, "event") | {"form": form, "draft": draft}
    return render(request, "training/event_form.html", context, status=422 if form.errors else 200)


@allowed(May.PLAN_TRAINING)
@require_POST
def invite(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Everybody named is told."""
    who, standing = acting(request), access_run(acting(request), event_id)
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            told = actions.invite(who, standing, form.cleaned_data["reply_until"], _home(request))
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(
                request, _("%(count)s orang diundang. Undangannya tampil di beranda mereka.") % {"count": told}
            )
            return redirect("training:event", event_id)
    return render(request, "training/event.html", _page(standing, invite_form=form), status=422)


def _home(request: HttpRequest) -> str:
    """Where mails lead to; the try-out writes to nobody."""
    return "" if settings.DEMO else full_address(request, "/")


@allowed(May.PLAN_TRAINING)
@require_POST
def cancel_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """It is not held."""
    who, standing = acting(request), access_run(acting(request), event_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.cancel(who, standing, form.cleaned_data["reason"])
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Kegiatan dibatalkan. Pesertanya melihat alasannya."))
            return redirect("training:event", event_id)
    return render(request, "training/event.html", _page(standing, cancel_form=form), status=422)
