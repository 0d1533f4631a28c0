"""What the pages of a plan share: the way to them, their tabs, loads before and after."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.facilitators.measures import Start, loads_of
from gandeng.facilitators.models import Plan
from gandeng.facilitators.moving import Share
from gandeng.facilitators.plan_queries import Named
from gandeng.web.tabs import tabs_of

_TONES = {Plan.State.DRAFT: "info", Plan.State.CARRIED_OUT: "good", Plan.State.DROPPED: "neutral"}


def tone(plan: Plan) -> str:
    """Of its state."""
    return _TONES[Plan.State(plan.state)]


def trail(*words: str, plan: Plan | None = None) -> list[dict[str, str]]:
    """The way to a page below the list of plans; the last of the words is the page itself."""
    way = [{"label": _("Pemerataan beban"), "url": reverse("plans:plans")}]
    if plan and len(words) > 1:
        way.append({"label": words[0], "url": reverse("plans:plan", args=[plan.pk])})
    return [*way, *({"label": label, "url": ""} for label in words[-1:])]


def tabs(plan: Plan, current: str) -> list[dict[str, Any]]:
    """The three sides of a plan; two of them once a way is chosen."""
    chosen = plan.chosen_id is not None
    parts = (
        ("plan", _("Pilihan"), True),
        ("rows", _("Desa dan pendamping"), chosen),
        ("hand_over", _("Daftar serah terima"), chosen),
    )
    return tabs_of("plans", parts, current, plan.pk)


def load_rows(start: Start, shares: Sequence[Share], names: Mapping[UUID, Named]) -> list[dict[str, Any]]:
    """Everybody with families before or after, heaviest today first."""
    before, after = loads_of(start.held), loads_of(shares)
    people = {*start.taking_part, *before, *after}
    most = max([*before.values(), *after.values(), start.norm, 1])
    rows = [
        {
            "name": name_in(names, one), "before": before[one], "after": after[one], "most": most,
            "difference": after[one] - before[one], "takes_part": one in start.taking_part,
            "over_before": before[one] > start.norm, "over_after": after[one] > start.norm,
        }
        for one in people
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-int(row["before"]), row["name"]))


def name_in(names: Mapping[UUID, Named], staff: UUID | None) -> str:
    """A name, also where nobody is or where one may not know who."""
    if staff is None:
        return _("belum ada pendamping")
    return names[staff].name if staff in names else _("pendamping dari wilayah lain")
