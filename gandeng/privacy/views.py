"""Reports to families."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.privacy import actions, queries
from gandeng.privacy.forms import AskForm
from gandeng.privacy.paper import due_on
from gandeng.registry.models import Family
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters

_SHOWN = 20


@allowed(May.REPORT_FAMILY)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """Who asks and how the office made sure of it; then the report is made."""
    known_filters(request, ())
    who = acting(request)
    family = queries.access_family(who, family_id)
    form = AskForm(request.POST or None, initial={"asked_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        return redirect("privacy:report", actions.make_report(who, family, form.asked()).pk)
    context = {
        "family": family, "village": region_name(family.village_code), "form": form, "trail": _trail(family),
        "reports": list(queries.reports_of(family.pk)[:_SHOWN]),
    }  # fmt: skip
    return render(request, "privacy/ask.html", context, status=422 if form.errors else 200)


def _trail(family: Family, *more: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"label": _("Keluarga %(number)s") % {"number": family.family_no},
         "url": reverse("registry:family", args=[family.pk])},
        {"label": _("Laporan data keluarga"), "url": reverse("privacy:ask", args=[family.pk]) if more else ""},
        *more,
    ]  # fmt: skip


@allowed(May.REPORT_FAMILY)
@require_GET
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The report, while it is open to its maker."""
    known_filters(request, ())
    who = acting(request)
    found = queries.access_report(who, report_id)
    context = {
        "report": found, "paper": actions.paper(who, found), "due_on": due_on(found.asked_on),
        "late": timezone.localdate() > due_on(found.asked_on), "hours": queries.OPEN_HOURS,
        "trail": _trail(found.family, {"label": found.asked_by, "url": ""}),
    }  # fmt: skip
    return render(request, "privacy/report.html", context)


@allowed(May.REPORT_FAMILY)
@require_POST
def fetch(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The PDF. Its name says nothing of the family."""
    who = acting(request)
    found = queries.access_report(who, report_id)
    return as_file(actions.fetch_report(who, found), f"laporan-data-{found.pk.hex[:8]}.pdf", "application/pdf")
