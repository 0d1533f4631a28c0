"""Verdicts against a naive oracle, and the rules that protect a family."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandeng.core.commitment import (
    Judged,
    Month,
    Rules,
    Verdict,
    decided_cycle,
    judge_education,
    judge_health,
    judge_welfare,
    recommendation,
    visits_wanted,
    without_duty,
)
from gandeng.core.cycle import Cycle

RULES = Rules(85, False, False, 3, 1, 1, "SUSPEND", "x")
VERDICTS = st.lists(st.sampled_from(Verdict))


@st.composite
def quarters(draw):
    numbers = draw(st.sets(st.integers(1, 3)))
    small = st.integers(0, 6)
    return [
        Month(number, draw(st.booleans()), draw(st.integers(0, 26)), draw(small), draw(small), draw(small),
              draw(st.integers(0, 2)))
        for number in sorted(numbers)
    ]  # fmt: skip


def naive_education(rules, months):
    """Written down as the rule is told, with fractions."""
    for each in months:
        if each.service and each.days:
            gone = each.absent + each.leave * rules.leave_is_absence + each.sick * rules.sickness_is_absence
            if Fraction(max(0, each.days - gone), each.days) < Fraction(rules.attendance_percent_min, 100):
                return "NOT_MET"
    if [each.number for each in months] != [1, 2, 3]:
        return "UNVERIFIED"
    return "MET" if any(each.service and each.days for each in months) else "EXCUSED"


@given(quarters(), st.integers(0, 100), st.booleans(), st.booleans())
def test_education_is_what_the_rule_says(months, percent, leave, sickness):
    rules = Rules(percent, leave, sickness, 3, 1, 1, None, "x")
    assert judge_education(rules, months).verdict == naive_education(rules, months)


@given(quarters(), st.integers(0, 4))
def test_health_is_what_the_rule_says(months, wanted):
    if sum(each.visits for each in months) >= wanted:
        expected = "MET"
    elif not all(each.service for each in months):
        expected = "EXCUSED"
    else:
        expected = "NOT_MET" if len(months) == 3 else "UNVERIFIED"
    assert judge_health(wanted, months).verdict == expected


@given(quarters())
def test_welfare_is_never_breached(months):
    assert judge_welfare(months).verdict in ("MET", "UNVERIFIED")


@given(VERDICTS)
def test_only_what_was_not_met_recommends(verdicts):
    assert recommendation(RULES, verdicts) == ("SUSPEND" if "NOT_MET" in verdicts else None)


@pytest.mark.parametrize(("absent", "verdict"), [(3, "MET"), (4, "NOT_MET")])
def test_exactly_the_share_is_enough(absent, verdict):
    months = [Month(number, days=20, absent=absent) for number in (1, 2, 3)]
    assert judge_education(RULES, months).verdict == verdict


def test_nothing_recorded_harms_nobody():
    for judged in (judge_education(RULES, []), judge_health(3, []), judge_welfare([])):
        assert judged.verdict == "UNVERIFIED"


def test_visits_follow_age():
    ends = date(2026, 9, 30)
    for born, wanted in ((date(2025, 10, 1), 3), (date(2025, 9, 30), 1), (date(2021, 1, 1), 1)):
        assert visits_wanted(RULES, born=born, pregnant=False, ends=ends) == wanted


@pytest.mark.parametrize(
    ("born", "wanted"),
    [((7, 1), 3), ((7, 2), 2), ((8, 1), 2), ((8, 25), 1), ((9, 1), 1), ((9, 2), 0), ((9, 30), 0)],
)
def test_nothing_is_asked_of_the_months_before_a_birth(born, wanted):
    month, day = born
    asked = visits_wanted(RULES, born=date(2026, month, day), pregnant=False, ends=date(2026, 9, 30))
    assert asked == wanted
    lived = [Month(number, visits=int(number > 3 - wanted)) for number in (1, 2, 3)]
    assert judge_health(asked, lived).verdict == "MET"


@pytest.mark.parametrize("judged", [judge_education(RULES, [Month(1, days=20, absent=9)]), judge_health(2, [])])
def test_who_has_no_duty_breaches_none(judged):
    told = without_duty(judged)
    assert told == (judged if judged.verdict != "NOT_MET" else Judged("EXCUSED", "NO_DUTY", 55, 85))


@pytest.mark.parametrize(
    ("quarter", "months", "cycle"),
    [(1, 3, Cycle(2026, 2)), (4, 3, Cycle(2027, 1)), (1, 2, Cycle(2026, 3)), (4, 2, Cycle(2027, 1))],
)
def test_the_next_stage_is_decided(quarter, months, cycle):
    assert decided_cycle(2026, quarter, months=months) == cycle
