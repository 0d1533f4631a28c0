"""What the pages share."""

from typing import Any

from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.graduation.models import Case, Kind
from gandeng.graduation.moves import State
from gandeng.graduation.words import STATE_TONES
from gandeng.web.tabs import tabs_of

WORKS = (May.REQUEST_CHANGE, May.DECIDE_GRADUATION)


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts one may open."""
    works = any(who.may(right) for right in WORKS)
    named = [
        ("overview", _("Ikhtisar"), works),
        ("candidates", _("Calon"), who.may(May.REQUEST_CHANGE) or who.may(May.DECIDE_GRADUATION)),
        ("cases", _("Proses"), works),
        ("decisions", _("Menunggu saya"), who.may(May.DECIDE_GRADUATION)),
        ("follow_ups", _("Tindak lanjut"), works),
        ("what_if", _("Andaikan graduasi"), who.may(May.SEE_SUMMARY)),
    ]
    return tabs_of("graduation", named, current)


def case_row(case: Case) -> dict[str, Any]:
    """As lists show it."""
    state = State(vars(case)["state"])
    return {
        "row": case, "name": case.family.called, "village": region_name(case.village_code), "state": state.label,
        "tone": STATE_TONES.get(state, "neutral"), "since": vars(case)["since"] or case.at,
    }  # fmt: skip


def known(filters: dict[str, str]) -> dict[str, str]:
    """Raises BadRequest for a kind or state there is none of."""
    if filters.get("kind") and filters["kind"] not in Kind.values:
        raise BadRequest("kind")
    if filters.get("state") and filters["state"] not in State.values:
        raise BadRequest("state")
    return filters


def trail(*rest: tuple[str, str]) -> list[dict[str, str]]:
    """From the beginning to a page; the last has no address."""
    first = {"label": str(_("Graduasi")), "url": reverse("graduation:cases")}
    return [first, *({"label": label, "url": url} if url else {"label": label} for label, url in rest)]
