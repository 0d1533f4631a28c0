"""What a view may take for granted: somebody with grants, asking from an address of the network."""

from typing import cast

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

from gandeng.accounts.acting import Acting


def acting(request: HttpRequest) -> Acting:
    """Who asks. Raises PermissionDenied for nobody."""
    who = getattr(request, "acting", None)
    if who is None:
        raise PermissionDenied("nobody")
    return cast(Acting, who)


def address_of(request: HttpRequest) -> str:
    """The network address that asks, as our own proxy saw it where there is one; empty where nobody can tell."""
    try:
        return str(get_adapter().get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured):
        return ""
