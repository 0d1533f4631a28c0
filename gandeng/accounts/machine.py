"""Whoever presses the button, a run reads the whole cycle: results must not depend on the sender's territory."""

from uuid import UUID

from gandeng.accounts.acting import Acting, Held
from gandeng.accounts.roles import Role

_WHOLE = (Held(Role.MINISTRY_OFFICER, "", "", deputy=False),)

MACHINE = Acting(UUID(int=0), "Gandeng", _WHOLE)
"""Nobody: for the public page, which shows sums alone."""


def for_everyone(acting: Acting) -> Acting:
    """The same person, reading the whole cycle for a calculation; what the person is shown is asked for again."""
    return Acting(acting.person_id, acting.person_name, _WHOLE)
