"""What each family is due and has got, in plain Python; shares no code with the product."""

from dataclasses import dataclass, field, replace
from datetime import date

from tests.engines import entitlement_oracle as contract

STAGES = ((2024, 4), (2024, 5), (2024, 6), (2025, 1), (2025, 2), (2025, 3), (2025, 4))
MONTHS = {2024: 2, 2025: 3}


def day_of(stage):
    """The reference day."""
    return contract.reference_day(*stage, MONTHS[stage[0]])


@dataclass(frozen=True)
class Person:
    """A member as the office has recorded it."""

    no: str
    born: date
    school: str = ""
    pregnancy: int | None = None
    disabled: bool = False
    died: date | None = None
    left: bool = False


@dataclass(frozen=True)
class Life:
    """A family at one moment."""

    village: str
    status: str
    people: tuple[Person, ...]

    def but(self, no, **changed):
        return replace(self, people=tuple(replace(p, **changed) if p.no == no else p for p in self.people))

    def due(self, stage):
        """Rupiah, by the contract read by hand."""
        if self.status != "ACTIVE":
            return 0
        months, day = MONTHS[stage[0]], day_of(stage)
        there = [
            contract.Member(
                "", p.no, p.born, school_level=p.school, pregnancy_no=p.pregnancy, severe_disability=p.disabled,
                deceased_on=p.died,
            )
            for p in self.people if not p.left
        ]  # fmt: skip
        told, rates = contract.judge(there, day, months), contract.rates(day)
        return sum(rates[component] * months // 12 for component, why in told.values() if why == "COUNTED")


@dataclass
class Household:
    """A family over the years: each of its lives with the moment it began, and why it may not be paid just now."""

    no: str
    lives: list = field(default_factory=list)
    waits: set = field(default_factory=set)
    sheets: dict = field(default_factory=dict)
    """Stage -> the pupil whose sheet spoke against it, and the decision."""
    objects: list = field(default_factory=list)
    """Stages and decisions it objects to, not answered yet."""
    suspended: dict = field(default_factory=dict)
    """Stage -> moments since when a decision suspends it, or no longer does."""

    @property
    def now(self):
        return self.lives[-1][1]

    def at(self, moment):
        return [life for since, life in self.lives if since <= moment][-1]

    def is_suspended(self, stage, moment=None):
        """By a decision, at that moment or now."""
        told = [holds for since, holds in self.suspended.get(stage, ()) if moment is None or since <= moment]
        return bool(told) and told[-1]

    def between(self, first, last):
        """What it was at any moment from the first to the last."""
        return [self.at(first), *(life for since, life in self.lives if first < since <= last)]


class Books:
    """Freezings and what the bank did, as they happened."""

    def __init__(self):
        self.clock = 0
        self.households = {}
        self.frozen = {}
        """(region, stage) -> the moment of the freezing that counts."""
        self.sent = {}
        """Payment -> (stage, family, amount, original or None, region)."""
        self.has = {}
        """Payment -> rupiah on its account by all the bank has said."""

    def tick(self):
        self.clock += 1
        return self.clock

    def became(self, household, life):
        household.lives.append((self.tick(), life))

    def wanted(self, stage, household):
        """Region -> rupiah that its freezing says the family is due, a suspension that has been lifted apart."""
        found = {}
        for (region, of), moment in self.frozen.items():
            life = household.at(moment)
            if household.is_suspended(stage) and household.is_suspended(stage, moment):
                continue
            if of == stage and life.village.startswith(region) and (rupiah := life.due(stage)):
                found[region] = rupiah
        return found

    def came_into(self, stage, household):
        """Region -> what it may pay a family that came after its freezing and was active elsewhere then."""
        found = {}
        for (region, of), moment in self.frozen.items():
            then = household.at(moment)
            if of == stage and then.status == "ACTIVE" and not then.village.startswith(region):
                lives = household.between(moment, self.clock)
                found[region] = {life.due(stage) for life in lives if life.village.startswith(region)} - {0}
        return found

    def nobody_can_miss(self, stage, household):
        """Due something from the first freezing of the stage until now, and in none."""
        first = min(moment for (_, of), moment in self.frozen.items() if of == stage)
        due = all(life.due(stage) for life in household.between(first, self.clock))
        return due and not household.is_suspended(stage) and not self.calculated(stage, household)

    def calculated(self, stage, household):
        """Whether some freezing had it, due or not."""
        return any(
            of == stage and household.at(moment).village.startswith(region)
            for (region, of), moment in self.frozen.items()
        )

    def got(self, stage, household):
        """Rupiah of that stage that are on its account."""
        return sum(self.has.get(pid, 0) for pid, told in self.sent.items() if told[:2] == (stage, household.no))
