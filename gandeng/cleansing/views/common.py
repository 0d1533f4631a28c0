"""Tabs, and a record as lists show it."""

from typing import Any

from django.utils.translation import gettext as _

from gandeng.accounts.context import region_name
from gandeng.cleansing.kinds import KINDS
from gandeng.cleansing.models import Checked, Found
from gandeng.registry.actions.applying import OF_MEMBER
from gandeng.registry.change_queries import ask_url
from gandeng.registry.models import ChangeRequest
from gandeng.web.tabs import tabs_of


def tabs(current: str) -> list[dict[str, Any]]:
    """The two parts."""
    parts = [("found", _("Perlu diperiksa"), True), ("checked", _("Sudah benar"), True)]
    return tabs_of("cleansing", parts, current)


def row_of(row: Found | Checked) -> dict[str, Any]:
    """Whose it is, what it is, and where one asks for the change that puts it right."""
    kind = KINDS[row.kind]
    return {
        "row": row, "kind": kind, "who": row.member.name if row.member else row.family.called,
        "place": region_name(row.village_code),
        "changes": [{"label": change.label, "url": _asking(row, change)} for change in kind.changes],
    }  # fmt: skip


def _asking(row: Found | Checked, change: ChangeRequest.Kind) -> str:
    """The page that asks for it, with whoever it is about chosen."""
    collects = row.family.collector_id if change != ChangeRequest.Kind.COLLECTOR else None
    member = row.member_id or collects if change in OF_MEMBER else None
    return ask_url(row.family_id, change, member)
