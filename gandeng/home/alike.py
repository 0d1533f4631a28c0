"""Facilitators are asked about alike: what differs is who one is and which villages are hers.

So the SQL of what waits is written for a stand-in, with `$1`, `$2` and `$3` where something is of the stand-in, and
planned once for all of them. For anybody else it is written anew: places of another size, or several roles, make other
SQL.
"""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from gandeng.accounts.acting import Acting, Held
from gandeng.accounts.roles import Role
from gandeng.core.region_code import VILLAGE_DIGITS

STAND_IN = Acting(
    UUID("5a0d1e5a-0000-4000-8000-000000000000"), "", (Held(Role.FACILITATOR, "9" * VILLAGE_DIGITS, "", deputy=False),)
)
"""A facilitator who is not there, of a village that is not there: no value of a question is one of hers by chance."""


def of_villages_alone(acting: Acting) -> bool:
    """True for a facilitator of villages who holds nothing else: what is asked for the stand-in is asked for her."""
    return bool(acting.grants) and all(
        held.role is Role.FACILITATOR and len(held.region_code) == VILLAGE_DIGITS and not held.channel and not held.key
        for held in acting.grants
    )


TYPES = ("uuid", "text[]", "text[]")
"""Of what `hers` gives."""


def hers(acting: Acting) -> list[Any]:
    """What differs, in the order of `$1`, `$2`, `$3`."""
    territory = acting.territory
    return [acting.person_id, territory.villages, territory.above]


def for_all(sql: str, values: Iterable[Any]) -> tuple[str, list[Any]]:
    """A question for the stand-in as one for all, and the values that are left in it."""
    left, kept = iter(values), list[Any]()

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return found[0]
        value = next(left)
        its = _PLACES.get(_hashable(value))
        if its is None:
            kept.append(value)
        return its or found[0]

    return re.sub("%[s%]", place, sql), kept


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_PLACES = {_hashable(value): f"${number}" for number, value in enumerate(hers(STAND_IN), start=1)}
