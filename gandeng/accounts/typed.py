"""What somebody sent and what did not arrive: kept for the same person, sealed, forgotten once it is used.

Three things come between: the session had ended, the form's token was of the session before, or identity is asked again
(`second_factor`), after which it goes on by itself; otherwise it is shown and sent when they say so. It lies in the
session of the browser that sent it; who else signs in there is not shown it. Files are not kept.
"""

import base64
import json
import time
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gandeng.audit.sealing import NotOurs, Place, seal, unseal

_KEY, _ENDED = "typed", "ended"
_MAX = 200_000
"""Characters of a form that is kept: a school's sheet fits."""
_SECONDS = 30 * 60
_PROSE = 20
"""Characters from which on a field is shown as something written."""


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: where to, and each field in its order."""

    address: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def prose(self) -> list[str]:
        """What was written in sentences, for whoever wants to read or copy it first."""
        return [value for _name, value in self.fields if len(value) >= _PROSE and " " in value]


def keep_ended(request: HttpRequest) -> bool:
    """Where a POST met no session: True where it is kept for whose session has ended here. Either is told."""
    was = request.session.get(_ENDED)
    if was is None or not _may_wait(request):
        messages.warning(request, _("Sesi Anda sudah berakhir, jadi isian tadi belum tersimpan. Masuk, lalu isi lagi."))
        return False
    keep_sent(request, was)
    messages.warning(
        request, _("Sesi Anda berakhir sebelum isian terkirim. Masuk lagi; sesudah itu isian Anda masih ada.")
    )
    return True


def keep_expired(request: HttpRequest) -> bool:
    """Where the token of a form was of the session before: True where it is kept for who is back since.

    Only what a page of this site sent, in the words of the browser, and only for whose session it was.
    """
    here = f"{request.scheme}://{request.get_host()}"
    own = request.user.is_authenticated and request.session.get(_ENDED) == str(request.user.pk)
    if not own or request.headers.get("Origin") != here or not _may_wait(request):
        return False
    keep_sent(request, request.user.pk)
    return True


def session_ended(request: HttpRequest, whose: object) -> None:
    """The new, still anonymous session knows whose it was before, also once somebody has signed in."""
    request.session[_ENDED] = str(whose)


def keep_sent(request: HttpRequest, whose: object) -> None:
    """The form of this request, sealed for one person."""
    told = json.dumps(
        {"address": request.get_full_path(), "fields": _fields(request), "had_files": bool(request.FILES)}
    )
    sealed = base64.b64encode(seal(told, _place(whose))).decode()
    request.session[_KEY] = {"of": str(whose), "at": int(time.time()), "sealed": sealed}


def typed_by(request: HttpRequest) -> Typed | None:
    """What this person sent in this browser within half an hour."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if kept is None or kept["of"] != str(request.user.pk) or time.time() - kept["at"] > _SECONDS:
        return None
    try:
        told = json.loads(unseal(base64.b64decode(kept["sealed"]), _place(request.user.pk)))
    except NotOurs:
        return None
    return Typed(told["address"], [(name, value) for name, value in told["fields"]], told["had_files"])


def forget_typed(request: HttpRequest) -> None:
    """Whatever is posted next, it is what was typed or something else instead: it is not sent twice."""
    request.session.pop(_KEY, None)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    return [(name, value) for name, value in sent if name != "csrfmiddlewaretoken"]


def _may_wait(request: HttpRequest) -> bool:
    """A form, no password in it, and not beyond measure: it is not known when they are back."""
    fields = _fields(request)
    secret = any("password" in name for name, _value in fields)
    return bool(fields) and not secret and sum(len(name) + len(value) for name, value in fields) <= _MAX


def _place(whose: object) -> Place:
    return Place("django_session", "typed", str(whose))
