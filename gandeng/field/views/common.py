"""Tabs of the office's pages."""

from typing import Any

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.field.tabs import further_tabs
from gandeng.web.tabs import tabs_of

DEVICE_RIGHTS = (May.ACCOMPANY, May.KEEP_STAFF, May.MANAGE_PEOPLE)


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts one may open."""
    named = (
        ("decisions", _("Perlu keputusan"), (May.DECIDE_ENTRIES,)),
        ("visits", _("Kunjungan rumah"), (May.SEE_FAMILIES,)),
        ("devices", _("Ponsel"), DEVICE_RIGHTS),
    )
    shown = ((name, label, any(who.may(right) for right in rights)) for name, label, rights in named)
    return tabs_of("field", shown, current) + further_tabs(who)
