"""Each request: the grants of now, the territory in the queries and in the database, and the rule of its address.

Under `rules.MACHINES` a key says who acts, everywhere else a session; neither is looked at in the other's place.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import Acting, acting_for, in_territory
from gandeng.accounts.key_requests import Shown, not_allowed, shown
from gandeng.accounts.refusals import by_role, by_view, write_down
from gandeng.accounts.requests import address_of
from gandeng.accounts.rules import MACHINES, Rule, rule_of
from gandeng.accounts.second_factor import keep_while_asked, needs_second_factor
from gandeng.accounts.typed import forget_typed, keep_ended, session_ended
from gandeng.audit.actions import coming_from
from gandeng.web.templatetags.gandeng import hours

_TOUCH_SECONDS = 60


class TerritoryMiddleware:
    """Sets `request.acting`, None for somebody who is not signed in or shows no key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, made in the territory of who asks; a refusal is written down after it."""
        with coming_from(address_of(request)):
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if _of_machines(request):
            request.user = AnonymousUser()
            request.shown = shown(request)  # type: ignore[attr-defined]
            acting = request.shown.acting  # type: ignore[attr-defined]
        else:
            acting = _acting(request)
        request.acting = acting  # type: ignore[attr-defined]
        with in_territory(acting, restored=False), hours(acting.hours if acting else "WIB"):
            answer = self.get_response(request)
            if not _of_machines(request):
                write_down(request, answer.status_code)
            return answer

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """An address without a rule is served to nobody."""
        rule = rule_of(view, request)
        if rule is None or (rule.by_key != _of_machines(request) and not rule.public):
            raise by_role(request)
        if rule.public:
            return self._led_on(request)
        if rule.by_key:
            return _refused_by_key(request, rule)
        acting: Acting | None = request.acting  # type: ignore[attr-defined]
        missing = acting is not None and not rule.own_account and needs_second_factor(request, acting)
        if rule.signed_out and (acting is None or missing):
            return rule.signed_out(request)
        if acting is None:
            return redirect("demo_people") if settings.DEMO else redirect_to_login(_afterwards(request))
        if missing:
            return redirect("mfa_index")
        if rule.may is not None and not any(acting.may(may) for may in rule.may):
            raise by_role(request)
        if request.method == "POST" and not rule.own_account:  # where one shows who one is, it waits for that
            forget_typed(request)
        return None

    def _led_on(self, request: HttpRequest) -> HttpResponse | None:
        """The field app leads there whoever has to show more: signed in, what is missing is the second factor."""
        signs_in = request.resolver_match is not None and request.resolver_match.url_name == "account_login"
        acting: Acting | None = request.acting  # type: ignore[attr-defined]
        missing = signs_in and acting is not None and needs_second_factor(request, acting)
        return redirect("mfa_index") if missing else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Which right a view missed, for the log; what was posted is kept where identity is asked again."""
        by_view(request, error)
        return keep_while_asked(request, error)


def _afterwards(request: HttpRequest) -> str:
    """Where signing in leads: the page that was asked for, or what somebody had typed on it."""
    if request.method != "POST":
        return request.get_full_path()
    return reverse("accounts:typed" if keep_ended(request) else "home")


def _of_machines(request: HttpRequest) -> bool:
    return request.path_info.startswith(MACHINES)


def _refused_by_key(request: HttpRequest, rule: Rule) -> HttpResponse | None:
    given: Shown = request.shown  # type: ignore[attr-defined]
    if given.acting is None:
        return given.refusal
    return None if any(given.acting.may(may) for may in rule.may or ()) else not_allowed(request)


def _acting(request: HttpRequest) -> Acting | None:
    if not request.user.is_authenticated or _over(request):
        return None
    acting = acting_for(request.user.person_id, timezone.localdate())
    return acting if acting.person_name else Acting(acting.person_id, request.user.email, ())


def _over(request: HttpRequest) -> bool:
    """After half an hour of nothing, or twelve hours of whatever."""
    now, seen = int(time.time()), request.session.get("seen", 0)
    began = request.session.get("began", now)
    if (seen and now - seen > settings.SESSION_IDLE_SECONDS) or now - began > settings.SESSION_LONGEST_SECONDS:
        whose = request.user.pk
        logout(request)
        session_ended(request, whose)
        return True
    if now - seen > _TOUCH_SECONDS:
        request.session["seen"], request.session["began"] = now, began
    return False
