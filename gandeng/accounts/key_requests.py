"""A request of a machine: whose key was shown, or why nobody acts. No session is looked at (rules.MACHINES)."""

from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.actions import Itself
from gandeng.accounts.keys import acting_with, key_of, region_of
from gandeng.accounts.models import ApiKey
from gandeng.audit.actions import Machine, record
from gandeng.web.problems import problem

_MINUTE = 60
_SAID = {
    "unknown_key": _(
        "Kunci API tidak ada atau tidak dikenal. Sertakan kepala Authorization: Bearer dengan kunci Anda."
    ),
    "key_revoked": _("Kunci API ini sudah dicabut. Buat kunci baru di Akun saya."),
    "key_expired": _("Masa berlaku kunci API ini sudah habis. Buat kunci baru di Akun saya."),
    "account_closed": _("Akun pemilik kunci API ini ditutup. Hubungi administrator kantor Anda."),
}


@dataclass(frozen=True)
class Shown:
    """What a key opens: the person acting, or the answer that says why nobody does."""

    acting: Acting | None = None
    key: ApiKey | None = None
    refusal: HttpResponse | None = None


def shown(request: HttpRequest) -> Shown:
    """Read the key of a request and count its use."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    key, whole = key_of(text.strip()) if scheme.lower() == "bearer" else (None, False)
    if key is None:
        return _nobody("unknown_key")
    if why := _why_not(key) if whole else "unknown_key":
        _write_down(key, why, its_own=whole)
        return _nobody(why)
    today = timezone.localdate()
    acting = acting_with(key, today)
    if _uses_this_minute(key) > settings.API_USES_PER_MINUTE:
        return Shown(key=key, refusal=_too_many())
    if key.last_used_on != today:
        authority = acting.first.words if acting.first else ""
        record(acting, "key.used", key, region=region_of(key.person), authority=authority, key=key.prefix)
    return Shown(acting, key)


def key_shown(request: HttpRequest) -> ApiKey:
    """The key of a request that passed the rule of its address."""
    return cast(Shown, request.shown).key  # type: ignore[attr-defined,return-value]


def not_allowed(request: HttpRequest) -> HttpResponse:
    """The key's person has no right that leads here: said, and written down."""
    given = cast(Shown, request.shown)  # type: ignore[attr-defined]
    if given.key is not None:
        _write_down(given.key, "no_right", its_own=True)
    words = _("Peran pemilik kunci ini tidak mengizinkan tindakan ini, atau sudah berakhir.")
    return problem(403, "not_allowed", str(words))


def _why_not(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return "key_revoked"
    if key.valid_until <= timezone.localdate():
        return "key_expired"
    return "" if key.person.logins.filter(is_active=True).exists() else "account_closed"


def _nobody(why: str) -> Shown:
    answer = problem(401, why, str(_SAID[why]))
    answer.headers["WWW-Authenticate"] = "Bearer"
    return Shown(refusal=answer)


def _too_many() -> HttpResponse:
    words = _("Paling banyak %(most)s permintaan semenit untuk satu kunci. Ulangi sebentar lagi.")
    answer = problem(429, "too_many_requests", words % {"most": settings.API_USES_PER_MINUTE})
    answer.headers["Retry-After"] = str(_MINUTE - timezone.now().second)
    return answer


def _uses_this_minute(key: ApiKey) -> int:
    """Counts in the row of the key, so that all processes of the site count together."""
    minute = timezone.now().replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            """update accounts_apikey set last_used_on = %s, minute = %s,
                uses = case when minute = %s then uses + 1 else 1 end where id = %s returning uses""",
            [timezone.localdate(), minute, minute, key.pk],
        )
        return int(cursor.fetchone()[0])


def _write_down(key: ApiKey, why: str, *, its_own: bool) -> None:
    """Once a minute per key and reason: whoever knows a beginning cannot fill the log."""
    if cache.add(f"key-refused:{key.pk}:{why}", 1, _MINUTE):
        actor = Itself(key.person) if its_own else Machine()
        record(actor, "key.refused", key, region=region_of(key.person), key=key.prefix, why=why)
