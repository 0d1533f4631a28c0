"""My keys for machines: making one, which is told once, and taking one back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.forms import ReasonForm
from gandeng.accounts.key_forms import KeyForm
from gandeng.accounts.keys import TooMany, access_key, keys_of, make_key, revoke_key
from gandeng.accounts.models import ApiKey
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.web.paging import known_filters


@allowed(May.USE_KEY)
def keys(request: HttpRequest) -> HttpResponse:
    """My keys; a new one after showing once more who one is. Its text stands in the answer itself and nowhere else."""
    known_filters(request, ())
    who = acting(request)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ask_again(request)
        try:
            key, text = make_key(who, **form.cleaned_data)
        except TooMany as refused:
            form.add_error(None, str(refused))
        else:
            return render(request, "accounts/key_made.html", {"key": key, "text": text})
    context = {"form": form, "keys": [told(key) for key in keys_of(who.person_id)]}
    return render(request, "accounts/keys.html", context, status=422 if form.errors else 200)


def told(key: ApiKey) -> dict[str, Any]:
    """A key with its state in words, for a table."""
    if key.revoked_at is not None:
        state, tone, in_force = _("Dicabut"), "neutral", False
    elif key.valid_until <= timezone.localdate():
        state, tone, in_force = _("Habis"), "neutral", False
    else:
        state, tone, in_force = _("Berlaku"), "good", True
    return {"key": key, "state": state, "tone": tone, "in_force": in_force}


@allowed(May.USE_KEY, May.MANAGE_PEOPLE)
def revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Take a key back, with a reason."""
    known_filters(request, ())
    who = acting(request)
    key = access_key(who, key_id)
    own = key.person_id == who.person_id
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        revoke_key(who, key, reason=form.cleaned_data["reason"])
        messages.success(request, _("Kunci %(prefix)s dicabut.") % {"prefix": key.prefix})
        return redirect("accounts:keys") if own else redirect("accounts:person", key.person_id)
    context = {"form": form, "key": key, "own": own, **told(key)}
    return render(request, "accounts/key_revoke.html", context, status=422 if form.errors else 200)
