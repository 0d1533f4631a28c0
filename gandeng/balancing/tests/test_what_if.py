from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gandeng.balancing.balancing import solve
from gandeng.balancing.problem import Wish
from gandeng.balancing.province import Task, solve_all
from gandeng.balancing.tests.cases import EXACT, TOWN, district
from gandeng.balancing.what_if import growth_of, posts_of, staffing, with_more_families, with_posts, without
from gandeng.core.region_code import RegionCode

OTHER = RegionCode("6371")


def test_it_works() -> None:
    needed = staffing(district([300, 301], people=2), 200, 400)
    assert (needed.for_norm, needed.lacking_norm) == (4, 2)
    assert (needed.for_alarm, needed.lacking_alarm) == (2, 0)
    assert staffing(district([5]), 200).lacking_alarm is None


@given(st.lists(st.integers(0, 500), min_size=1, max_size=8), st.integers(-200, 5_000))
def test_growth_keeps_its_sum(families: list[int], more: int) -> None:
    grown = with_more_families(district(families), more)
    assert sum(village.families for village in grown.villages) == max(0, sum(families) + more)


def test_new_posts_go_where_the_load_is_highest() -> None:
    districts = [district([100, 100]), replace(district([400, 200]), code=OTHER)]
    assert posts_of(districts, 4) == {TOWN: 0, OTHER: 4}
    assert growth_of(districts, 80) == {TOWN: 20, OTHER: 60}


def test_a_new_post_takes_families() -> None:
    found = solve(with_posts(district([40, 40, 40], people=2), 1), EXACT, seconds=10)
    assert [load.after for load in found.loads] == [40, 40, 40]
    assert {load.facilitator_id for load in found.loads} == {"P0", "P1", "BARU-6372-1"}


def test_who_resigns_has_nothing_afterwards() -> None:
    found = solve(without(district([40, 40, 40], people=3), {"P1"}), EXACT, seconds=10)
    assert {row.facilitator_id for row in found.rows} == {"P0", "P2"}


def test_districts_side_by_side_give_what_they_give_alone() -> None:
    districts = [district([40, 30, 20], people=2), replace(district([25, 25], people=2), code=OTHER)]
    tasks = [Task(one, Wish(), 10.0, (0.0, None)) for one in districts]
    told: list[int] = []
    both = solve_all(tasks, workers=2, told=lambda _name, done, _total: told.append(done))
    alone = solve_all(tasks, workers=1)
    assert told == [1, 2]
    assert [[one.rows for one in each] for each in both] == [[one.rows for one in each] for each in alone]
