"""What somebody was typing when the session ended: kept until the same person is back, and sent only when they say so.

It lies sealed in the new, still anonymous session of the browser that sent it, for whose session had ended; who else
signs in there is not shown it. Files are not kept, and no form with a password.
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

_KEY = "typed"
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


def keep_typed(request: HttpRequest, was: object) -> bool:
    """Where a POST met no session: True where it is kept for `was`, whose session has just ended. Either is told."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    fields = [(name, value) for name, value in sent if name != "csrfmiddlewaretoken"]
    secret = any("password" in name for name, _value in fields)
    if was is None or not fields or secret or sum(len(name) + len(value) for name, value in fields) > _MAX:
        messages.warning(request, _("Sesi Anda sudah berakhir, jadi isian tadi belum tersimpan. Masuk, lalu isi lagi."))
        return False
    told = json.dumps({"address": request.get_full_path(), "fields": fields, "had_files": bool(request.FILES)})
    sealed = base64.b64encode(seal(told, _place(was))).decode()
    request.session[_KEY] = {"of": str(was), "at": int(time.time()), "sealed": sealed}
    messages.warning(
        request, _("Sesi Anda berakhir sebelum isian terkirim. Masuk lagi; sesudah itu isian Anda masih ada.")
    )
    return True


def typed_by(request: HttpRequest) -> Typed | None:
    """What this person typed in this browser within half an hour."""
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


def _place(whose: object) -> Place:
    return Place("django_session", "typed", str(whose))
