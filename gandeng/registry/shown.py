"""A value of a family or member as a person reads it: what changed, and what a request would change."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gandeng.accounts.context import region_name
from gandeng.registry.cooling import NEVER
from gandeng.registry.models import SEXES, Family, Telling
from gandeng.web.templatetags.gandeng import tanggal

_DAYS = frozenset(
    {"birth_date", "deceased_on", "left_on", "collector_usable_from", "usable_from", "read_on", "told_on"}
)
_MASKED = frozenset({"nik", "nik_last4", "kk_last4", "account"})


def shown(field: str, value: Any, names: dict[str, str]) -> str:
    """In words; a day comes as `2024-05-17`. `names` are those of the family's members by id."""
    if value is None or value == "":
        return _("tidak ada")
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if value == NEVER.isoformat():
        return _("ditahan")
    if field in _DAYS:
        return tanggal(date.fromisoformat(value))
    if field in _MASKED:
        return f"•••• {value}"
    if field in ("collector", "collector_id"):
        return names.get(str(value), _("anggota lain"))
    if field == "village_code":
        return region_name(str(value))
    if field == "told_how":
        return str(Telling(value).label)
    if field == "status":
        return str(Family.Status(value).label)
    return str(SEXES[value]) if field == "sex" else str(value)
