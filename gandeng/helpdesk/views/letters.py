"""The letter of a family: printed, taken back, and a code for it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.helpdesk import letter_queries as queries
from gandeng.helpdesk.actions import letters as deeds
from gandeng.helpdesk.actions.cases import CaseRefused
from gandeng.registry.models import Family
from gandeng.registry.queries import access_family
from gandeng.registry.views.families import family_part
from gandeng.web.addresses import full_address
from gandeng.web.answers import as_file, quiet
from gandeng.web.paging import known_filters
from gandeng.web.sections import Section

_FILE = "surat-keluarga.pdf"
GIVERS = (May.ACCOMPANY, May.REPORT_FAMILY)


@allowed(*GIVERS)
@require_safe
def family(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """The part of the family's page, or a page of its own."""
    known_filters(request, ())
    who, found = acting(request), access_family(acting(request), family_id)
    return family_part(request, found, Section(_("Surat keluarga"), "helpdesk/letter.html", _told(who, found)))


def _told(who: Acting, found: Family) -> dict[str, Any]:
    standing = queries.standing_of(who, found)
    return {"standing": standing, "family": found, "codes": queries.codes_of(standing.letter)}


@allowed(*GIVERS)
@require_POST
def print_letter(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """The PDF; what was printed before is void from now on."""
    who, found = acting(request), access_family(acting(request), family_id)
    home = full_address(request, reverse("complain:family"))
    try:
        made = deeds.print_letter(who, found, home)
    except CaseRefused as why:
        return _refused(request, found, why)
    return quiet(as_file(made, _FILE, "application/pdf"))


@allowed(*GIVERS)
@require_POST
def void_letter(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """Lost, or in other hands."""
    who, found = acting(request), access_family(acting(request), family_id)
    try:
        deeds.void_letter(who, found)
    except CaseRefused as why:
        return _refused(request, found, why)
    messages.success(request, _("Surat keluarga dibatalkan; nomornya tidak membuka apa pun lagi."))
    return redirect("helpdesk:family", found.pk)


@allowed(*GIVERS)
@require_POST
def make_code(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """Shown once, to be said to the family."""
    who, found = acting(request), access_family(acting(request), family_id)
    try:
        code = deeds.make_code(who, found)
    except CaseRefused as why:
        return _refused(request, found, why)
    return quiet(render(request, "helpdesk/code.html", {"code": code, "family": found}))


def _refused(request: HttpRequest, found: Family, why: CaseRefused) -> HttpResponse:
    messages.error(request, str(why))
    return redirect("helpdesk:family", found.pk)
