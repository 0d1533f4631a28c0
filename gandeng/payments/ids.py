"""Ids of payments: stage, family, and how often the money was sent again: `2024-2-KPM1`, `2024-2-KPM1-U1`, `…-U2`."""

import re

_AGAIN = re.compile(r"^(.*)-U([0-9]+)$")


def again_id(payment_id: str) -> str:
    """The id under which a payment's money is sent again: a chain that can be read."""
    found = _AGAIN.match(payment_id)
    return f"{found[1]}-U{int(found[2]) + 1}" if found else f"{payment_id}-U1"


def stage_of(payment_id: str) -> tuple[int, int]:
    """Year and stage whose calculation it pays, whichever cycle does."""
    year, stage = payment_id.split("-", 2)[:2]
    return int(year), int(stage)


def family_no_of(payment_id: str, *, again: bool) -> str:
    """The family's number; `again` says that the id is one of money sent again."""
    number = payment_id.split("-", 2)[-1]
    found = _AGAIN.match(number)
    return found[1] if again and found else number
