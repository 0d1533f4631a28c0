"""Parts that packages above put beside those of the field."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May


@dataclass(frozen=True)
class Tab:
    """Address, words, and any of these rights."""

    name: str
    label: str | Promise
    rights: tuple[May, ...]


_TABS: dict[str, Tab] = {}


def register_tab(tab: Tab) -> None:
    """For `AppConfig.ready`; by its address, so that naming it twice is naming it once."""
    _TABS[tab.name] = tab


def further_tabs(who: Acting, current: str = "") -> list[dict[str, Any]]:
    """Those one may open, for `c-tabs`."""
    return [
        {"label": str(tab.label), "url": reverse(tab.name), "current": tab.name == current}
        for tab in _TABS.values() if any(who.may(right) for right in tab.rights)
    ]  # fmt: skip
