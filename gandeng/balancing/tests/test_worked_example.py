"""The example of docs/algorithms/balancing.md."""

from dataclasses import replace

import numpy as np
import pytest

from gandeng.balancing.plan import cost
from gandeng.balancing.prepared import prepare
from gandeng.balancing.problem import Holding, Wish
from gandeng.balancing.solving import solve_prepared
from gandeng.balancing.tests.cases import VILLAGES, district

KM = ((1.0, 8.0), (4.0, 5.0), (8.0, 1.0))


@pytest.mark.parametrize(
    ("people", "told"),
    [((0, 0, 0), 2_940), ((0, 0, 1), 945), ((0, 1, 1), 390)],
    ids=["today", "C to P2", "B and C to P2"],
)
def test_plans_cost_what_the_page_says(people, told) -> None:
    sizes = (40, 30, 30)
    holdings = tuple(Holding("P0", code, size) for code, size in zip(VILLAGES, sizes, strict=False))
    prepared = replace(prepare(district(sizes, people=2, holdings=holdings), Wish(target_gap=0.0)), km=KM)
    plan = np.zeros((3, 2), dtype=np.int64)
    plan[range(3), people] = 1
    assert cost(prepared, plan).total == pytest.approx(told)
    solved = solve_prepared(prepared, moves_max=None, seconds=10)
    assert solved.cost == pytest.approx(390)
    assert solved.bound == pytest.approx(390, rel=1e-5)
