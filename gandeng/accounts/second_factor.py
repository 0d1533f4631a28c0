"""Who must have a second factor, and whether it was shown a moment ago."""

import re
import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    STATE_SESSION_KEY,
    raise_if_reauthentication_required,
)
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.actions import Itself
from gandeng.accounts.keys import region_of
from gandeng.accounts.models import User
from gandeng.accounts.typed import Typed, forget_typed, keep_sent, typed_by
from gandeng.audit.actions import record

_KEY = "second_factor"
_FORM_OF_ITS_PAGE = re.compile(rb"<form(?=[\s>])(?![^>]*\baction=)(?=[^>]*\bmethod=\"post\")")


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


def keep_while_asked(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Where a POST came too late: the page that asks who one is, after which what was posted goes on (`go_on`).

    It waits as all that did not arrive (`typed`), and not by allauth's own form, which lies open in the session with
    the headers of the browser, and forgets what was posted to an address with a query.
    """
    if not isinstance(error, ReauthenticationRequired) or request.method != "POST" or not request.user.is_authenticated:
        return None
    methods = get_adapter().get_reauthentication_methods(request.user)
    if not methods:
        return None
    keep_sent(request, request.user.pk)
    request.session[STATE_SESSION_KEY] = {"callback": f"{__name__}.{go_on.__name__}", "state": {}}
    address = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
    return redirect(f"{methods[0]['url']}?{address}")


def go_on(request: HttpRequest, _state: dict[str, str]) -> HttpResponse | None:
    """What was posted, once, and only where the question was about it; None leads on without it.

    What is refused then comes back at the address of the question: its forms are told where they belong.
    """
    kept = typed_by(request)
    forget_typed(request)
    if kept is None or get_next_redirect_url(request) != kept.address:
        return None
    posted = _posted_to(request, kept)
    view, arguments, named = posted.resolver_match
    answer: HttpResponse = view(posted, *arguments, **named)
    if not answer.streaming and answer.get("Content-Type", "").startswith("text/html"):
        own = f'<form action="{escape(kept.address)}"'.encode()
        answer.content = _FORM_OF_ITS_PAGE.sub(lambda _found: own, answer.content)
    return answer


def _posted_to(request: HttpRequest, kept: Typed) -> Any:
    """This request as the one that was kept: its address and its form."""
    path, _mark, query = kept.address.partition("?")
    form = QueryDict(mutable=True)
    for name, value in kept.fields:
        form.appendlist(name, value)
    request.POST, request.GET = form, QueryDict(query)  # type: ignore[assignment]
    request.META |= {"PATH_INFO": path, "QUERY_STRING": query}
    request.path = request.path_info = path
    request.resolver_match = resolve(path)
    return request


def _shown_within_minutes(request: HttpRequest, method: str) -> bool:
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == method and one.get("reauthenticated") and one["at"] > since for one in records)


def hear_of_added(user: User, authenticator: Authenticator, **_: object) -> None:
    """A second factor was set up, or recovery codes were made."""
    record(Itself(user.person), "factor.added", user.person, region=region_of(user.person), factor=authenticator.type)


def hear_of_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: object) -> None:
    """A second factor was taken off. After the last one no session goes on as one of two factors: others end, and
    this one is led to set up another where a role demands it."""
    record(Itself(user.person), "factor.removed", user.person, region=region_of(user.person), factor=authenticator.type)
    if is_mfa_enabled(user):
        return
    request.session.pop(_KEY, None)
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
        session.end()


def factor_words(kind: str) -> str:
    """What the log's page calls a kind of second factor."""
    words = {"totp": _("aplikasi kode"), "webauthn": _("kunci sandi perangkat"), "recovery_codes": _("kode pemulihan")}
    return words.get(kind, kind)
