"""What every page knows of the person before it, and how places are named and offered."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.core.region_code import RegionCode
from gandeng.regions.places import name_of


def who(request: HttpRequest) -> dict[str, Any]:
    """`acting`, the words of role and territory, and whether this is the try-out."""
    acting: Acting | None = getattr(request, "acting", None)
    first = acting.first if acting else None
    return {
        "acting": acting,
        "me_name": acting.person_name if acting else "",
        "me_url": reverse("accounts:me") if acting else "",
        "demo": settings.DEMO,
        "role_name": first.title if first else "",
        "territory_name": region_name(first.region_code) if first else "",
    }


def region_name(code: str) -> str:
    """`Kota Banjarmasin`; the nation for no code; the code itself where no place is known."""
    return (name_of(RegionCode(code)) or RegionCode(code).dotted()) if code else "Indonesia"


NATION_CHOICE = "-"
"""What a form sends for the nation, whose code is empty: a choice left empty is none."""


def places_offered(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Places as a form offers them: what is sent and what is read, in the order given."""
    return [(code or NATION_CHOICE, region_name(code)) for code in codes]


def place_chosen(value: str) -> str:
    """The code of what was chosen; the nation has none."""
    return "" if value == NATION_CHOICE else value
