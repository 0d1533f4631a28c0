"""Who qualifies for a component, as SQL over a row of members; ages become birth dates here, once (rule 3)."""

from datetime import date

from gandeng.core.benefit_policy import Ages, BenefitPolicy, Component

_SCHOOL = {Component.PRIMARY: "SD", Component.JUNIOR_SECONDARY: "SMP", Component.SENIOR_SECONDARY: "SMA"}


def condition(policy: BenefitPolicy, component: Component) -> str:
    """SQL over a row of members: does the member qualify for the component on the reference day?"""
    if component in _SCHOOL:
        return f"school_level = '{_SCHOOL[component]}' and {_aged(policy.school, policy.reference_day)}"
    return {
        Component.PREGNANCY: f"pregnancy_no between 1 and {policy.pregnancies_max:d}",
        Component.EARLY_CHILDHOOD: f"school_level = '' and {_aged(policy.early_childhood, policy.reference_day)}",
        Component.SEVERE_DISABILITY: "severe_disability",
        Component.ELDERLY: _aged(policy.elderly, policy.reference_day),
        Component.RIGHTS_VICTIM: "rights_victim",
    }[component]


def _aged(ages: Ages, day: date) -> str:
    last, first_after = ages.born(day)
    upper = "" if first_after is None else f" and birth_date > {sql_day(first_after)}"
    return f"birth_date <= {sql_day(last)}{upper}"


def sql_day(day: date) -> str:
    """A day as both engines write it."""
    return f"date '{day.isoformat()}'"
