"""The figures of one cycle's entitlement: chosen for its reference day, digested, and traced to their sources."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gandeng.core.benefit_policy import Ages, BenefitPolicy, Component, ComponentRule, FlatAmounts, Shape
from gandeng.core.cycle import Cycle, UnreadableCycle
from gandeng.core.money import MONTHS_A_YEAR, Rupiah, cycle_part
from gandeng.policy.chosen import Chosen
from gandeng.policy.figures import Dated, Figures, load_figures
from gandeng.policy.gaps import PolicyGap

RATES = {
    component: f"benefit/{component.lower()}{'_school' if component is Component.PRIMARY else ''}"
    for component in Component
}
MOST = {
    Component.EARLY_CHILDHOOD: "limit/early_childhood_max",
    Component.SEVERE_DISABILITY: "limit/severe_disability_max",
    Component.ELDERLY: "limit/elderly_max",
}
_SCHOOL_AGES = ("component/school_age_min", "component/school_age_max")
WHO = {
    Component.PREGNANCY: ("component/pregnancies_max",),
    Component.EARLY_CHILDHOOD: ("component/early_childhood_age_min", "component/early_childhood_age_max"),
    Component.PRIMARY: _SCHOOL_AGES,
    Component.JUNIOR_SECONDARY: _SCHOOL_AGES,
    Component.SENIOR_SECONDARY: _SCHOOL_AGES,
    Component.SEVERE_DISABILITY: (),
    Component.ELDERLY: ("component/elderly_age_min",),
    Component.RIGHTS_VICTIM: (),
}
"""Figures that say who qualifies for a component."""

CALENDAR = "calendar/months_per_stage"
SANCTION = "sanction/not_met"
ROUNDING = "rounding/cycle_amount"


@dataclass(frozen=True)
class Basis:
    """A figure an amount rests on: for one component, or for the whole family where `component` is None."""

    component: Component | None
    figure: str
    dated: Dated


def months_of(cycle: Cycle, override: int | None = None, *, figures: Figures | None = None) -> int:
    """Months a stage of that year pays, or `override`; raises PolicyGap where it does not divide a year."""
    if override is None:
        return Chosen(figures or load_figures(), date(cycle.year, 1, 1)).whole(CALENDAR)
    if override < 1 or MONTHS_A_YEAR % override:
        raise PolicyGap("months_do_not_divide", months=override)
    return override


def benefit_policy(cycle: Cycle, months: int | None = None, *, figures: Figures | None = None) -> BenefitPolicy:
    """Everything `core.benefit` needs for the cycle; raises PolicyGap where the figures do not reach."""
    return _policy_and_figures(cycle, months, figures or load_figures())[0]


def sources_of(policy: BenefitPolicy, *, figures: Figures | None = None) -> tuple[Basis, ...]:
    """Every figure the policy was made of: per component its rate, limit and who qualifies, then the family's.

    The calendar is among them where it says what was calculated, not where the months were given by hand.
    """
    figures = figures or load_figures()
    _, used = _policy_and_figures(policy.cycle, policy.months, figures)
    calendar = figures.on(CALENDAR, date(policy.cycle.year, 1, 1))
    if calendar is not None and calendar.value == policy.months:
        used[CALENDAR] = calendar
    bases = [
        Basis(rule.component, name, used[name])
        for rule in policy.rules
        for name in (RATES[rule.component], *_most(rule.component), *WHO[rule.component])
        if name in used
    ]
    told = {basis.figure for basis in bases}
    return (*bases, *(Basis(None, name, dated) for name, dated in sorted(used.items()) if name not in told))


def of_amount(policy: BenefitPolicy, bases: Iterable[Basis]) -> tuple[Basis, ...]:
    """The bases that an amount can rest on: no sanction, which only recommends; no rounding of a flat amount."""
    without = {SANCTION, ROUNDING} if policy.shape is Shape.FLAT else {SANCTION}
    return tuple(basis for basis in bases if basis.figure not in without)


def digest(used: Iterable[tuple[str, Dated]]) -> str:
    """SHA-256 (hex) over the canonical content of the figures used: name, day, value, source, grade."""
    rows = sorted((name, each.since.isoformat(), each.value, each.source, each.grade.value) for name, each in used)
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _policy_and_figures(cycle: Cycle, months: int | None, figures: Figures) -> tuple[BenefitPolicy, dict[str, Dated]]:
    length = months_of(cycle, months, figures=figures)
    try:
        day = cycle.starts_on(months=length)
    except (UnreadableCycle, ValueError) as error:
        raise PolicyGap("no_such_stage", stage=cycle.stage, year=cycle.year, months=length) from error
    chosen = Chosen(figures, day)
    shape = Shape(chosen.text("benefit/shape"))
    if chosen.text(ROUNDING) != "DOWN":
        raise PolicyGap("unknown_rounding", day=day.isoformat())
    sanction = chosen.maybe(SANCTION)
    policy = BenefitPolicy(
        cycle=cycle,
        months=length,
        reference_day=day,
        shape=shape,
        rules=_rules(chosen, shape, length),
        members_max=chosen.whole("limit/members_max"),
        pregnancies_max=chosen.whole("component/pregnancies_max"),
        early_childhood=_ages(chosen, Component.EARLY_CHILDHOOD),
        school=_ages(chosen, Component.PRIMARY),
        elderly=_ages(chosen, Component.ELDERLY),
        fixed=_fixed(chosen, shape, cycle),
        flat=_flat(chosen, shape, cycle),
        recommendation=None if sanction is None else str(sanction.value),
        recommendation_figure="" if sanction is None else SANCTION,
        digest=digest(chosen.used.items()),
    )
    return policy, chosen.used


def _rules(chosen: Chosen, shape: Shape, months: int) -> tuple[ComponentRule, ...]:
    return tuple(_rule(chosen, Component(name), shape, months) for name in chosen.several("component/order"))


def _rule(chosen: Chosen, component: Component, shape: Shape, months: int) -> ComponentRule:
    """A component of the years of one flat amount has no rate: it makes a family eligible, no more."""
    rate = 0 if shape is Shape.FLAT else chosen.whole(RATES[component])
    most = chosen.maybe_whole(MOST[component]) if component in MOST else None
    return ComponentRule(component, rate, cycle_part(Rupiah(rate), months=months), most)


def _ages(chosen: Chosen, component: Component) -> Ages:
    return Ages(*(chosen.whole(name) for name in WHO[component]))


def _fixed(chosen: Chosen, shape: Shape, cycle: Cycle) -> int:
    if shape is not Shape.FIXED_AND_COMPONENTS:
        return 0
    amount, stage = chosen.whole("benefit/fixed_part"), chosen.whole("benefit/fixed_part_stage")
    return amount if cycle.stage == stage else 0


def _flat(chosen: Chosen, shape: Shape, cycle: Cycle) -> FlatAmounts | None:
    """Both flat amounts of the stage; where none is known for WELFARE families alone, the regular one is theirs too."""
    if shape is not Shape.FLAT:
        return None
    regular = chosen.of_stage("benefit/flat_regular", cycle.stage)
    if chosen.maybe("benefit/flat_welfare") is None:
        return FlatAmounts(regular, regular)
    return FlatAmounts(regular, chosen.of_stage("benefit/flat_welfare", cycle.stage))


def _most(component: Component) -> tuple[str, ...]:
    return (MOST[component],) if component in MOST else ()
