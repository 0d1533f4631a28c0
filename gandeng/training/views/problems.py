"""Problems raised at events: the list of an office, those of one event, one with its history, raising one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.rules import allowed, signed_in
from gandeng.exports.refused import Refused
from gandeng.facilitators.plan_export import KINDS
from gandeng.registry.queries import region_choices
from gandeng.training import problem_queries as queries
from gandeng.training.actions import problems as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.after_forms import GiveForm, RaiseForm, SayForm
from gandeng.training.event_queries import access_event, access_own, access_run
from gandeng.training.handing_out import export_table
from gandeng.training.models import Problem
from gandeng.training.problem_queries import Seen
from gandeng.training.problem_sections import sections_of
from gandeng.training.views.common import OFFICES, event_page, tabs
from gandeng.web.answers import as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import Page, known_filters, page_by_key, query_of
from gandeng.web.refusals import refuse

TONES = {"OPEN": "warn", "ANSWERED": "info", "CLOSED": "good"}
HEADER = (
    "Nomor", "Kegiatan", "Tempat", "Tentang", "Masalah", "Diajukan", "Keadaan", "Diserahkan kepada", "Tenggat",
)  # fmt: skip
_FILE_KEPT = "masalah-{day}.{form}"


@allowed(*OFFICES)
@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """All one may see, newest first, narrowed by state, subject, place, what is late and what is one's own."""
    return render(request, "training/problems.html", _list(request))


def _list(request: HttpRequest, filters: dict[str, str] | None = None, refused: str = "") -> dict[str, Any]:
    who, today = acting(request), timezone.localdate()
    asked = filters if filters is not None else known_filters(request, queries.FILTERS)
    rows = queries.matching(who, asked, today)
    page: Page = page_by_key(rows, request, key="number", descending=True)
    return {
        "tabs": tabs(who, "problems"), "filters": asked, "page": page, "rows": [problem_row(one) for one in page.rows],
        "states": Problem.State.choices, "abouts": Problem.About.choices, "refused": refused,
        "regions": region_choices(who, asked["region"]), "narrowed": any(asked.values()), "query": query_of(asked),
    }  # fmt: skip


def problem_row(one: Problem) -> dict[str, Any]:
    """A problem in a list."""
    late = one.state == Problem.State.OPEN and one.due_on is not None and one.due_on < timezone.localdate()
    return {"problem": one, "tone": TONES[one.state], "place": region_name(one.region_code), "late": late}


@allowed(*OFFICES)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The list as a table."""
    who, today = acting(request), timezone.localdate()
    filters = {name: request.GET.get(name, "").strip() for name in queries.FILTERS}
    form = request.POST.get("form", "")
    if form not in KINDS:
        raise Http404
    with indonesian():
        rows = [
            (
                one.number, one.event.number, region_name(one.region_code), str(one.get_about_display()), one.text,
                timezone.localdate(one.raised_at).isoformat(), str(one.get_state_display()),
                one.owner.name if one.owner else "", one.due_on.isoformat() if one.due_on else "",
            )
            for one in queries.matching(who, filters, today).order_by("number")[:1001]
        ]  # fmt: skip
        try:
            told = export_table(who, "TrainingProblem", filters["region"], HEADER, rows, form)
        except Refused as refused:
            return render(request, "training/problems.html", _list(request, filters, str(refused)), status=422)
    return as_file(told, _FILE_KEPT.format(day=today.isoformat(), form=form), KINDS[form])


@allowed(*OFFICES)
@require_safe
def event_problems(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Those raised at one event."""
    standing = access_event(acting(request), event_id)
    known_filters(request, [])
    rows = [problem_row(one) for one in queries.problems_at(standing)]
    return render(request, "training/event_problems.html", event_page(standing, "event_problems") | {"rows": rows})


