from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.benefit import benefit
from gandeng.core.benefit_conditions import condition
from gandeng.core.benefit_policy import Ages, BenefitPolicy, Component, ComponentRule, Shape, years_before
from gandeng.core.benefit_tables import candidate_sets, moved_up
from gandeng.core.cycle import Cycle

POLICY = BenefitPolicy(
    cycle=Cycle(2024, 2),
    months=2,
    reference_day=date(2024, 3, 1),
    shape=Shape.COMPONENTS,
    rules=(
        ComponentRule(Component.PREGNANCY, 3_000_000, 500_000),
        ComponentRule(Component.PRIMARY, 900_000, 150_000),
        ComponentRule(Component.SEVERE_DISABILITY, 2_400_000, 400_000, most=1),
        ComponentRule(Component.ELDERLY, 2_400_000, 400_000, most=1),
    ),
    members_max=4,
    pregnancies_max=2,
    early_childhood=Ages(0, 6),
    school=Ages(6, 21),
    elderly=Ages(70),
    digest="0" * 64,
)


def completed(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def test_it_works() -> None:
    calculation = benefit(POLICY)
    assert [table.name for table in calculation.gives] == ["components", "entitlements", "payments", "recommendations"]
    assert {table.name for table in calculation.gives} <= {step.name for step in calculation.steps if step.stored}


@settings(deadline=None, max_examples=100)
@given(
    day=st.dates(date(2016, 2, 28), date(2030, 3, 1)),
    years=st.integers(0, 100),
    days=st.integers(-3, 3),
)
def test_a_cut_off_is_the_last_birthday_that_completes_the_years(day: date, years: int, days: int) -> None:
    born = years_before(day, years) + timedelta(days=days)
    assert (born <= years_before(day, years)) == (completed(born, day) >= years)


def test_the_29th_of_february_completes_a_year_on_the_first_of_march() -> None:
    assert date(2018, 2, 28) <= years_before(date(2024, 2, 28), 6) < date(2018, 3, 1)
    assert years_before(date(2023, 3, 1), 7) >= date(2016, 2, 29) > years_before(date(2023, 2, 28), 7)
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)


def test_ages_become_days_in_the_steps() -> None:
    assert condition(POLICY, Component.ELDERLY) == "birth_date <= date '1954-03-01'"
    wanted = "school_level = 'SD' and birth_date <= date '2018-03-01' and birth_date > date '2002-03-01'"
    assert condition(POLICY, Component.PRIMARY) == wanted


def test_in_every_set_the_highest_rate_decides_and_ties_go_by_the_table() -> None:
    deciding = {row[0]: row[2] for row in candidate_sets(POLICY) if row[6]}
    assert deciding[0b0001] == deciding[0b1111] == "PREGNANCY"
    assert deciding[0b1100] == deciding[0b1110] == "SEVERE_DISABILITY"
    assert deciding[0b1010] == "ELDERLY"
    assert deciding[0] is None


def test_every_set_has_one_row_that_decides_and_no_row_stands_twice() -> None:
    rows = candidate_sets(POLICY)
    decided = [row[0] for row in rows if row[6]]
    assert len(decided) == len(set(decided)) == 2**4 + 2
    assert len({(row[0], row[2]) for row in rows}) == len(rows)


def test_only_a_candidate_that_decides_brings_an_amount() -> None:
    assert all(row[4] == 0 for row in candidate_sets(POLICY) if not row[5])
    assert sum(1 for row in candidate_sets(POLICY) if row[5]) == 2**4 - 1


def test_a_set_moved_up_is_the_same_with_its_best_candidate_cut() -> None:
    sets = {(row[0], row[2]): (row[5], row[8]) for row in candidate_sets(POLICY)}
    assert [sets[0b1001, one] for one in ("PREGNANCY", "ELDERLY")] == [(True, "COUNTED"), (False, "NOT_THE_BEST")]
    for why, up in moved_up(POLICY).items():
        cut = [sets[0b1001 + up, one] for one in ("PREGNANCY", "ELDERLY")]
        assert cut == [(False, why), (False, "NOT_THE_BEST")]


def test_nothing_but_integers_and_days_of_the_policy_enters_the_steps() -> None:
    strange = replace(POLICY, digest="d'; --", recommendation="x'y", recommendation_figure="a'b")
    assert [step.sql for step in benefit(strange).steps] == [step.sql for step in benefit(POLICY).steps]


def test_the_proof_that_ids_are_unique_can_stand_elsewhere() -> None:
    names = {check.name for check in benefit(POLICY).checks}
    fewer = {check.name for check in benefit(POLICY, ids_proved_unique=True).checks}
    assert names - fewer == {"no member is listed twice", "no family is listed twice"}
