"""Roles that wait for a second person, and the yes or no of one."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts import confirming
from gandeng.accounts.actions import Refused
from gandeng.accounts.context import region_name
from gandeng.accounts.forms import ConfirmForm
from gandeng.accounts.models import Grant
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import WORDS, Role
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.web.paging import known_filters


@allowed(*confirming.CONFIRMS)
@require_safe
def waiting_roles(request: HttpRequest) -> HttpResponse:
    """Those I may confirm, and those of my people that wait for somebody else."""
    known_filters(request, ())
    who = acting(request)
    mine = {grant.pk: grant for grant in confirming.waiting_for(who)}
    every = mine | {grant.pk: grant for grant in confirming.waiting_within(who)}
    ordered = sorted(every.values(), key=lambda grant: (grant.pk not in mine, grant.created_at, grant.pk))
    roles = [_told(grant) | {"confirms": grant.pk in mine} for grant in ordered]
    return render(request, "accounts/waiting_roles.html", {"roles": roles})


@allowed(*confirming.CONFIRMS)
def waiting_role(request: HttpRequest, waiting_grant_id: UUID) -> HttpResponse:
    """One of them, and my word on it, after showing once more who I am."""
    known_filters(request, ())
    who = acting(request)
    found = confirming.access_waiting(who, waiting_grant_id)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ask_again(request)
        try:
            said = _decided(request, found, form)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return redirect("accounts:waiting_roles")
    trail = [{"label": _("Peran yang menunggu orang kedua"), "url": reverse("accounts:waiting_roles")},
             {"label": found.person.name, "url": ""}]  # fmt: skip
    context = {"role": _told(found), "form": form, "trail": trail}
    return render(request, "accounts/waiting_role.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, found: Grant, form: forms.Form) -> str:
    reason = form.cleaned_data["reason"]
    if form.cleaned_data["decision"] == "confirm":
        confirming.confirm_role(acting(request), found, reason=reason)
        return _("Peran disahkan.")
    confirming.refuse_role(acting(request), found, reason=reason)
    return _("Peran ditolak dan tidak berlaku.")


def _told(grant: Grant) -> dict[str, Any]:
    return {
        "grant": grant, "role": WORDS[Role(grant.role)], "region": region_name(grant.region_code),
        "address": confirming.address_of(grant),
    }  # fmt: skip
