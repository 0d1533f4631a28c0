"""What the registry says of a family now, and what that comes to in the next stage: by the code that computes money."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gandeng.entitlements.asking import Due, would_be_due
from gandeng.graduation.models import Kind
from gandeng.payments.next_stages import Next, after, next_stage, next_stages
from gandeng.policy import PolicyGap
from gandeng.registry.actions.applying import plain
from gandeng.registry.deciles import recorded, rise_of
from gandeng.registry.models import Family, Member

_READ = (
    "member_no", "birth_date", "sex", "school_level", "pregnancy_no", "severe_disability", "rights_victim",
    "deceased_on", "left_on",
)  # fmt: skip
"""Of each member, what a calculation reads."""


@dataclass(frozen=True)
class Prospect:
    """What a family would be due in the next stage; `later_rupiah` in the one after, where the next has begun."""

    stage: str
    due: Due
    later_rupiah: int

    @property
    def no_component(self) -> bool:
        """Nobody brings the family anything: the same as an entitlement of zero."""
        return self.due.amount_rupiah == 0 and self.later_rupiah == 0


@dataclass(frozen=True)
class Standing:
    """A family at one moment: the stage it is about, what it would be due, and a digest of what that rests on."""

    stage: str
    prospect: Prospect | None
    """None where the figures do not reach that stage yet."""
    digest: str
    deciles: list[list[Any]]
    """The readings it rests on, as `decile_facts` tells them; none but for better off."""

    @property
    def no_component(self) -> bool:
        """Nobody brings the family anything."""
        return self.prospect is not None and self.prospect.no_component

    @property
    def facts(self) -> dict[str, Any]:
        """As a step keeps it."""
        amount = self.prospect.due.amount_rupiah if self.prospect else None
        facts = {"stage": self.stage, "amount_rupiah": amount, "digest": self.digest}
        return {**facts, "deciles": self.deciles} if self.deciles else facts


def standing_of(family: Family, kind: str, today: date) -> Standing:
    """For a case of that kind, now. Raises PolicyGap where no stage can be named, CheckFailed."""
    coming = next_stage(family.village_code, today)
    try:
        found = _prospects(coming, [family.pk], today).get(family.pk)
    except PolicyGap:
        found = None
    deciles = _deciles_behind(family, kind)
    return Standing(coming.stage.key, found, _digest(family, deciles), deciles)


def prospects_of(families: Sequence[Family], today: date) -> Mapping[UUID, Prospect]:
    """Of each family in the next stage of its own place: one calculation a stage. Raises PolicyGap, CheckFailed."""
    coming = next_stages({one.village_code for one in families}, today)
    together: dict[Next, list[UUID]] = {}
    for one in families:
        together.setdefault(coming[one.village_code], []).append(one.pk)
    return {key: found for stage, keys in together.items() for key, found in _prospects(stage, keys, today).items()}


def _prospects(coming: Next, families: Sequence[UUID], today: date) -> Mapping[UUID, Prospect]:
    """Who was born since the first day of a stage counts in the next one alone, so that one is asked too."""
    begun = coming.starts_on <= today
    dues, *later = would_be_due([coming.policy, *([after(coming).policy] if begun else [])], families, on=today)
    return {
        key: Prospect(coming.stage.key, due, sum(one[key].amount_rupiah for one in later)) for key, due in dues.items()
    }


def decile_facts(family: Family) -> list[list[Any]]:
    """Decile and day of the readings a rise goes from and to; of the only one where there is but one, or none."""
    readings = recorded(family)
    if rise := rise_of(readings, family.entered_on):
        return rise.facts
    return [max(enumerate(readings), key=lambda each: (each[1].read_on, each[0]))[1].facts] if readings else []


def digest_of(family: Family, kind: str) -> str:
    """Another one as soon as status, place or a member's circumstances are others; names and numbers play no part.

    Of a family that is better off also as soon as its decile was read anew; of others the decile says nothing.
    """
    return _digest(family, _deciles_behind(family, kind))


def _deciles_behind(family: Family, kind: str) -> list[list[Any]]:
    return decile_facts(family) if kind == Kind.IMPROVED else []


def _digest(family: Family, deciles: list[list[Any]]) -> str:
    rows = Member.objects.filter(family=family).order_by("member_no").values_list(*_READ)
    told = [family.status, family.village_code, [[plain(value) for value in row] for row in rows]]
    if deciles:
        told.append(deciles)
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()
