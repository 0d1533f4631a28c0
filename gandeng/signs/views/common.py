"""Tabs."""

from typing import Any

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.web.tabs import tabs_of


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts one may open."""
    named = [
        ("signs", _("Belum dilihat"), who.may(May.REVIEW_SIGNS)),
        ("looked", _("Sudah dilihat"), who.may(May.REVIEW_SIGNS)),
        ("mine", _("Tentang catatan Anda"), True),
    ]
    return tabs_of("signs", named, current)
