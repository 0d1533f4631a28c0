"""Our codes in words, for screens: sentences of `gandeng.words`, and colours that never stand alone."""

from gandeng.core.matching_tables import DISPOSITIONS, OUTCOMES
from gandeng.words import say

REASON_CODES = tuple(f"F{number:02d}" for number in range(1, 25))
"""Why money did not arrive (docs/programme.md)."""

TONES = {
    "PAID": "good", "OVERPAID": "bad", "UNDERPAID": "warn", "RETURNED": "warn", "FAILED": "bad", "INCONSISTENT": "bad",
    "UNREPORTED": "neutral", "ACCEPTED": "good", "MISDIRECTED": "bad", "CONFLICTING": "bad", "UNKNOWN": "warn",
    "AMBIGUOUS": "warn", "MALFORMED": "warn", "REPEATED": "neutral", "RECEIVED": "info", "REFUSED": "bad",
    "TAKEN": "good", "WITHDRAWN": "neutral", "OPEN": "warn", "WITH_BANK": "info", "SETTLED": "good", "GONE": "neutral",
    "REISSUE_UNFOUNDED": "bad", "DEPOSIT_UNFOUNDED": "bad",
}  # fmt: skip

CHANNEL_NAMES = {"POS": "PT Pos Indonesia"}


def kind_name(kind: str) -> str:
    """`Gagal salur`."""
    return say(f"outcomes.{kind}")


def kind_means(kind: str) -> str:
    """What the kind is, in a sentence."""
    return say(f"outcomes.{kind}_means")


def kind_do(kind: str) -> str:
    """What to do about it."""
    return say(f"outcomes.{kind}_do")


BY_DECILE = "F17"
"""The reason code of a family left out for its decile."""


def reason_name(code: str) -> str:
    """`F14 Rekening pasif`; nothing for none."""
    return f"{code} {say(f'outcomes.{code}')}" if code else ""


def channel_name(channel: str) -> str:
    """`Bank BRI`."""
    return CHANNEL_NAMES.get(channel, f"Bank {channel}")


def outcome_choices() -> list[tuple[str, str]]:
    """Every outcome, with its name."""
    return [(name, kind_name(name)) for name in OUTCOMES]


def disposition_choices() -> list[tuple[str, str]]:
    """Every disposition, with its name."""
    return [(name, kind_name(name)) for name in DISPOSITIONS]
