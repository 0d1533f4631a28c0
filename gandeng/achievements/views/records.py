"""Achievements: the list, one with its papers, recording, deciding."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.achievements import queries
from gandeng.achievements.actions import deciding, records
from gandeng.achievements.actions.common import AchievementRefused
from gandeng.achievements.forms import PAPER_FORMS, EndForm, ReasonForm, form_for
from gandeng.achievements.models import Achievement
from gandeng.achievements.queries import CONSENTS, FILTERS, SEES
from gandeng.achievements.views.common import page, row, tabs
from gandeng.registry.evidence import SUFFIXES
from gandeng.registry.models import ordered_id
from gandeng.registry.queries import access_family, region_choices
from gandeng.registry.views.families import family_part
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse
from gandeng.web.sections import Section

OF = {"anak": Achievement.Kind.CHILD, "keluarga": Achievement.Kind.FAMILY}


@allowed(*SEES)
@require_safe
def achievements(request: HttpRequest) -> HttpResponse:
    """Those of one's families, newest entry first."""
    who, filters = acting(request), known_filters(request, FILTERS)
    found = queries.narrowed_to(queries.achievements(who), filters)
    shown = page_by_key(found, request, key="id", descending=True)
    context = {
        "page": shown, "rows": [row(one) for one in shown.rows], "filters": filters, "narrowed": any(filters.values()),
        "tabs": tabs(who, "achievements"), "regions": region_choices(who, filters["region"]),
        "kinds": Achievement.Kind.choices, "fields": Achievement.Field.choices, "levels": Achievement.Level.choices,
        "states": Achievement.State.choices, "consents": [("HOLDS", _("Berlaku")), *list(CONSENTS.items())[1:]],
        "records": who.may(May.RECORD_ACHIEVEMENT),
    }  # fmt: skip
    return render(request, "achievements/achievements.html", context)


@allowed(*SEES)
@require_safe
def of_family(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """The part of a family's page."""
    who = acting(request)
    family = access_family(who, family_id)
    if not queries.may_look(who, family):
        raise Http404
    context = {
        "rows": [row(one) for one in queries.of_family(who, family)],
        "records": who.may(May.RECORD_ACHIEVEMENT, family.village_code),
    }
    return family_part(request, family, Section(_("Prestasi"), "achievements/section.html", context))


@allowed(May.RECORD_ACHIEVEMENT)
@sensitive_post_parameters()
def enter(request: HttpRequest, family_id: UUID, of: str) -> HttpResponse:
    """A new one, of a child or of the family."""
    who, family = acting(request), access_family(acting(request), family_id)
    if of not in OF or not who.may(May.RECORD_ACHIEVEMENT, family.village_code):
        raise Http404
    children = list(queries.children_of(family)) if of == "anak" else []
    form = form_for(OF[of], request.POST or None, children=children, initial={"key": ordered_id()})
    if request.method == "POST" and form.is_valid():
        try:
            made = records.record_achievement(who, family, form.member(), form.told(), form.asked_key)
        except AchievementRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Draf tersimpan. Lengkapi bukti dan persetujuannya, lalu ajukan."))
            return redirect("achievements:achievement", made.pk)
    context = {
        "form": form, "family": family, "of": of, "no_children": of == "anak" and not children,
        "place": region_name(family.village_code),
    }  # fmt: skip
    return render(request, "achievements/enter.html", context, status=422 if form.errors else 200)


@allowed(*SEES)
@require_safe
def achievement(request: HttpRequest, achievement_id: UUID) -> HttpResponse:
    """One with all that is known of it."""
    who = acting(request)
    one = queries.access_achievement(who, achievement_id)
    return render(request, "achievements/achievement.html", page(who, one))


@allowed(May.RECORD_ACHIEVEMENT)
@sensitive_post_parameters()
def change(request: HttpRequest, achievement_id: UUID) -> HttpResponse:
    """What a draft, or one that came back, says."""
    who, one = acting(request), _may(request, achievement_id, "ubah")
    columns = ("field", "level", "standing", "what", "achieved_on", "giver", "school")
    before = {name: getattr(one, name) for name in columns} | {"key": one.pk, "story": queries.story_of(one)}
    form = form_for(one.kind, request.POST or None, children=[], fixed=True, initial=before)
    if request.method == "POST" and form.is_valid():
        try:
            records.change_achievement(who, one, form.told())
        except AchievementRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Perubahan tersimpan."))
            return redirect("achievements:achievement", one.pk)
    return render(request, "achievements/change.html", row(one) | {"form": form}, status=422 if form.errors else 200)


def _may(request: HttpRequest, key: UUID, deed: str) -> Any:
    """The achievement, where the deed is this person's now. Http404."""
    one = queries.access_achievement(acting(request), key)
    if deed not in queries.deeds(acting(request), one):
        raise Http404
    return one


@allowed(May.RECORD_ACHIEVEMENT)
@require_POST
def add_paper(request: HttpRequest, achievement_id: UUID, of: str) -> HttpResponse:
    """A proof, or the photo."""
    if of not in PAPER_FORMS:
        raise Http404
    who, one = acting(request), _may(request, achievement_id, "ubah")
    kind, make = PAPER_FORMS[of]
    form = make(request.POST, request.FILES)
    if form.is_valid():
        try:
            records.add_paper(who, one, kind, form.sent())
        except AchievementRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Berkas tersimpan tersegel."))
            return redirect("achievements:achievement", one.pk)
    return render(request, "achievements/achievement.html", page(who, one, **{of: form}), status=422)


@allowed(*SEES)
@require_POST
def paper(request: HttpRequest, achievement_id: UUID, achievement_paper_id: UUID) -> HttpResponse:
    """What it holds, as an attachment; by POST, for opening it is written down."""
    who = acting(request)
    one = queries.access_achievement(who, achievement_id)
    found = queries.access_paper(one, achievement_paper_id)
    content = records.open_paper(who, one, found)
    return as_file(content, f"prestasi-{str(found.pk)[:8]}.{SUFFIXES[found.media_type]}", found.media_type)


@allowed(May.RECORD_ACHIEVEMENT)
@require_POST
def remove_paper(request: HttpRequest, achievement_id: UUID, achievement_paper_id: UUID) -> HttpResponse:
    """Out again, before it is submitted."""
    one = _may(request, achievement_id, "ubah")
    found = queries.access_paper(one, achievement_paper_id)
    return _done(request, one, lambda: records.remove_paper(acting(request), one, found), _("Berkas dihapus."))


def _done(request: HttpRequest, one: Achievement, do: Callable[[], None], told: str) -> HttpResponse:
    """Do it and go back to the page, which says what came of it."""
    try:
        do()
    except AchievementRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, told)
    return redirect("achievements:achievement", one.pk)


