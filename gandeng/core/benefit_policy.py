"""The figures of one cycle, chosen for its reference day: `gandeng.policy` makes it, `core.benefit` uses it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gandeng.core.cycle import Cycle


class Shape(StrEnum):
    """How a year's benefit is built up (docs/algorithms/entitlement.md, "Other years")."""

    FLAT = "FLAT"
    FIXED_AND_COMPONENTS = "FIXED_AND_COMPONENTS"
    COMPONENTS = "COMPONENTS"


class Component(StrEnum):
    """Why a member can count."""

    PREGNANCY = "PREGNANCY"
    EARLY_CHILDHOOD = "EARLY_CHILDHOOD"
    PRIMARY = "PRIMARY"
    JUNIOR_SECONDARY = "JUNIOR_SECONDARY"
    SENIOR_SECONDARY = "SENIOR_SECONDARY"
    SEVERE_DISABILITY = "SEVERE_DISABILITY"
    ELDERLY = "ELDERLY"
    RIGHTS_VICTIM = "RIGHTS_VICTIM"


WELFARE = frozenset({Component.SEVERE_DISABILITY, Component.ELDERLY})
"""A family whose only counted members stand here had a flat amount of its own in 2018."""


ONE_SCHOOL_LEVEL = frozenset(
    {Component.EARLY_CHILDHOOD, Component.PRIMARY, Component.JUNIOR_SECONDARY, Component.SENIOR_SECONDARY}
)
"""A member has one school level or none, so at most one of these."""


@dataclass(frozen=True)
class ComponentRule:
    """A component that exists on the reference day: whole rupiah a year and a cycle, and how many of a family."""

    component: Component
    rate: int
    amount: int
    most: int | None = None


@dataclass(frozen=True)
class Ages:
    """Completed years, both ends included; no upper end where `oldest` is None."""

    youngest: int
    oldest: int | None = None

    def born(self, day: date) -> tuple[date, date | None]:
        """Last and (exclusive) first birth date of those of this age on `day`."""
        return years_before(day, self.youngest), None if self.oldest is None else years_before(day, self.oldest + 1)


@dataclass(frozen=True)
class FlatAmounts:
    """One stage's amount for a whole family, and for one whose only counted members are WELFARE."""

    regular: int
    welfare: int


@dataclass(frozen=True)
class BenefitPolicy:
    """Everything `core.benefit` needs for one cycle. `rules` stand in the order that breaks ties.

    `fixed` is paid once to a family with a counted member; `flat` replaces components where the shape is FLAT.
    `recommendation` is the code the sanction figure gives a commitment not met, None where no figure speaks.
    """

    cycle: Cycle
    months: int
    reference_day: date
    shape: Shape
    rules: tuple[ComponentRule, ...]
    members_max: int
    pregnancies_max: int
    early_childhood: Ages
    school: Ages
    elderly: Ages
    digest: str
    fixed: int = 0
    flat: FlatAmounts | None = None
    recommendation: str | None = None
    recommendation_figure: str = ""


def years_before(day: date, years: int) -> date:
    """Last birth date of those who have completed `years` on `day`.

    Someone born on 29 February completes a year on 1 March, or on 29 February where there is one.
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
