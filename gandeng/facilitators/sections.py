"""This package's part of a family's page: who accompanies it, today and before."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.facilitators.models import Accompaniment
from gandeng.facilitators.moving import ACCOMPANIED
from gandeng.registry.models import Family
from gandeng.web.sections import Shown


def accompanied(acting: Acting, family: Family) -> Shown:
    """Newest first; what was taken back before it began is no part of the story, what only goes on is one."""
    today = timezone.localdate()
    found = Accompaniment.objects.filter(family=family).select_related("staff__person").order_by("valid_from", "id")
    told: list[Accompaniment] = []
    for one in found:
        if one.goes_on and told and (told[-1].staff_id, told[-1].valid_until) == (one.staff_id, one.valid_from):
            told[-1].valid_until = one.valid_until
        elif one.valid_until != one.valid_from:
            told.append(one)
    rows = [_row(acting, one, today) for one in reversed(told)]
    needed = family.status in ACCOMPANIED
    context = {
        "rows": rows, "nobody": needed and not any(row["now"] for row in rows), "needed": needed,
        "may_assign": acting.may(May.DECIDE_CASELOAD, family.village_code), "village": family.village_code,
    }  # fmt: skip
    return _("Pendamping"), "facilitators/sections/accompanied.html", context


def _row(acting: Acting, one: Accompaniment, today: Any) -> dict[str, Any]:
    begun = one.valid_from <= today
    return {
        "row": one, "now": begun and (one.valid_until is None or one.valid_until > today), "comes": not begun,
        "link": acting.may(May.SEE_STAFF, one.staff.region_code),
    }  # fmt: skip
