"""Refusals of people's pages, written down: who, at which address by its name, how, why, from where.

Never the path itself, which may hold what somebody typed. Once a minute for the same person and address, and so many a
minute for all who are not signed in: nobody fills the log. Machines' refusals are in `key_requests`.
"""

import time
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from gandeng.accounts.keys import region_of
from gandeng.accounts.models import Person, User
from gandeng.accounts.roles import May
from gandeng.audit.actions import from_address, record

_MINUTE = 60
_OF_STRANGERS = 60
"""Entries a minute about people who are not signed in, all networks together."""

_FORBIDDEN, _NOT_FOUND, _TOO_MANY = 403, 404, 429
_WHY = {
    "role": "Peran orang ini tidak membuka halaman ini",
    "act": "Peran orang ini tidak mengizinkan perbuatan ini di sini",
    "form": "Formulir tanpa tanda dari situs ini, atau sudah kedaluwarsa",
    "nothing": "Alamat sesuatu yang tidak ada atau bukan untuk orang ini",
    "often": "Terlalu banyak permintaan",
    "guesses": "Terlalu banyak percobaan masuk yang salah",
    "code": "Kode faktor kedua salah",
    "link": "Tautan tanpa kata sandi yang tidak ada, sudah berakhir, dicabut, ditutup, atau sudah dipakai",
}


@dataclass(frozen=True)
class Stranger:
    """Whoever is not signed in."""

    person_id: None = None
    person_name: str = "Belum masuk"


def by_role(request: HttpRequest) -> PermissionDenied:
    """What the rule of an address raises: no role held leads there."""
    request.refused_for = ("role", "")  # type: ignore[attr-defined]
    return PermissionDenied("role")


def by_link(request: HttpRequest) -> None:
    """A link that opens without signing in opened nothing: this 404 is written down for strangers too."""
    request.refused_for = ("link", "")  # type: ignore[attr-defined]


def by_view(request: HttpRequest, error: Exception) -> None:
    """Remember which right was missing, where a view or an action asked for one."""
    if isinstance(error, PermissionDenied):
        asked = error.args[0] if error.args else ""
        request.refused_for = ("act", asked.value if isinstance(asked, May) else "")  # type: ignore[attr-defined]


def write_down(request: HttpRequest, status: int) -> None:
    """An answer that refuses. It comes after the page's transaction, which was rolled back, and has its own.

    Not there and not yours come here alike: they are one answer, one entry and the same work.
    """
    match, acting = request.resolver_match, getattr(request, "acting", None)
    if match is None or status not in (_FORBIDDEN, _NOT_FOUND, _TOO_MANY):
        return
    why, right = getattr(request, "refused_for", ("form", ""))
    if status == _TOO_MANY:
        why, right = "often", ""
    elif status == _NOT_FOUND and why == "link":
        pass
    elif acting is None or (status == _NOT_FOUND and not match.kwargs):
        return
    elif status == _NOT_FOUND:
        why, right = "nothing", ""
    who = acting.person_id if acting else from_address()
    if not _first(f"{who}:{match.view_name}:{why}") or (acting is None and not _room_for_strangers()):
        return
    facts = {"page": match.view_name, "method": request.method or "", **({"right": right} if right else {})}
    first = acting.first if acting else None
    record(
        acting or Stranger(), "access.refused", region=first.region_code if first else "",
        authority=first.words if first else "", reason=_WHY[why], **facts,
    )  # fmt: skip


def sign_in_refused(email: str) -> None:
    """Too many wrong passwords for one account, from however many networks; the same work whether there is one."""
    if not _first(f"sign-in:{email.lower()}") or not _room_for_strangers():
        return
    user = User.objects.select_related("person").filter(email__iexact=email).first()
    person = user.person if user else Person()
    record(
        Stranger(), "sign_in.refused", object_type="Person" if user else "", object_id=person.pk if user else "",
        region=region_of(person), reason=_WHY["guesses"],
    )  # fmt: skip


def hear_of_wrong_code(user: User, **_: object) -> None:
    """A wrong code of the second factor, after the right password or while signed in."""
    if _first(f"code:{user.pk}"):
        record(
            Stranger(), "code.refused", object_type="Person", object_id=user.person_id, region=region_of(user.person),
            reason=_WHY["code"],
        )  # fmt: skip


def _first(what: str) -> bool:
    """True for the first of its kind within a minute. What was typed stands in no name of a count."""
    return cache.add(f"refused:{sha256(what.encode()).hexdigest()[:32]}", 1, _MINUTE)


def _room_for_strangers() -> bool:
    minute = f"refused-strangers:{int(time.time()) // _MINUTE}"
    cache.add(minute, 0, 2 * _MINUTE)
    return cache.incr(minute) <= _OF_STRANGERS
