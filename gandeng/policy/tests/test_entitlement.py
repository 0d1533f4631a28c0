from datetime import date
from pathlib import Path

import pytest

from gandeng.core.benefit_policy import Ages, BenefitPolicy, Component, FlatAmounts, Shape
from gandeng.core.cycle import Cycle
from gandeng.policy import PolicyGap, benefit_policy, load_figures, months_of, sources_of
from gandeng.policy.entitlement import of_amount
from gandeng.policy.figures import FOLDER
from gandeng.policy.tests.copies import folder, rewrite
from gandeng.words import say

__all__ = ["folder"]


def rates(policy: BenefitPolicy) -> dict[str, int]:
    return {rule.component.value: rule.rate for rule in policy.rules}


def gap(year: int, stage: int, months: int | None = None) -> str:
    with pytest.raises(PolicyGap) as refused:
        benefit_policy(Cycle(year, stage), months)
    return refused.value.fault.code


def test_it_works() -> None:
    policy = benefit_policy(Cycle(2024, 2), 3)
    assert policy.reference_day == date(2024, 4, 1)
    assert policy.shape is Shape.COMPONENTS
    assert rates(policy) == {
        "PREGNANCY": 3_000_000,
        "EARLY_CHILDHOOD": 3_000_000,
        "PRIMARY": 900_000,
        "JUNIOR_SECONDARY": 1_500_000,
        "SENIOR_SECONDARY": 2_000_000,
        "SEVERE_DISABILITY": 2_400_000,
        "ELDERLY": 2_400_000,
    }
    assert (policy.members_max, policy.pregnancies_max) == (4, 2)
    assert (policy.early_childhood, policy.school, policy.elderly) == (Ages(0, 6), Ages(6, 21), Ages(70))


@pytest.mark.parametrize(("year", "months"), [(2017, 3), (2019, 3), (2022, 3), (2023, 2), (2024, 2), (2025, 3)])
def test_the_calendar_gives_the_months(year: int, months: int) -> None:
    assert months_of(Cycle(year, 1)) == months
    assert months_of(Cycle(year, 1), 6) == 6


def test_the_amount_of_a_cycle_is_rounded_down() -> None:
    amounts = {rule.component: rule.amount for rule in benefit_policy(Cycle(2024, 2)).rules}
    assert amounts[Component.SENIOR_SECONDARY] == 333_333


def test_victims_of_rights_violations_count_from_may_2024() -> None:
    assert "RIGHTS_VICTIM" not in rates(benefit_policy(Cycle(2024, 2)))
    assert rates(benefit_policy(Cycle(2024, 3)))["RIGHTS_VICTIM"] == 10_800_000
    assert "RIGHTS_VICTIM" not in rates(benefit_policy(Cycle(2024, 2), 3))


def test_the_years_of_flat_amounts() -> None:
    assert benefit_policy(Cycle(2018, 4)).flat == FlatAmounts(390_000, 500_000)
    assert benefit_policy(Cycle(2017, 4)).flat == FlatAmounts(390_000, 390_000)
    assert set(rates(benefit_policy(Cycle(2018, 1))).values()) == {0}


def test_the_fixed_part_is_paid_in_stage_1_of_2019_alone() -> None:
    cycles = [Cycle(year, stage) for year in (2018, 2019, 2020) for stage in (1, 2)]
    assert [benefit_policy(cycle).fixed for cycle in cycles] == [0, 0, 550_000, 0, 0, 0]


def test_limits_of_one_elderly_and_one_disabled_begin_in_2022() -> None:
    most = {year: {r.component.value: r.most for r in benefit_policy(Cycle(year, 1)).rules} for year in (2021, 2022)}
    assert most[2021]["ELDERLY"] is most[2021]["SEVERE_DISABILITY"] is None
    assert most[2022]["ELDERLY"] == most[2022]["SEVERE_DISABILITY"] == 1
    assert most[2021]["EARLY_CHILDHOOD"] == most[2022]["EARLY_CHILDHOOD"] == 2


@pytest.mark.parametrize(("year", "age"), [(2018, 60), (2021, 60), (2022, 70), (2026, 70)])
def test_the_age_of_the_elderly(year: int, age: int) -> None:
    assert benefit_policy(Cycle(year, 1)).elderly == Ages(age)


