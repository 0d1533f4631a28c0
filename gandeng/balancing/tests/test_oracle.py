from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings

from gandeng.balancing.balancing import alternatives, solve
from gandeng.balancing.prepared import prepare
from gandeng.balancing.problem import District, Holding, Wish
from gandeng.balancing.refusals import CannotBalance
from gandeng.balancing.tests.cases import EXACT, VILLAGES, district, tiny
from gandeng.balancing.tests.oracle import PLANS_MOST, cheapest, plans_count

SECONDS = 20.0


def test_it_works() -> None:
    asked = district([30, 20, 10, 40, 25], people=3)
    found = solve(asked, EXACT, seconds=SECONDS)
    assert found.cost == pytest.approx(cheapest(prepare(asked, EXACT), EXACT))
    assert found.gap < 1e-5


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(tiny())
def test_no_plan_is_cheaper_than_the_answer_nor_than_its_bound(given: tuple[District, Wish]) -> None:
    asked, wish = given
    try:
        prepared = prepare(asked, wish)
    except CannotBalance:
        assume(False)
    assume(plans_count(prepared) <= PLANS_MOST)
    best = cheapest(prepared, wish)
    found = solve(asked, wish, seconds=SECONDS)
    assert not found.stopped
    assert found.cost == pytest.approx(best, abs=1e-3)
    assert found.bound <= best + 1e-6


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(tiny())
def test_a_coarse_gap_still_tells_a_true_bound(given: tuple[District, Wish]) -> None:
    asked, wish = given
    try:
        prepared = prepare(asked, wish)
    except CannotBalance:
        assume(False)
    assume(plans_count(prepared) <= PLANS_MOST)
    coarse = Wish(moves_max=wish.moves_max, alarm=wish.alarm, group=wish.group, target_gap=0.2)
    found = solve(asked, coarse, seconds=SECONDS)
    best = cheapest(prepared, coarse)
    assert found.bound - 1e-6 <= best <= found.cost + 1e-6
    assert found.gap <= 0.25, "HiGHS measures its own gap over costs without what is the same in every plan"


def test_along_the_trade_off_more_changes_never_cost_more() -> None:
    holdings = tuple(Holding("P0", code, 20) for code in VILLAGES[:5])
    asked = district([20] * 5, people=3, holdings=holdings)
    found = alternatives(asked, EXACT, seconds=SECONDS)
    assert [one.moves_max for one in found] == [0, 5, 10, 20, None]
    assert found[0].moved == 0
    assert all(later.cost <= earlier.cost + 1e-9 for earlier, later in pairwise(found))
    for one in found:
        wish = Wish(moves_max=one.moves_max)
        assert one.cost == pytest.approx(cheapest(prepare(asked, wish), wish))
        assert one.bound <= one.cost + 1e-9
