"""Pages for what went wrong: they say what to do and nothing of what is inside."""

import logging
import secrets
import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gandeng.files.room import is_full

_log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400."""
    return render(request, "errors/400.html", status=400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403: no role of the person leads here. Says nothing of whether there is anything."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404: not there and not yours look the same."""
    return render(request, "errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500, with a number for the helpdesk that the log has too; 507 where the storage of the office is full."""
    reference = secrets.token_hex(4)
    _log.error("reference %s at %s", reference, request.resolver_match and request.resolver_match.view_name)
    status = 507 if is_full(sys.exception()) else 500
    return render(request, f"errors/{status}.html", {"reference": reference}, status=status)