@allowed(May.RECORD_ACHIEVEMENT)
@require_POST
def submit(request: HttpRequest, achievement_id: UUID) -> HttpResponse:
    """To be confirmed."""
    one = queries.access_achievement(acting(request), achievement_id)
    return _done(
        request, one, lambda: records.submit(acting(request), one), _("Diajukan. Orang lain mengonfirmasinya.")
    )


@allowed(May.CONFIRM_ACHIEVEMENT)
@require_POST
def confirm(request: HttpRequest, achievement_id: UUID) -> HttpResponse:
    """That it is true."""
    one = queries.access_achievement(acting(request), achievement_id)
    return _done(request, one, lambda: deciding.confirm(acting(request), one), _("Prestasi terkonfirmasi."))


@allowed(May.CONFIRM_ACHIEVEMENT)
@sensitive_post_parameters()
def give_back(request: HttpRequest, achievement_id: UUID) -> HttpResponse:
    """To whoever submitted it."""
    one, form = _may(request, achievement_id, "kembalikan"), ReasonForm(request.POST or None)

    def do() -> None:
        deciding.give_back(acting(request), one, form.cleaned_data["reason"])

    told = {
        "title": _("Kembalikan kepada pencatat"),
        "lead": _("Tulis apa yang kurang. Ia memperbaikinya, lalu mengajukan lagi."),
        "submit": _("Kembalikan kepada pencatat"), "told": _("Dikembalikan kepada pencatat."),
    }  # fmt: skip
    return by_form(request, one, form, do, **told)


@allowed(May.RECORD_ACHIEVEMENT, May.CONFIRM_ACHIEVEMENT)
@sensitive_post_parameters()
def withdraw(request: HttpRequest, achievement_id: UUID) -> HttpResponse:
    """Out of all lists to come."""
    one, form = _may(request, achievement_id, "tarik"), EndForm(request.POST or None)

    def do() -> None:
        deciding.withdraw(acting(request), one, form.cleaned_data["reason"], erase=form.cleaned_data["erase"])

    told = {
        "title": _("Tarik catatan ini"),
        "lead": _("Catatan yang ditarik tidak masuk buku tahunan lagi dan tidak dapat diajukan kembali."),
        "submit": _("Tarik catatan"), "told": _("Catatan ditarik."), "danger": True,
    }  # fmt: skip
    return by_form(request, one, form, do, **told)


def by_form(request: HttpRequest, one: Any, form: Form, do: Callable[[], None], **told: Any) -> HttpResponse:
    """A deed that wants words: its form, doing it, back to the page."""
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except AchievementRefused as why:
            refuse(form, why)
        else:
            messages.success(request, told["told"])
            return redirect("achievements:achievement", one.pk)
    context = row(one) | told | {"form": form}
    return render(request, "achievements/deed.html", context, status=422 if form.errors else 200)
