"""Settings that do not go together, found at start; `gandeng check --deploy` names every unsafe choice."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Caution

_SECRET_MIN = 50


@register(Tags.security)
def settings_fit(**_: Any) -> list[Error | Caution]:
    """What must not be, in any office."""
    found: list[Error | Caution] = []
    if not settings.SECRET_KEY:
        found.append(Error("GANDENG_SECRET_KEY is empty", hint="gandeng keys make writes one", id="gandeng.E001"))
    if settings.DEMO and settings.HTTPS:
        found.append(Error("GANDENG_DEMO opens every door and must not face a network", id="gandeng.E002"))
    return found


@register(Tags.security, deploy=True)
def fit_for_an_office(**_: Any) -> list[Error | Caution]:
    """What an office must not run with."""
    rules = {
        "E010": (settings.DEMO, "GANDENG_DEMO is on: anybody signs in as anybody"),
        "E011": (settings.DEBUG, "GANDENG_DEBUG is on: errors show data"),
        "E012": (not settings.HTTPS, "GANDENG_HTTPS is off: passwords travel in the open"),
        "E013": (len(settings.SECRET_KEY) < _SECRET_MIN, "GANDENG_SECRET_KEY is shorter than 50 characters"),
        "E014": (not settings.DATABASE_URL, "DATABASE_URL is not set"),
        "E015": (
            settings.DATABASE_URL == settings.DATABASE_OWNER_URL,
            "DATABASE_URL is the owner of the tables: row security does not bind the owner",
        ),
        "E016": ("*" in settings.ALLOWED_HOSTS, "GANDENG_HOSTS lets any host name in"),
        "E017": (_readable_by_others(), "the key file can be read by others: chmod 600"),
    }
    return [Error(words, id=f"gandeng.{code}") for code, (wrong, words) in rules.items() if wrong]


def _readable_by_others() -> bool:
    path = settings.KEY_FILE
    return bool(path.exists() and path.stat().st_mode & 0o077)
