"""A case opened from a problem of a training, from an exception, or from what was found on a visit."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.helpdesk import origin_queries as queries
from gandeng.helpdesk import queries as case_queries
from gandeng.helpdesk.actions.cases import CaseRefused
from gandeng.helpdesk.actions.origins import open_from
from gandeng.helpdesk.happenings import VISIT
from gandeng.helpdesk.origin_forms import OpenForm
from gandeng.web.paging import known_filters
from gandeng.web.refusals import refuse


@allowed(May.TELL_CASE)
def of_problem(request: HttpRequest, problem_id: UUID) -> HttpResponse:
    """From a problem one gives out or answers."""
    return _open(request, queries.of_problem(acting(request), problem_id))


@allowed(May.WORK_EXCEPTIONS)
def of_exception(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """From an exception one works."""
    return _open(request, queries.of_exception(acting(request), case_id))


@allowed(May.TELL_CASE)
def of_visit(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """From a visit on which something was found."""
    return _open(request, queries.of_happening(acting(request), VISIT, visit_id))


def _open(request: HttpRequest, thing: queries.Thing) -> HttpResponse:
    known_filters(request, ())
    who = acting(request)
    form = OpenForm(who, thing, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            case = open_from(who, thing, form.told(), form.chosen(), form.cleaned_data["key"])
        except CaseRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Kasus %(number)s dibuka.") % {"number": case.number})
            seen = case_queries.cases(who).filter(pk=case.pk).exists()
            return redirect("helpdesk:case", case.pk) if seen else redirect(thing.url)
    context = {"form": form, "thing": thing, "place": region_name(thing.region_code)}
    return render(request, "helpdesk/open.html", context, status=422 if form.errors else 200)
