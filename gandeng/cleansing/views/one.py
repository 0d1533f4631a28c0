"""One record: what it is, what puts it right, and saying that it is right as it stands; taking that back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.cleansing import actions, queries
from gandeng.cleansing.forms import CheckForm, TakeBackForm
from gandeng.cleansing.kinds import KINDS
from gandeng.cleansing.views.common import row_of, tabs
from gandeng.web.refusals import refuse


@allowed(May.REQUEST_CHANGE)
def record(request: HttpRequest, found_id: UUID) -> HttpResponse:
    """Right as it stands, with how one made sure; of what keeps a family from being paid there is no such thing."""
    who, row = acting(request), queries.access(acting(request), found_id)
    if not who.may(May.REQUEST_CHANGE, row.village_code) or KINDS[row.kind].unpaid:
        raise Http404
    form = CheckForm(request.POST or None, initial={"seen": row.digest})
    if request.method == "POST" and form.is_valid():
        try:
            actions.is_right(who, row, form.cleaned_data["reason"], seen=form.cleaned_data["seen"])
        except actions.CheckRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tercatat sebagai benar."))
            return redirect("cleansing:found")
    return _page(request, form, row_of(row) | {"tabs": tabs("found"), "found": True})


@allowed(May.REQUEST_CHANGE)
def take_back(request: HttpRequest, checked_id: UUID) -> HttpResponse:
    """What was found right is looked at again."""
    who, row = acting(request), queries.access_checked(acting(request), checked_id)
    if not who.may(May.REQUEST_CHANGE, row.village_code) or not row.is_right or vars(row)["passed"]:
        raise Http404
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_back(who, row, form.cleaned_data["reason"])
        except actions.CheckRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Diperiksa lagi malam ini."))
            return redirect("cleansing:checked")
    return _page(request, form, row_of(row) | {"tabs": tabs("checked"), "found": False})


def _page(request: HttpRequest, form: Any, context: dict[str, Any]) -> HttpResponse:
    return render(request, "cleansing/one.html", context | {"form": form}, status=422 if form.errors else 200)