def test_every_rate_limit_and_age_can_be_traced() -> None:
    policy = benefit_policy(Cycle(2024, 2))
    told = {(basis.component, basis.figure) for basis in sources_of(policy)}
    assert (Component.ELDERLY, "benefit/elderly") in told
    assert (Component.ELDERLY, "limit/elderly_max") in told
    assert (Component.ELDERLY, "component/elderly_age_min") in told
    assert {(None, "limit/members_max"), (None, "calendar/months_per_stage"), (None, "rounding/cycle_amount")} <= told


def test_the_calendar_is_no_source_of_months_given_by_hand() -> None:
    given = sources_of(benefit_policy(Cycle(2024, 2), 3))
    assert "calendar/months_per_stage" not in {basis.figure for basis in given}


def test_an_amount_rests_on_no_sanction_and_a_flat_one_on_no_rounding() -> None:
    def of(policy: BenefitPolicy) -> set[str]:
        return {basis.figure for basis in of_amount(policy, sources_of(policy))}

    components, flat = of(benefit_policy(Cycle(2024, 2))), of(benefit_policy(Cycle(2018, 1)))
    assert "sanction/not_met" not in components | flat
    assert {"rounding/cycle_amount", "component/order", "benefit/elderly"} <= components
    assert "rounding/cycle_amount" not in flat
    assert "benefit/flat_regular" in flat


def test_the_digest_names_what_was_used_and_nothing_else(folder: Path) -> None:
    before = benefit_policy(Cycle(2024, 2), figures=load_figures(folder)).digest
    assert before == benefit_policy(Cycle(2024, 1), figures=load_figures(FOLDER)).digest
    assert before != benefit_policy(Cycle(2025, 1)).digest
    load_figures.cache_clear()
    rewrite(folder, "covid_2020/elderly", "3000000", "3000001")
    assert benefit_policy(Cycle(2024, 2), figures=load_figures(folder)).digest == before
    load_figures.cache_clear()
    rewrite(folder, "limit/elderly_max", "Sourced for 2022 only", "Sourced for 2022")
    rewrite(folder, "limit/elderly_max", "Hanya ada sumbernya", "Ada sumbernya")
    rewrite(folder, "benefit/elderly", "Indeks bantuan anggota", "Besar bantuan anggota")
    rewrite(folder, "sources", "Besaran per tahap", "Bantuan per tahap")
    assert benefit_policy(Cycle(2024, 2), figures=load_figures(folder)).digest == before
    load_figures.cache_clear()
    rewrite(
        folder,
        "benefit/elderly",
        '2024-01-01: {value: 2400000, source: "N1"',
        '2024-01-01: {value: 2400001, source: "N1"',
    )
    assert benefit_policy(Cycle(2024, 2), figures=load_figures(folder)).digest != before


def test_it_refuses_a_year_nobody_has_figures_for() -> None:
    assert gap(2016, 1) == gap(2016, 1, 3) == gap(2027, 1) == "policy.no_figure"


def test_it_refuses_a_stage_the_year_does_not_have() -> None:
    assert gap(2024, 7) == gap(2025, 5) == gap(2024, 5, 3) == "policy.no_such_stage"
    assert gap(2018, 5, 2) == "policy.no_flat_stage"
    assert "flat" not in say("policy.no_flat_stage", figure="benefit/flat_regular", stage=5, stages=4), (
        "a key is no name"
    )
    with pytest.raises(PolicyGap) as gone:
        benefit_policy(Cycle(2024, 7))
    assert say(gone.value.fault.code, **gone.value.fault.facts).startswith("Tahap 7 tahun 2024 tidak ada")


@pytest.mark.parametrize("months", [0, -1, 5, 7, 13, 24])
def test_it_refuses_months_that_do_not_divide_a_year(months: int) -> None:
    assert gap(2024, 1, months) == "policy.months_do_not_divide"


def test_it_refuses_a_rounding_it_does_not_know(folder: Path) -> None:
    rewrite(folder, "rounding/cycle_amount", "DOWN", "UP")
    with pytest.raises(PolicyGap, match="unknown_rounding"):
        benefit_policy(Cycle(2024, 2), figures=load_figures(folder))
