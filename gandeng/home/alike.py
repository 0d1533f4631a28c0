"""Facilitators are asked about alike: what differs is who one is and which villages are hers.

So the SQL of what waits is written for a stand-in, and among its values hers are put in the place of the stand-in's.
For anybody else it is written anew: places of another size, or several roles, make other SQL.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from gandeng.accounts.acting import Acting, Held
from gandeng.accounts.roles import Role
from gandeng.web.scoping import VILLAGE_DIGITS

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


def in_place_of_the_stand_in(acting: Acting) -> dict[Any, Any]:
    """What differs: a value of the stand-in's questions (a list as a tuple) -> the same of hers."""
    own, made_up = acting.territory, STAND_IN.territory
    return {
        STAND_IN.person_id: acting.person_id,
        tuple(made_up.villages): own.villages,
        tuple(made_up.above): own.above,
    }


def exchanged(values: Iterable[Any], by: dict[Any, Any]) -> list[Any]:
    """The values of a question, each that differs exchanged."""
    return [by.get(tuple(value) if isinstance(value, list) else value, value) for value in values]
