"""Reading everything for work that must not depend on who started it; what a person is shown is asked for again."""

from uuid import UUID

from gandeng.accounts.acting import Acting, Held
from gandeng.accounts.roles import Role

_WHOLE = (Held(Role.MINISTRY_OFFICER, "", "", deputy=False),)

MACHINE = Acting(UUID(int=0), "Gandeng", _WHOLE)
"""Nobody: for sweeps, and for the public page, which shows sums alone."""


def for_everyone(acting: Acting) -> Acting:
    """The same person, reading everything for a calculation: a run reads the whole cycle, whoever starts it."""
    return Acting(acting.person_id, acting.person_name, _WHOLE)
