"""Answers of the door, as docs/field-sync.md says them: each has the server's time."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from gandeng.field import words

VERSION = 1
KNOWS = (1,)
APP_HEADER = "X-Gandeng-App"
CLOCK_HEADER = "X-Gandeng-Clock"

type View = Callable[..., HttpResponse]


def answer(status: int = 200, **told: Any) -> HttpResponse:
    """JSON."""
    return JsonResponse(
        told | {"server_time": timezone.localtime().isoformat(), "v": VERSION}, status=status,
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )  # fmt: skip


def login_again(_request: HttpRequest) -> HttpResponse:
    """Whoever is not signed in: nothing is lost."""
    return answer(401, login=True)


def wipe() -> HttpResponse:
    """Her device was revoked: the app empties its stores."""
    return answer(410, wipe=True)


def not_hers() -> HttpResponse:
    """Another person entered this device, or the server knows none: nothing is lost, its owner signs in."""
    return answer(409, other=True, words=words.other_account())


def too_much(wait: int) -> HttpResponse:
    """This phone sends more than the office lets: nothing was kept, it comes again in so many seconds."""
    told = answer(429, words=words.too_much())
    told.headers["Retry-After"] = str(wait)
    return told


def of_this_version(view: View) -> View:
    """An app of a version the server does not read keeps its entries until it is newer."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get(APP_HEADER) not in {str(one) for one in KNOWS}:
            return answer(426, knows=KNOWS)
        return view(request, *args, **kwargs)

    return asked
