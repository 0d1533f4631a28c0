"""The rule of an address: who may ask for it at all. What it shows is then limited by territory.

A view without a rule is served to nobody (docs/threats.md, 23); a test walks all addresses.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from gandeng.accounts.roles import May


@dataclass(frozen=True)
class Rule:
    """`may`: any of these rights, None for everybody who is signed in; `public`: everybody."""

    may: tuple[May, ...] | None = None
    public: bool = False
    own_account: bool = False
    by_key: bool = False
    """Under `MACHINES` alone: a key is asked for, and no session is looked at."""
    signed_out: Callable[[HttpRequest], HttpResponse] | None = None
    """What a program of ours in a browser is told instead of the way to the page of signing in."""


MACHINES = "/api/"
"""Addresses under it are for machines with a key, all others for people with a session; none is for both."""

_ALLAUTH = ("allauth.",)
_STATIC = ("django.contrib.staticfiles", "django.views.static")
_ANONYMOUS_ALLAUTH = frozenset({
    "account_login", "account_logout", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "account_inactive",
    "mfa_authenticate", "mfa_login_webauthn",
})  # fmt: skip
_OWN_ALLAUTH = frozenset({
    "account_reauthenticate", "account_change_password", "usersessions_list", "mfa_index", "mfa_reauthenticate",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
})  # fmt: skip
"""One's own account. The address of a login is none of it: an administrator invites it, and mail leads back in."""


def allowed[View: Callable[..., Any]](
    *may: May, signed_out: Callable[[HttpRequest], HttpResponse] | None = None
) -> Callable[[View], View]:
    """Whoever has one of these rights, somewhere; `signed_out` answers whoever has to sign in first."""
    return _mark(Rule(may=may, signed_out=signed_out))


def by_key[View: Callable[..., Any]](*may: May) -> Callable[[View], View]:
    """A machine with the key of somebody who has one of these rights, somewhere."""
    return _mark(Rule(may=may, by_key=True))


def signed_in[View: Callable[..., Any]](view: View) -> View:
    """Everybody who is signed in."""
    _mark(Rule())(view)
    return view


def signed_in_else[View: Callable[..., Any]](
    signed_out: Callable[[HttpRequest], HttpResponse],
) -> Callable[[View], View]:
    """Everybody who is signed in; `signed_out` answers whoever is not."""
    return _mark(Rule(signed_out=signed_out))


def own_account[View: Callable[..., Any]](view: View) -> View:
    """Everybody who is signed in, also before the second factor is set up."""
    _mark(Rule(own_account=True))(view)
    return view


def public[View: Callable[..., Any]](view: View) -> View:
    """Everybody."""
    _mark(Rule(public=True))(view)
    return view


def _mark(rule: Rule) -> Callable[[Any], Any]:
    def mark(view: Any) -> Any:
        view.rule = rule
        return view

    return mark


def rule_of(view: Any, request: HttpRequest | None = None, url_name: str | None = None) -> Rule | None:
    """The rule of a view; those of allauth have theirs by name, static files are public."""
    rule: Rule | None = getattr(view, "rule", None)
    if rule is not None:
        return rule
    module = getattr(getattr(view, "view_class", view), "__module__", "")
    if module.startswith(_STATIC):
        return Rule(public=True)
    if module.startswith(_ALLAUTH):
        name = url_name or (request.resolver_match.url_name if request and request.resolver_match else None)
        if name in _ANONYMOUS_ALLAUTH:
            return Rule(public=True)
        return Rule(own_account=True) if name in _OWN_ALLAUTH else None
    return None
