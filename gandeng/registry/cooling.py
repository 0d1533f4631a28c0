"""How long a new account or collector waits before money goes there."""

from datetime import date, timedelta

COOLING_DAYS = 14
"""A proposal of ours against accounts swapped just before a list is made, not a figure of the regulation."""

NEVER = date(9999, 12, 31)
"""First usable day of what nobody is paid by until it is corrected: an account that another family has already, or
what the family did not ask for."""


def usable_from(decided_on: date) -> date:
    """First day a change decided on that day is paid by; what falls due before is held, with the reason."""
    return decided_on + timedelta(days=COOLING_DAYS)
