"""The queue, one case, a new one, and each thing one does with a case."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.helpdesk import forms, queries
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.case_sections import sections_of
from gandeng.helpdesk.models import UNDER_WAY, Case
from gandeng.helpdesk.origin_queries import origin_of
from gandeng.helpdesk.public import tidy
from gandeng.helpdesk.published import LEVEL_MAX, answers_for
from gandeng.helpdesk.views.queue import line_of
from gandeng.payments.models import Payment
from gandeng.registry.models import Family
from gandeng.web.paging import known_filters
from gandeng.web.refusals import refuse


@allowed(May.TELL_CASE)
@require_safe
def case(request: HttpRequest, complaint_id: Any) -> HttpResponse:
    """One case with its trail and what may be done now."""
    known_filters(request, ())
    who = acting(request)
    found = queries.access_complaint(who, complaint_id)
    works = queries.may_work(who, found)
    context = line_of(found) | {
        "what": queries.words_of(found), "contact": queries.contact_of(found) if works else "",
        "trail": queries.trail(found), "moves": _moves(found) if works else [], "origin": origin_of(who, found),
        "sections": sections_of(who, found),
    }  # fmt: skip
    return render(request, "helpdesk/case.html", context)


def _moves(found: Case) -> list[dict[str, str]]:
    """What the state lets happen, the likeliest first."""
    return [
        {"url": reverse("helpdesk:act", args=[found.pk, name]), "label": str(title())}
        for name, (title, _form, fits) in MOVES.items() if fits(found)
    ]  # fmt: skip


def _under_way(found: Case) -> bool:
    return found.state in UNDER_WAY


def _has_family(found: Case) -> bool:
    """Each link names a family."""
    return found.merged_into_id is None and found.family_id is not None


type _Move = tuple[Callable[[], str], Callable[[Acting, Case, Any, str], django_forms.Form], Callable[[Case], bool]]
MOVES: dict[str, _Move] = {
    "mulai": (
        lambda: _("Mulai kerjakan"), lambda _w, _c, data, _t: forms.SureForm(data),
        lambda c: _under_way(c) and c.state != Case.State.IN_PROGRESS,
    ),
    "jawab": (
        lambda: _("Jawab"), lambda _w, _c, data, told: forms.AnswerForm(data, template=told),
        lambda c: c.state in (Case.State.IN_PROGRESS, Case.State.ANSWERED),
    ),
    "tutup": (
        lambda: _("Tutup"), lambda _w, _c, data, _t: forms.SureForm(data), lambda c: c.state == Case.State.ANSWERED
    ),
    "catat": (
        lambda: _("Tulis catatan"), lambda _w, _c, data, _t: forms.TextForm(data), lambda c: c.merged_into_id is None
    ),
    "serahkan": (
        lambda: _("Serahkan kepada orang lain"), lambda _w, c, data, _t: forms.PersonForm(c, data), _under_way
    ),
    "naikkan": (
        lambda: _("Naikkan satu tingkat"), lambda _w, _c, data, _t: forms.TextForm(data),
        lambda c: _under_way(c) and c.level < LEVEL_MAX,
    ),
    "gabung": (
        lambda: _("Gabungkan ke laporan lain"),
        lambda _w, _c, data, _t: forms.NumberForm(
            data, label=_("Nomor laporan yang diteruskan, misalnya P-7K3M9-QX2TA.")
        ),
        _under_way,
    ),
    "hubungkan": (
        lambda: _("Hubungkan dengan keluarga atau pembayaran"),
        lambda _w, _c, data, _t: forms.NumberForm(data, label=_("Nomor keluarga atau nomor pembayaran.")),
        lambda c: c.merged_into_id is None,
    ),
    "peristiwa": (
        lambda: _("Hubungkan dengan kunjungan atau pertemuan"),
        lambda who, c, data, _t: forms.HappeningForm(who, c, data), _has_family,
    ),
    "lepas": (
        lambda: _("Lepas hubungan"), lambda who, c, data, _t: forms.LinkedForm(who, c, data), _has_family
    ),
    "orang": (
        lambda: _("Catat orang yang dilaporkan"), lambda _w, c, data, _t: forms.PersonForm(c, data, accused=True),
        lambda c: c.merged_into_id is None,
    ),
    "buka-lagi": (
        lambda: _("Buka lagi atas permintaan pelapor"), lambda _w, _c, data, _t: forms.TextForm(data),
        lambda c: c.state in (Case.State.ANSWERED, Case.State.CLOSED) and not c.reopened and c.merged_into_id is None,
    ),
}  # fmt: skip
"""By name in the address: its words, its form, and whether the case lets it happen now."""


@allowed(May.TELL_CASE)
def act(request: HttpRequest, complaint_id: Any, move: str) -> HttpResponse:
    """Ask for what one thing needs, and do it."""
    filters, who = known_filters(request, ("contoh",)), acting(request)
    found = queries.access_complaint(who, complaint_id)
    if move not in MOVES or not queries.may_work(who, found):
        raise Http404
    title, make, fits = MOVES[move]
    form = make(who, found, request.POST or None, filters["contoh"])
    if request.method == "POST" and form.is_valid():
        try:
            _do(who, found, move, form)
        except deeds.CaseRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tersimpan."))
            return _after(who, found)
    elif request.method != "POST" and not fits(found):
        messages.warning(request, _("Kasus ini baru saja berubah. Muat ulang halamannya, lalu coba lagi."))
        return _after(who, found)
    back = reverse("helpdesk:case", args=[found.pk])
    texts = answers_for(found.kind) if move == "jawab" else []
    context = line_of(found) | {
        "form": form,
        "title": title(),
        "move": move,
        "back": back,
        "texts": texts,
        "names_somebody": move == "orang",
    }
    return render(request, "helpdesk/act.html", context, status=422 if form.errors else 200)


def _after(who: Acting, found: Case) -> HttpResponse:
    """Back to the case; to the list where one no longer sees it, as after handing it on."""
    seen = queries.cases(who).filter(pk=found.pk).exists()
    return redirect("helpdesk:case", found.pk) if seen else redirect("helpdesk:cases")


def _do(who: Acting, found: Case, move: str, form: Any) -> None:
    told = form.cleaned_data
    if move in _BARE:
        _BARE[move](who, found)
    elif move in _WITH_TEXT:
        _WITH_TEXT[move](who, found, told["text"])
    elif move in _WITH_PERSON:
        _WITH_PERSON[move](who, found, form.people[told["person"]])
    elif move == "gabung":
        deeds.merge(who, found, _other(who, found, told["number"]))
    elif move == "peristiwa":
        deeds.link(who, found, form.offered[told["happening"]][0])
    elif move == "lepas":
        deeds.unlink(who, found, told["linked"])
    else:
        deeds.link(who, found, _thing(told["number"].strip()))


_BARE = {"mulai": deeds.start, "tutup": deeds.close}
_WITH_TEXT = {"jawab": deeds.answer, "catat": deeds.note, "naikkan": deeds.escalate, "buka-lagi": deeds.reopen}
_WITH_PERSON = {"serahkan": deeds.hand_on, "orang": deeds.accuse}


def _other(who: Acting, found: Case, number: str) -> Case:
    other = queries.cases(who).filter(number=tidy(number)).exclude(pk=found.pk).first()
    if other is None:
        raise deeds.CaseRefused(_("Nomor itu tidak ditemukan."), "number")
    return other


def _thing(number: str) -> Family | Payment:
    thing = Family.objects.filter(family_no=number).first() or Payment.objects.filter(pk=number).first()
    if thing is None:
        raise deeds.CaseRefused(_("Nomor itu tidak ditemukan."), "number")
    return thing


@allowed(May.TELL_CASE)
def new(request: HttpRequest) -> HttpResponse:
    """Write a case down; its number and PIN are shown once."""
    known_filters(request, ())
    who = acting(request)
    form = forms.NewForm(who, request.POST or None)
    if request.method == "POST" and form.is_valid():
        filed = deeds.file_case(who, form.told())
        return render(request, "helpdesk/filed.html", {"filed": filed, "desk": True})
    return render(request, "helpdesk/new.html", {"form": form}, status=422 if form.errors else 200)
