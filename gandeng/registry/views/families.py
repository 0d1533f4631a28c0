"""The list of families and the page of one."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.registry import queries
from gandeng.registry.actions import ExportRefused, RevealRefused, export_families, note_search, reveal_identifier
from gandeng.registry.actions.applying import STATUS_MOVES, not_to_hold, not_to_move
from gandeng.registry.actions.identifiers import note_opening, note_search_bound, searches_left
from gandeng.registry.deciles import KNOWN, UNKNOWN, reading_of
from gandeng.registry.forms import ExportForm, IdentifierForm, RevealForm
from gandeng.registry.keeping import is_kept
from gandeng.registry.models import ChangeRequest, Family
from gandeng.registry.sections import sections
from gandeng.web.answers import CSV, as_file
from gandeng.web.paging import Page, known_filters, narrowed, page_by_key
from gandeng.web.sections import Section

_EXPORT_NAME = "keluarga.csv"
STATUS_TONES = {"ACTIVE": "good", "SUSPENDED": "warn", "PROPOSED": "info", "VALIDATED": "info"}


@allowed(May.SEE_FAMILIES)
@require_safe
def families(request: HttpRequest) -> HttpResponse:
    """Families of the territory, narrowed by name, number, place, status, decile."""
    filters = known_filters(request, queries.FILTERS)
    refused = ""
    try:
        page = _by_number(request, queries.families_visible_to(acting(request), filters), filters)
    except queries.SearchRefused as why:
        page, refused = Page([], "", ""), str(why)
        filters["q"] = "" if str(why) == str(queries.IDENTIFIER_IN_ADDRESS) else filters["q"]
    context = _list(acting(request), filters, page) | {"refused": refused}
    return render(request, "registry/families.html", context)


def _by_number(request: HttpRequest, rows: QuerySet[Family], filters: dict[str, str]) -> Page:
    apart = queries.of_a_part(acting(request), filters)
    return page_by_key(rows, request, key="family_no", sorted_apart=apart)


def _list(who: Acting, filters: dict[str, str], page: Page) -> dict[str, Any]:
    return {
        "filters": filters, "page": page, "rows": [_row(family) for family in page.rows],
        "statuses": Family.Status.choices, "deciles": KNOWN, "unknown": UNKNOWN,
        "regions": queries.region_choices(who, filters["region"]),
        "narrowed": any(filters.values()), "may_take": who.may(May.TAKE_LIST),
        "long_export": narrowed(reverse("exports:ask", args=["keluarga"]), filters),
        "identifier_form": IdentifierForm(), "export_form": ExportForm(),
    }  # fmt: skip


def _row(family: Family) -> dict[str, Any]:
    return {
        "family": family, "village": region_name(family.village_code),
        "account": queries.account_listed(family), "reading": reading_of(family),
        "tone": STATUS_TONES.get(family.status, "neutral"),
    }  # fmt: skip


@allowed(May.SEE_FAMILIES)
@sensitive_post_parameters()
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """By a full NIK or KK: asked by POST, answered at once, so the number stands in no address."""
    who, form = acting(request), IdentifierForm(request.POST)
    context = _list(who, dict.fromkeys(queries.FILTERS, ""), Page([], "", "")) | {"identifier_form": form}
    if not form.is_valid():
        return render(request, "registry/identifier.html", context, status=422)
    if searches_left(who) <= 0:
        note_search_bound(who)
        words = _("Jatah mencari nomor lengkap hari ini sudah habis. Cari menurut nama, atau lanjutkan besok.")
        form.add_error(None, words)
        return render(request, "registry/identifier.html", context, status=422)
    kind, number = form.cleaned_data["kind"], form.cleaned_data["number"]
    rows = [_row(family) for family in queries.families_with_identifier(kind, number)]
    note_search(who, kind, number, len(rows))
    asked = f"{'NIK' if kind == 'nik' else _('Nomor KK')} •••• {number[-4:]}"
    context |= {"rows": rows, "asked": asked, "identifier_form": IdentifierForm()}
    return render(request, "registry/identifier.html", context)


@allowed(May.SEE_FAMILIES)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The list as CSV, for a purpose."""
    who, form = acting(request), ExportForm(request.POST)
    filters = {name: request.POST.get(name, "").strip() for name in queries.FILTERS}
    try:
        rows = queries.families_visible_to(who, filters)
        if form.is_valid():
            told = export_families(who, rows, form.cleaned_data["purpose"], filters)
            return as_file(told, _EXPORT_NAME, CSV)
        page = _by_number(request, rows, filters)
    except (ExportRefused, queries.SearchRefused) as why:
        form.add_error(None, str(why))
        page = Page([], "", "")
    return render(request, "registry/families.html", _list(who, filters, page) | {"export_form": form}, status=422)


@allowed(May.SEE_FAMILIES)
@require_safe
def family(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """All of one family's story. Who looked is written down after the page is made, which holds nobody up."""
    found = queries.access_family(acting(request), family_id)
    transaction.on_commit(lambda: note_opening(acting(request), found))
    return render(request, "registry/family.html", _page(acting(request), found))


@allowed(May.REVEAL_IDENTIFIER)
@require_POST
def reveal(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """One full identifier on the family's page, this once."""
    who, found, form = acting(request), queries.access_family(acting(request), family_id), RevealForm(request.POST)
    if form.is_valid():
        try:
            shown = reveal_identifier(who, found, form.cleaned_data["what"], form.cleaned_data["purpose"])
        except RevealRefused as why:
            form.add_error(None, str(why))
        else:
            return render(request, "registry/family.html", _page(who, found) | {"revealed": shown})
    return render(request, "registry/family.html", _page(who, found) | {"reveal_form": form}, status=422)


def family_part(request: HttpRequest, found: Family, part: Section) -> HttpResponse:
    """What `later` promised on a family's page: alone for htmx, else on a page of its own. Looking is written down."""
    transaction.on_commit(lambda: note_opening(acting(request), found))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, part.template, {"section": part.context, "family": found})
    trail = [
        {"label": _("Keluarga"), "url": reverse("registry:families")},
        {"label": found.family_no, "url": reverse("registry:family", args=[found.pk])},
        {"label": part.title},
    ]
    return render(request, "registry/part.html", {"family": found, "part": part, "trail": trail})


def _page(who: Acting, found: Family) -> dict[str, Any]:
    return {
        "family": found, "village": region_name(found.village_code), "district": region_name(found.village_code[:4]),
        "sub_district": region_name(found.village_code[:6]), "tone": STATUS_TONES.get(found.status, "neutral"),
        "reading": reading_of(found), "sections": sections(who, found), "kinds": kinds_for(who, found),
        "may_reveal": who.may(May.REVEAL_IDENTIFIER, found.village_code), "reveal_form": RevealForm(),
        "sees_log": who.may(May.SEE_LOG, found.village_code),
    }  # fmt: skip


def kinds_for(who: Acting, found: Family) -> list[ChangeRequest.Kind]:
    """Changes the person may ask for and the family's status allows."""
    if not who.may(May.REQUEST_CHANGE, found.village_code):
        return []
    account = next((one for one in queries.all_accounts(found) if one.valid_until is None), None)
    return [
        kind
        for kind in ChangeRequest.Kind
        if not is_kept(kind, found)
        and (kind is not ChangeRequest.Kind.BACK or queries.gone(queries.members_of(found)))
        and (kind not in STATUS_MOVES or not not_to_move(kind, found))
        and (kind not in ChangeRequest.HOLDS or not not_to_hold(kind, found, account))
    ]
