"""What the pages share."""

from typing import Any

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.web.tabs import tabs_of

ANY = (
    May.SEE_STAFF, May.ACCOMPANY, May.REPORT_CONDUCT, May.KEEP_CODE, May.HANDLE_CONDUCT, May.SEE_CONDUCT, May.CLARIFY,
)  # fmt: skip
"""Everybody of the offices and of the field; no bank or post, and no administrator."""
CASES = (May.REPORT_CONDUCT, May.HANDLE_CONDUCT, May.SEE_CONDUCT, May.ACCOMPANY, May.SEE_STAFF)


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts of the package one may open."""
    named = [
        ("code", _("Kode etik"), True),
        ("own", _("Tanda tangan saya"), who.may(May.ACCOMPANY) or who.may(May.KEEP_STAFF)),
        ("coverage", _("Cakupan"), who.may(May.SEE_STAFF)),
        ("clarifications", _("Klarifikasi"), True),
        ("cases", _("Perkara"), True),
        ("dismissals", _("Pemberhentian"), who.may(May.KEEP_STAFF)),
    ]
    return tabs_of("conduct", named, current)
