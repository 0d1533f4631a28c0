"""Judgements by number: what a row's disposition is, by which key it was matched, and which of its keys agree.

A number is small to carry beside ten million rows; its words are joined when the rows are given.
"""

from gandeng.core.tables import Column, Table, Type

KEYS = ("payment_id", "account_no", "nik")
"""What a row is matched by, the first that finds a payment; also what can agree with the payment."""

_UNMATCHED = ("MALFORMED", "CONFLICTING", "REPEATED", "AMBIGUOUS", "UNKNOWN")
_MATCHED = ("MISDIRECTED", "ACCEPTED")

MATCHES: tuple[tuple[str, str | None], ...] = (
    *((disposition, None) for disposition in _UNMATCHED),
    *((disposition, key) for disposition in _MATCHED for key in KEYS),
)
"""Every disposition with every key a row of it can be matched by."""

JUDGEMENTS = Table(
    "judgements",
    "one row per disposition, key it was matched by and keys that agree",
    (
        Column("judgement", Type.BIGINT),
        Column("disposition"),
        Column("matched_by", nullable=True),
        Column("evidence", nullable=True),
    ),
)


def judgements() -> tuple[tuple[object, ...], ...]:
    """JUDGEMENTS, every one there can be."""
    rows: list[tuple[object, ...]] = []
    for disposition, matched_by in MATCHES:
        for agreeing in range(1 << len(KEYS) if matched_by else 1):
            evidence = "+".join(key for place, key in enumerate(KEYS) if agreeing >> place & 1)
            no = number(disposition, matched_by) + agreeing
            rows.append((no, disposition, matched_by, evidence if matched_by else None))
    return tuple(rows)


def number(disposition: str, matched_by: str | None = None) -> int:
    """Hundreds tell the disposition, tens the key; the ones, added to it, are the sum of `agrees` of agreeing keys."""
    hundreds = (*_UNMATCHED, *_MATCHED).index(disposition)
    return 100 * hundreds + (10 * (1 + KEYS.index(matched_by)) if matched_by else 0)


def agrees(key: str) -> int:
    """What an agreeing key adds to the number."""
    return 1 << KEYS.index(key)
