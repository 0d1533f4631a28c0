"""Sentences of signs for pages."""

from typing import Any

from django.utils.translation import gettext as _

from gandeng.accounts.context import region_name
from gandeng.signs.kinds import KINDS
from gandeng.signs.kinds.unseen import REASONS
from gandeng.signs.models import Found, Sign, Step
from gandeng.signs.thresholds import POINTS

STATE_TONES = {"ASKED": "warn", "EXPLAINED": "info", "CLOSED": "good"}


def row_of(sign: Found | Sign) -> dict[str, Any]:
    """As lists show it."""
    kind, annotated = KINDS[sign.kind], vars(sign)
    state = "CLOSED" if annotated.get("over") else annotated.get("state") or ""
    return {
        "sign": sign, "kind": kind.name, "sentence": sentence(sign), "place": region_name(sign.village_code),
        "about": sign.about.name if sign.about else "", "family": family_called(sign),
        "state": Step.Kind(state).label if state else "", "tone": STATE_TONES.get(state, "neutral"),
        "outcome": Step.Outcome(annotated["outcome"]).label if annotated.get("outcome") else "",
    }  # fmt: skip


def sentence(sign: Found | Sign) -> str:
    """What was found."""
    return KINDS[sign.kind].told(sign.facts)


def family_called(sign: Found | Sign) -> str:
    """The family it is about; nothing where there is none, or it is not to be seen."""
    family: Any = sign.family
    return family.called if family else ""


def reasons_of(sign: Found | Sign) -> list[str]:
    """What its score is the sum of."""
    return [
        _("%(reason)s: %(points)s") % {"reason": REASONS[code], "points": POINTS[code]}
        for code in sign.facts.get("reasons", ())
    ]
