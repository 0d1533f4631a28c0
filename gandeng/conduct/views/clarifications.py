"""Clarifications: the list, publishing, one with who has read it, ending, reading."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import NATION_CHOICE, region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.conduct import clarification_queries as queries
from gandeng.conduct.actions import clarifications as actions
from gandeng.conduct.actions.common import ConductRefused
from gandeng.conduct.forms import ClarificationForm, ReasonForm
from gandeng.conduct.models import Acknowledgement, Clarification
from gandeng.conduct.views.common import ANY, tabs
from gandeng.facilitators.queries import own_record
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse

_SHOWN = 20


def state_of(one: Clarification) -> tuple[str, str]:
    """Words and tone."""
    if one.ended_at is not None:
        return pgettext("klarifikasi", "Diakhiri"), "neutral"
    if hasattr(one, "replaced_by"):
        return _("Diganti yang baru"), "neutral"
    if one.valid_until <= timezone.localdate():
        return _("Sudah lewat"), "neutral"
    return _("Berlaku"), "good"


@allowed(*ANY)
@require_safe
def clarifications(request: HttpRequest) -> HttpResponse:
    """Newest first; for staff, which she has yet to read."""
    who = acting(request)
    known_filters(request, ())
    unread = queries.unread(who).values("pk")
    rows = queries.clarifications(who).annotate(unread=Exists(unread.filter(pk=OuterRef("pk"))))
    page = page_by_key(rows, request, key="published_at", descending=True, size=_SHOWN)
    context = {
        "tabs": tabs(who, "clarifications"), "page": page, "may_publish": who.may(May.CLARIFY),
        "rows": [_row(one) for one in page.rows],
    }  # fmt: skip
    return render(request, "conduct/clarifications.html", context)


def _row(one: Any) -> dict[str, Any]:
    words, tone = state_of(one)
    return {"one": one, "region": region_name(one.region_code), "words": words, "tone": tone}


@allowed(May.CLARIFY)
def publish(request: HttpRequest) -> HttpResponse:
    """A new one, or one in the place of another."""
    who = acting(request)
    asked = request.GET.get("ganti", "") or request.POST.get("ganti", "")
    old = queries.access_clarification(who, asked) if asked else None
    initial = {"region": old.region_code or NATION_CHOICE, "claim": old.claim} if old else {}
    form = ClarificationForm(request.POST or None, acting=who, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.publish(who, form.told(), old)
        except ConductRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Klarifikasi terbit. SDM PKH di wilayah itu melihatnya di beranda mereka."))
            return redirect("conduct:clarification", made.pk)
    return render(request, "conduct/publish.html", {"form": form, "old": old}, status=422 if form.errors else 200)


@allowed(*ANY)
@require_safe
def clarification(request: HttpRequest, clarification_id: UUID) -> HttpResponse:
    """What is said and true, and by district who has not read it."""
    return render(request, "conduct/clarification.html", _page(request, clarification_id, ReasonForm()))


def _page(request: HttpRequest, key: UUID, form: ReasonForm) -> dict[str, Any]:
    who, found = acting(request), queries.access_clarification(acting(request), key)
    going_on = queries.clarifications(who).filter(queries.going_on(timezone.localdate()), pk=found.pk).exists()
    staff = own_record(who)
    read = Acknowledgement.objects.filter(clarification=found, staff=staff).first() if staff else None
    counted = queries.read_by_district(who, found)
    people = page_by_key(queries.not_read(who, found), request, key="staff_no") if counted else None
    return _row(found) | {
        "form": form, "tabs": tabs(who, "clarifications"), "read": read, "people": people,
        "reads": going_on and staff is not None and read is None and staff.region_code.startswith(found.region_code),
        "ends": going_on and who.may(May.CLARIFY, found.region_code),
        "counted": [{"row": one, "name": region_name(one.district)} for one in counted],
    }  # fmt: skip


@allowed(*ANY)
@require_POST
def acknowledge(request: HttpRequest, clarification_id: UUID) -> HttpResponse:
    """I have read it."""
    found = queries.access_clarification(acting(request), clarification_id)
    try:
        actions.acknowledge(acting(request), found)
    except ConductRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Tercatat: Anda sudah membaca klarifikasi ini."))
    return redirect("conduct:clarification", found.pk)


@allowed(May.CLARIFY)
@require_POST
def end(request: HttpRequest, clarification_id: UUID) -> HttpResponse:
    """Before its time, with the reason."""
    who, form = acting(request), ReasonForm(request.POST)
    found = queries.access_clarification(who, clarification_id)
    if form.is_valid():
        try:
            actions.end(who, found, form.cleaned_data["reason"])
        except ConductRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Klarifikasi diakhiri."))
            return redirect("conduct:clarification", found.pk)
    return render(request, "conduct/clarification.html", _page(request, clarification_id, form), status=422)
