"""Whole rupiah: made and read at the edge, divided in one place."""

import re
from typing import NewType

Rupiah = NewType("Rupiah", int)

AMOUNT_DIGITS_MAX = 12
"""Longest amount of one line; a longer number is a damaged cell, not money for a family."""

MONTHS_A_YEAR = 12

_THOUSANDS = re.compile(r"(?:Rp ?)?([1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,00)?")
_POINT_DECIMALS = re.compile(r"(?:Rp ?)?([0-9]+)\.00")


class UnreadableAmount(ValueError):
    """The text is not a whole number of rupiah in a form the reconciliation contract lists."""


def parse_rupiah(text: str) -> Rupiah:
    """Read an amount as banks and spreadsheets write it; `1.250` is 1250, `1.25` is refused.

    Raises UnreadableAmount: nothing that could mean two numbers is guessed at.
    """
    match = _THOUSANDS.fullmatch(text) or _POINT_DECIMALS.fullmatch(text)
    if match is None:
        raise UnreadableAmount(text)
    digits = match[1].replace(".", "")
    if len(digits.lstrip("0")) > AMOUNT_DIGITS_MAX:
        raise UnreadableAmount(text)
    return Rupiah(int(digits))


def parse_total(text: str) -> int:
    """Read a sum as people write it: the forms of `parse_rupiah`, and bare digits, which may be longer than one amount.

    Raises UnreadableAmount.
    """
    return int(text) if text.isascii() and text.isdigit() else parse_rupiah(text)


def format_number(number: int) -> str:
    """`1.250.000`: Indonesian groups of three."""
    return f"{number:,d}".replace(",", ".")


def format_rupiah(amount: int) -> str:
    """`Rp1.250.000`; a negative amount keeps its sign in front."""
    return f"{'-' if amount < 0 else ''}Rp{format_number(abs(amount))}"


def cycle_part(yearly: Rupiah, *, months: int) -> Rupiah:
    """What one cycle of that many months pays of a yearly rate, rounded down (docs/algorithms/entitlement.md, 7).

    The remainder is paid in no cycle: 2.000.000 in two-monthly instalments pays 6 x 333.333.
    """
    return Rupiah(yearly * months // MONTHS_A_YEAR)