@allowed(*OFFICES)
def record_problem(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """The office writes down what was said in the hall."""
    standing = access_run(acting(request), event_id)
    form = RaiseForm(request.POST or None, places=queries.places_of(standing.event))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.raise_problem(acting(request), standing, form.raised())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Masalah %(number)s tercatat.") % {"number": made.number})
            return redirect("training:problem", made.pk)
    context = event_page(standing, "event_problems") | {"form": form, "back": _back(standing.event.pk)}
    return render(request, "training/raise.html", context, status=422 if form.errors else 200)


def _back(event_id: UUID) -> str:
    return reverse("training:event_problems", args=[event_id])


@signed_in
def raise_problem(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """A participant tells a problem of the field."""
    standing = access_own(acting(request), event_id)
    form = RaiseForm(request.POST or None, places=queries.own_places_of(standing))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.raise_problem(acting(request), standing, form.raised())
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(
                request, _("Masalah %(number)s tercatat. Jawabannya tampil di sini.") % {"number": made.number}
            )
            return redirect("training:problem", made.pk)
    context = {
        "event": standing.event, "form": form, "back": reverse("training:own_event", args=[event_id]),
        "rows": [problem_row(one) for one in queries.own_problems(standing)],
    }  # fmt: skip
    return render(request, "training/raise.html", context, status=422 if form.errors else 200)


@signed_in
@require_safe
def problem(request: HttpRequest, problem_id: UUID) -> HttpResponse:
    """One, with everything done about it; for the office, whoever raised it and whoever was given it."""
    seen = queries.access_problem(acting(request), problem_id)
    known_filters(request, [])
    return render(request, "training/problem.html", _page(seen))


def _page(seen: Seen) -> dict[str, Any]:
    deeds = [(name, told.title) for name, told in DEEDS.items() if told.may(seen)]
    office = any(seen.acting.may(may) for may in OFFICES)
    return problem_row(seen.problem) | {
        "seen": seen, "deeds": deeds, "event": seen.problem.event, "office": office,
        "sections": sections_of(seen.acting, seen),
    }  # fmt: skip


@dataclass(frozen=True)
class Deed:
    """One thing done about a problem."""

    title: str | Promise
    lead: str | Promise
    may: Callable[[Seen], bool]
    do: Callable[[Acting, Seen, Any], object]


DEEDS = {
    "serahkan": Deed(
        gettext_lazy("Serahkan kepada seseorang"), gettext_lazy("Ia melihatnya di beranda sampai terjawab."),
        lambda seen: seen.gives,
        lambda who, seen, form: actions.give(
            who, seen, queries.person_of(form.cleaned_data["owner"]), form.cleaned_data["due_on"]
        ),
    ),
    "jawab": Deed(
        gettext_lazy("Jawab"), gettext_lazy("Apa yang sudah dilakukan, atau mengapa tidak dapat."),
        lambda seen: seen.answers, lambda who, seen, form: actions.answer(who, seen, form.cleaned_data["text"]),
    ),
    "tutup": Deed(
        gettext_lazy("Nyatakan selesai"), gettext_lazy("Jawabannya cukup; masalah tidak kembali ke acara berikut."),
        lambda seen: seen.settles, lambda who, seen, form: actions.close(who, seen, form.cleaned_data["text"]),
    ),
    "buka": Deed(
        gettext_lazy("Buka lagi"), gettext_lazy("Masalahnya masih ada. Tulis apa yang belum selesai."),
        lambda seen: seen.reopens, lambda who, seen, form: actions.reopen(who, seen, form.cleaned_data["text"]),
    ),
}  # fmt: skip


@signed_in
def deed(request: HttpRequest, problem_id: UUID, deed: str) -> HttpResponse:
    """One deed: its form, and doing it. Not there for whoever may not do it now."""
    who, seen = acting(request), queries.access_problem(acting(request), problem_id)
    if deed not in DEEDS:
        raise Http404
    told = DEEDS[deed]
    if not told.may(seen):
        if request.method != "POST":
            raise Http404
        messages.error(request, _("Masalah ini sudah berubah sejak halaman itu dibuka."))
        return redirect("training:problem", problem_id)
    form: Form = (
        GiveForm(request.POST or None, owners=queries.owners_for(seen.problem))
        if deed == "serahkan"
        else SayForm(request.POST or None)
    )
    if request.method == "POST" and form.is_valid():
        try:
            told.do(who, seen, form)
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tersimpan dalam masalah %(number)s.") % {"number": seen.problem.number})
            return redirect("training:problem", problem_id)
    context = {"form": form, "deed": told, "problem": seen.problem, "place": region_name(seen.problem.region_code)}
    return render(request, "training/problem_deed.html", context, status=422 if form.errors else 200)
