"""What a family's answer is a sign of: one rule, asked here and held by the database (0002_guards)."""

from dataclasses import dataclass

from gandeng.monitoring.models import Answer

OUTSIDE = frozenset({"FACILITATOR", "AGENT", "OFFICIAL", "OTHER"})
"""Hands that are not the family's."""
SIGNS = ("whole", "less", "nothing", "elsewhere", "levied")
TROUBLE = ("less", "nothing", "elsewhere", "levied")
"""Any of these counts the family as troubled, once."""


@dataclass(frozen=True)
class Said:
    """What a family that was reached said."""

    arrived: bool
    in_hand_rupiah: int
    card: str
    pin: str
    levy: str


def signs(said: Said, net_rupiah: int) -> dict[str, bool]:
    """By name; several may hold."""
    return {
        "whole": said.arrived and said.in_hand_rupiah >= net_rupiah,
        "less": said.arrived and said.in_hand_rupiah < net_rupiah,
        "nothing": not said.arrived,
        "elsewhere": said.card in OUTSIDE or said.pin in OUTSIDE,
        "levied": said.levy == Answer.Levy.YES,
    }
