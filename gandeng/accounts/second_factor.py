"""Who must have a second factor, and whether it was shown a moment ago."""

import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from gandeng.accounts.acting import Acting

_KEY = "second_factor"


def needs_second_factor(request: HttpRequest, acting: Acting) -> bool:
    """True where a role demands a second factor and the login has none yet. Asked once per session."""
    if settings.DEMO or not acting.second_factor or request.session.get(_KEY):
        return False
    if is_mfa_enabled(request.user):
        request.session[_KEY] = True
        return False
    return True


def ask_again(request: HttpRequest) -> None:
    """Raises ReauthenticationRequired, which leads to the page that asks, unless identity was shown within minutes.

    Whoever has a second factor shows it: the password alone is not enough. The try-out, where anybody signs in as
    anybody by one click, has nothing to ask.
    """
    if settings.DEMO:
        return
    raise_if_reauthentication_required(request, app="gandeng")
    if is_mfa_enabled(request.user) and not _shown_within_minutes(request, "mfa"):
        raise ReauthenticationRequired


def _shown_within_minutes(request: HttpRequest, method: str) -> bool:
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == method and one.get("reauthenticated") and one["at"] > since for one in records)
