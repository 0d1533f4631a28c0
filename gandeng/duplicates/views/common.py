"""Tabs."""

from typing import Any

from django.utils.translation import gettext as _

from gandeng.web.tabs import tabs_of


def tabs(current: str) -> list[dict[str, Any]]:
    """The two parts."""
    return tabs_of("duplicates", [("pairs", _("Belum dinilai"), True), ("judged", _("Sudah dinilai"), True)], current)
