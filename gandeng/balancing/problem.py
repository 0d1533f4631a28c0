"""The question: a district's villages and facilitators today, and what its office wishes for."""

from dataclasses import dataclass
from enum import StrEnum

from gandeng.core.region_code import RegionCode


@dataclass(frozen=True)
class Village:
    """A village and how many families it has now."""

    code: RegionCode
    families: int


@dataclass(frozen=True)
class Facilitator:
    """A facilitator. `home` is the sub-district she lives in, None where nobody has recorded it.

    `available` is False for who is on leave: families of hers go to others.
    """

    facilitator_id: str
    home: RegionCode | None = None
    skills: frozenset[str] = frozenset()
    available: bool = True


@dataclass(frozen=True)
class Holding:
    """Families of one village that one facilitator accompanies today; she may have left since."""

    facilitator_id: str
    village: RegionCode
    families: int


@dataclass(frozen=True)
class Need:
    """How many families of a village need someone with that skill; no family is counted for two skills."""

    village: RegionCode
    skill: str
    families: int


class Rule(StrEnum):
    """What a lock says."""

    STAYS = "STAYS"
    NEVER = "NEVER"


@dataclass(frozen=True)
class Lock:
    """STAYS: `families` of the village are hers; without a number, all she has there today, or else the whole village.

    NEVER: nothing of the village is hers, whatever she has there today.
    """

    rule: Rule
    village: RegionCode
    facilitator_id: str
    families: int | None = None


@dataclass(frozen=True)
class District:
    """One district (or any area balanced by itself): what there is today."""

    code: RegionCode
    villages: tuple[Village, ...]
    facilitators: tuple[Facilitator, ...]
    holdings: tuple[Holding, ...] = ()
    needs: tuple[Need, ...] = ()
    locks: tuple[Lock, ...] = ()


@dataclass(frozen=True)
class Band:
    """Beyond `share` of the even load, above or below it, each family costs `price` kilometres."""

    share: float
    price: float


EVEN = (Band(0.0, 0.0), Band(0.05, 4.0), Band(0.10, 12.0), Band(0.20, 30.0))
"""Choices of this product, like every price here: how many kilometres of travel for one family evenness is worth."""


@dataclass(frozen=True)
class Wish:
    """What is good, in one unit: a kilometre (in a straight line, from home) for one family.

    `keep_price` is the cost of a family that changes hands, `share_price` of each further person in a village,
    `alarm_price` of each family above `alarm`. `moves_max` families may change hands beyond those that must, None:
    any number. A village of more than `whole` times the even load is divided into groups of at most `group` families,
    and nobody has more of one village than that. The families of a smaller one are parted only as they are today.
    """

    even: tuple[Band, ...] = EVEN
    keep_price: float = 0.5
    share_price: float = 5.0
    alarm: int | None = None
    alarm_price: float = 30.0
    moves_max: int | None = None
    whole: float = 1.1
    group: int = 25
    target_gap: float = 0.005
