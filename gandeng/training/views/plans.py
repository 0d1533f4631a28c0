"""What is lacked, batches proposed for it, made and undone."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.facilitators.models import Staff
from gandeng.training import plan_queries as queries
from gandeng.training.actions import plans as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.actions.plans import Asked, Proposal
from gandeng.training.course_queries import access_course, may_hold, offices_of
from gandeng.training.models import Course, Event, Participant
from gandeng.training.plan_forms import FIELDS, PlanForm
from gandeng.training.planning import Without
from gandeng.training.views.common import event_row, tabs
from gandeng.web.paging import known_filters
from gandeng.web.refusals import refuse

WHY = {
    Without.NOT_AVAILABLE: gettext_lazy("Cuti atau ada kegiatan lain pada semua hari yang ditawarkan"),
    Without.SEATS: gettext_lazy("Tempat duduk habis"),
    Without.ABSENT_MAX: gettext_lazy("Terlalu banyak dari kecamatannya pergi pada hari itu"),
}
NEEDS = {
    queries.NEVER: gettext_lazy("Belum pernah"), queries.EXPIRED: gettext_lazy("Sudah berakhir"),
    queries.SOON: gettext_lazy("Segera berakhir"), queries.POST: gettext_lazy("Menurut tugasnya"),
}  # fmt: skip
_PLANS = 10


@allowed(May.PLAN_TRAINING)
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """For which course how many people are waiting, in the region of one office."""
    who, offices = acting(request), offices_of(acting(request))
    known_filters(request, ())
    region = offices[0] if offices else None
    context = {
        "tabs": tabs(who, "needs"), "today": timezone.localdate(),
        "region": region_name(region) if region is not None else "",
        "needs": queries.needs_of(who, region, timezone.localdate()) if region is not None else None,
        "plans": [_plan_row(one) for one in queries.plans_of(who).order_by("-made_at")[:_PLANS]],
    }  # fmt: skip
    return render(request, "training/needs.html", context)


def _plan_row(plan: Any) -> dict[str, Any]:
    return {"plan": plan, "region": region_name(plan.asked["region"]), "batches": len(plan.asked["batches"])}


def _trail(course: Course) -> list[dict[str, str]]:
    return [
        {"label": _("Kebutuhan"), "url": reverse("training:needs")},
        {"label": course.title, "url": reverse("training:course", args=[course.pk]), "lang": "id"},
        {"label": _("Rencana angkatan")},
    ]


def _held(request: HttpRequest, course_id: UUID) -> tuple[Acting, Course, list[str]]:
    who, course = acting(request), access_course(acting(request), course_id)
    offices = may_hold(who, course)
    if course.ended_on is not None or not offices:
        raise Http404
    return who, course, offices


@allowed(May.PLAN_TRAINING)
@require_GET
def plan(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """The question stands in the address; its answer below it, and nothing is kept."""
    who, course, offices = _held(request, course_id)
    told = known_filters(request, FIELDS)
    form = PlanForm(told if any(told.values()) else None, course=course, offices=offices)
    return _answer(request, who, course, form, told)


def _answer(
    request: HttpRequest, who: Acting, course: Course, form: PlanForm, told: dict[str, str], refused: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "course": course, "trail": _trail(course), "refused": refused}
    if form.is_bound and form.is_valid():
        asked = form.told()
        try:
            proposal = actions.propose(who, course, asked, timezone.localdate())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            context |= _shown(asked, proposal) | {"kept": [(name, value) for name, value in told.items() if value]}
    return render(request, "training/plan.html", context, status=422 if form.errors or refused else 200)


def _shown(asked: Asked, proposal: Proposal) -> dict[str, Any]:
    batches = []
    for number, offered in enumerate(asked.batches):
        people = proposal.of_batch(number)
        districts = Counter(one.district for one in people)
        batches.append({
            "offered": offered, "people": [_person(one) for one in people], "free": offered.seats - len(people),
            "districts": [(region_name(code), count) for code, count in sorted(districts.items())],
        })  # fmt: skip
    return {
        "proposal": proposal, "batches": batches, "seated": len(proposal.seating.seats),
        "unseated": [_person(one) | {"reason": WHY[why]} for one, why in proposal.unseated],
        "seats": sum(one.seats for one in asked.batches),
    }  # fmt: skip


def _person(one: queries.Needing) -> dict[str, Any]:
    return {
        "one": one, "district": region_name(one.district), "needs": NEEDS[one.why],
        "home": region_name(one.home) if one.home else _("Tidak tercatat"),
    }  # fmt: skip


@allowed(May.PLAN_TRAINING)
@require_POST
def make_plan(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """What was shown becomes drafts."""
    who, course, offices = _held(request, course_id)
    told = {name: request.POST.get(name, "").strip() for name in FIELDS}
    form = PlanForm(told, course=course, offices=offices)
    if form.is_valid():
        try:
            made = actions.make(who, course, form.told(), request.POST.get("shown", ""))
        except TrainingRefused as why:
            return _answer(request, who, course, form, told, str(why))
        messages.success(request, _("Rancangan angkatan dibuat. Periksa, lalu kirim undangannya."))
        return redirect("training:made_plan", made.pk)
    return _answer(request, who, course, form, told)


@allowed(May.PLAN_TRAINING)
@require_safe
def made_plan(request: HttpRequest, batch_plan_id: UUID) -> HttpResponse:
    """What came of one: its batches, who stayed without a seat."""
    who, found = acting(request), queries.access_plan(acting(request), batch_plan_id)
    events = list(Event.objects.filter(plan=found).order_by("starts_on", "number"))
    counts = Counter(
        Participant.objects.filter(event__in=events, state__in=Participant.COMING).values_list("event_id", flat=True)
    )
    people = Staff.objects.select_related("person").in_bulk([UUID(one["staff"]) for one in found.unseated])
    unseated = [
        (people[UUID(one["staff"])], WHY[Without(one["why"])]) for one in found.unseated if UUID(one["staff"]) in people
    ]
    context = {
        "plan": found, "region": region_name(found.asked["region"]), "unseated": unseated,
        "rows": [event_row(one) | {"people": counts[one.pk]} for one in events], "tabs": tabs(who, "needs"),
        "may_undo": found.undone_at is None and all(one.state in ("DRAFT", "CANCELLED") for one in events),
        "trail": _trail(found.course),
    }  # fmt: skip
    return render(request, "training/made_plan.html", context)


@allowed(May.PLAN_TRAINING)
@require_POST
def undo_plan(request: HttpRequest, batch_plan_id: UUID) -> HttpResponse:
    """All its batches, while nobody was invited."""
    who, found = acting(request), queries.access_plan(acting(request), batch_plan_id)
    try:
        actions.undo(who, found)
    except TrainingRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Semua angkatan rencana ini dibatalkan."))
    return redirect("training:made_plan", found.pk)
