"""How long a new account or collector waits before money goes there."""

from datetime import date, timedelta

COOLING_DAYS = 14
"""A proposal of ours against accounts swapped just before a list is made, not a figure of the regulation."""

NEVER = date(9999, 12, 31)
"""First usable day of an account nobody may be paid on until it is corrected: another family has it already."""


def usable_from(decided_on: date) -> date:
    """First day a change decided on that day is paid by; what falls due before is held, with the reason."""
    return decided_on + timedelta(days=COOLING_DAYS)
