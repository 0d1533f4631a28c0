"""Long exports: asking, deciding, fetching."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.exports import actions, queries
from gandeng.exports.actions.budget import ROWS_A_DAY
from gandeng.exports.forms import AskForm, DecideForm, TraceForm
from gandeng.exports.models import ExportRequest
from gandeng.exports.refused import Refused
from gandeng.exports.sources import KINDS, ROWS_ALONE, NoList
from gandeng.exports.tracing import exports_of
from gandeng.exports.words import TONES
from gandeng.web.answers import CSV, as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, query_of

State = ExportRequest.State
READS = (May.SEE_FAMILIES, May.SEE_PAYMENTS, May.SEE_RECONCILIATION)
_NEWEST = 50


@allowed(*READS)
@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """Mine, and those that wait for my yes or no."""
    known_filters(request, ())
    who = acting(request)
    context = {
        "own": [_row(each) for each in queries.own(who)[:_NEWEST]],
        "waiting": [_row(each) for each in queries.waiting(who)[:_NEWEST]],
        "decided": [_row(each) for each in queries.decidable(who).exclude(state=State.ASKED)[:_NEWEST]],
        "decides": who.may(May.APPROVE_EXPORT), "left": max(0, ROWS_A_DAY - queries.taken_today(who)),
        "a_day": ROWS_A_DAY, "alone": ROWS_ALONE,
    }  # fmt: skip
    return render(request, "exports/exports.html", context)


def _row(export: ExportRequest) -> dict[str, Any]:
    return {"export": export, "tone": TONES[export.state], "region": region_name(export.region_code)}


@allowed(*READS)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for a list, or take a short one; what it is narrowed by stands in the address, as on the list itself."""
    who = acting(request)
    if kind not in KINDS:
        raise Http404
    source = KINDS[kind]
    source.authority(who)
    arguments = known_filters(request, source.arguments)
    form, listing, refused = AskForm(request.POST or None), None, ""
    try:
        with indonesian():  # its title is written down, its columns stand in the file
            listing = source.source(who, arguments)
        if request.method == "POST" and form.is_valid() and source.alone and request.POST.get("alone"):
            content = actions.take(who, kind, arguments, listing, form.cleaned_data["purpose"])
            return as_file(content, f"{kind}.csv", CSV)
        if request.method == "POST" and form.is_valid():
            made = actions.ask(who, kind, arguments, listing, form.cleaned_data["purpose"])
            messages.success(request, _("Permintaan terkirim. Orang kedua yang memutuskan."))
            return redirect("exports:export", made.pk)
    except (Refused, NoList) as why:
        refused = str(why)
    context = {
        "form": form, "listing": listing, "rows": listing.count() if listing else 0, "alone": ROWS_ALONE,
        "region": region_name(listing.region) if listing else "", "refused": refused, "kind": kind,
        "query": query_of(arguments), "takes": source.alone,
        "trail": _trail(_("Minta unduhan")),
    }  # fmt: skip
    return render(request, "exports/ask.html", context, status=422 if refused or form.errors else 200)


def _trail(last: str, lang: str = "") -> list[dict[str, str]]:
    return [{"label": _("Unduhan"), "url": reverse("exports:exports")}, {"label": last, "url": "", "lang": lang}]


@allowed(*READS)
@require_GET
def export(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """One request: what, why, whose yes, where the file is."""
    known_filters(request, ())
    return _page(request, queries.access_export(acting(request), export_id))


def _page(
    request: HttpRequest, found: ExportRequest, *, form: DecideForm | None = None, error: str = ""
) -> HttpResponse:
    who = acting(request)
    mine = found.asked_by_id == who.person_id
    there = found.state == State.READY and found.expires_at is not None and found.expires_at > timezone.now()
    context = {
        **_row(found), "mine": mine, "there": mine and there, "password": there and bool(bytes(found.password_sealed)),
        "decides": not mine and found.state == State.ASKED, "form": form or DecideForm(), "error": error,
        "trail": _trail(found.title, lang="id"), "kind": KINDS[found.kind],
    }  # fmt: skip
    return render(request, "exports/export.html", context, status=422 if error or (form and form.errors) else 200)


@allowed(May.SEE_LOG)
@require_http_methods(["GET", "POST"])
def trace(request: HttpRequest) -> HttpResponse:
    """Which export a list that was found somewhere comes from."""
    known_filters(request, ())
    who, form = acting(request), TraceForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "trail": _trail(_("Asal sebuah daftar")), "asked": False}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["found"]
        found = [{**_row(one), "named": bool(one.mark_name) and one.mark_name in text} for one in exports_of(who, text)]
        context |= {"asked": True, "found": found, "form": TraceForm()}
    return render(request, "exports/trace.html", context, status=422 if form.errors else 200)


@allowed(May.APPROVE_EXPORT)
@require_POST
def decide(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Yes or no to a request of somebody else."""
    who = acting(request)
    found = queries.access_decidable(who, export_id)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form)
    ask_again(request)
    approve = form.cleaned_data["decision"] == "approve"
    try:
        actions.decide(who, found, approve=approve, reason=form.cleaned_data["reason"])
    except Refused as refused:
        return _page(request, queries.access_export(who, export_id), error=str(refused))
    messages.success(request, _("Unduhan disetujui; berkasnya disiapkan.") if approve else _("Unduhan ditolak."))
    return redirect("exports:exports")


@allowed(*READS)
@require_POST
def withdraw(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """Take one's own request back."""
    who = acting(request)
    found = queries.access_own(who, export_id)
    try:
        actions.withdraw(who, found)
    except Refused as refused:
        return _page(request, queries.access_own(who, export_id), error=str(refused))
    messages.success(request, _("Permintaan ditarik kembali."))
    return redirect("exports:exports")


@allowed(*READS)
@require_POST
def password(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The password, once. Shown in the answer itself: an address or a message would keep it."""
    who = acting(request)
    found = queries.access_own(who, export_id)
    ask_again(request)
    try:
        words = actions.show_password(who, found)
    except Refused as refused:
        return _page(request, found, error=str(refused))
    context = {"export": found, "password": words, "trail": _trail(_("Kata sandi"))}
    return render(request, "exports/password.html", context)


@allowed(*READS)
@require_POST
def download(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """The locked file; each time is written down."""
    who = acting(request)
    found = queries.access_own(who, export_id)
    try:
        path, name = actions.download(who, found)
    except Refused as refused:
        return _page(request, found, error=str(refused))
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
