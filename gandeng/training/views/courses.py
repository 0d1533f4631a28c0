"""The catalogue: the list, one course, entering, changing, ending, taking one over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import NATION_CHOICE, place_chosen, places_offered, region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.training import course_queries as queries
from gandeng.training.actions import courses as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.course_forms import CourseForm, of_course
from gandeng.training.event_queries import events_of
from gandeng.training.fields import ReasonForm
from gandeng.training.models import Course
from gandeng.training.views.common import OFFICES, event_row, tabs
from gandeng.web.paging import known_filters, page_by_column
from gandeng.web.refusals import refuse

_EVENTS = 10


@allowed(*OFFICES)
@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """What the offices train for."""
    who, filters = acting(request), known_filters(request, queries.FILTERS)
    page = page_by_column(queries.courses_matching(who, filters, timezone.localdate()), request, "title")
    context = {
        "tabs": tabs(who, "courses"), "filters": filters, "kinds": Course.Kind.choices, "page": page,
        "rows": [{"course": one, "region": region_name(one.region_code)} for one in page.rows],
        "narrowed": any(filters.values()), "may_enter": bool(queries.offices_of(who)),
    }  # fmt: skip
    return render(request, "training/courses.html", context)


@allowed(*OFFICES)
@require_safe
def course(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """One of them, with its latest events."""
    return render(request, "training/course.html", _page(request, course_id, ReasonForm()))


def _page(request: HttpRequest, course_id: UUID, form: ReasonForm) -> dict[str, Any]:
    who = acting(request)
    found = queries.access_course(who, course_id)
    events = events_of(who).filter(course=found).order_by("-starts_on", "-number")[:_EVENTS]
    in_force = found.ended_on is None
    keeps = in_force and who.may(May.PLAN_TRAINING, found.region_code)
    return {
        "course": found, "region": region_name(found.region_code), "form": form, "keeps": keeps,
        "holds": in_force and bool(queries.may_hold(who, found)), "events": [event_row(one) for one in events],
        "takes": places_offered(_takers(who, found)) if in_force else [],
        "trail": [*_trail(), {"label": found.title, "lang": "id"}],
    }  # fmt: skip


def _takers(who: Acting, course: Course) -> list[str]:
    """Offices below, of hers, that have none of that title."""
    below = [office for office in queries.may_hold(who, course) if office != course.region_code]
    named = Course.objects.filter(title=course.title, ended_on=None, region_code__in=below)
    return [office for office in below if office not in set(named.values_list("region_code", flat=True))]


def _trail() -> list[dict[str, str]]:
    return [{"label": _("Katalog"), "url": reverse("training:courses")}]


@allowed(May.PLAN_TRAINING)
def enter_course(request: HttpRequest) -> HttpResponse:
    """A new one; the office is chosen in the address, for what it may certify hangs on it."""
    who, offices = acting(request), queries.offices_of(acting(request))
    asked = known_filters(request, ["kantor"])["kantor"] or (offices[0] or NATION_CHOICE if offices else "")
    office = place_chosen(asked)
    if office not in offices:
        raise Http404
    form = CourseForm(request.POST or None, acting=who, office=office)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.enter(who, office, form.told())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Pelatihan tersimpan dalam katalog."))
            return redirect("training:course", made.pk)
    choices = [
        {"label": label, "url": f"?kantor={value}", "current": value == asked}
        for value, label in places_offered(offices)
    ]
    context = {
        "form": form, "offices": choices if len(choices) > 1 else [], "region": region_name(office),
        "trail": [*_trail(), {"label": _("Pelatihan baru")}],
    }  # fmt: skip
    return render(request, "training/course_form.html", context, status=422 if form.errors else 200)


@allowed(May.PLAN_TRAINING)
def change_course(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """What the next events will ask."""
    who, found = acting(request), _kept(request, course_id)
    form = CourseForm(request.POST or None, acting=who, office=found.region_code, initial=of_course(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(who, found, form.told())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Perubahan tersimpan. Kegiatan yang sudah dibuat tidak berubah."))
            return redirect("training:course", found.pk)
    context = {
        "form": form, "course": found, "region": region_name(found.region_code),
        "trail": [
            *_trail(), {"label": found.title, "url": reverse("training:course", args=[found.pk]), "lang": "id"},
            {"label": _("Ubah")},
        ],
    }  # fmt: skip
    return render(request, "training/course_form.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, course_id: UUID) -> Course:
    who, found = acting(request), queries.access_course(acting(request), course_id)
    if found.ended_on is not None or not who.may(May.PLAN_TRAINING, found.region_code):
        raise Http404
    return found


@allowed(May.PLAN_TRAINING)
@require_POST
def end_course(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """No event of it any more."""
    found, form = _kept(request, course_id), ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.end(acting(request), found, form.cleaned_data["reason"])
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Pelatihan diakhiri. Kegiatannya yang sudah dibuat tetap berjalan."))
            return redirect("training:course", found.pk)
    return render(request, "training/course.html", _page(request, course_id, form), status=422)


@allowed(May.PLAN_TRAINING)
@require_POST
def take_course(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """A copy for an office below."""
    who, found = acting(request), queries.access_course(acting(request), course_id)
    office = place_chosen(request.POST.get("office", ""))
    if office not in _takers(who, found):
        messages.error(
            request, _("Pelatihan dengan judul itu sudah ada pada kantor Anda, atau bukan dari kantor di atas.")
        )
        return redirect("training:course", found.pk)
    try:
        made = actions.take_over(who, found, office)
    except TrainingRefused as why:
        messages.error(request, str(why))
        return redirect("training:course", found.pk)
    messages.success(request, _("Salinannya sekarang milik kantor Anda dan dapat diubah."))
    return redirect("training:change_course", made.pk)
