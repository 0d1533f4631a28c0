from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, assume, given, settings

from gandeng.balancing.balancing import _never_dearer, solve
from gandeng.balancing.plan import fits
from gandeng.balancing.prepared import prepare
from gandeng.balancing.problem import District, Facilitator, Holding, Lock, Need, Rule, Village, Wish
from gandeng.balancing.refusals import CannotBalance
from gandeng.balancing.solving import Solved, solve_prepared
from gandeng.balancing.tests.cases import EXACT, HOMES, SKILL, TOWN, VILLAGES, district, tiny

SECONDS = 20.0


def held(balance) -> Counter:
    return Counter({(row.village, row.facilitator_id): row.families for row in balance.rows})


def test_it_works() -> None:
    found = solve(district([40, 40, 40, 40], people=2), EXACT, seconds=SECONDS)
    assert [load.after for load in found.loads] == [80, 80]
    assert (found.before.without, found.after.without) == (160, 0)
    assert not found.stopped


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(tiny())
def test_every_family_once_and_the_hand_over_list_adds_up(given: tuple[District, Wish]) -> None:
    asked, wish = given
    try:
        prepared = prepare(asked, wish)
    except CannotBalance:
        assume(False)
    found = solve(asked, wish, seconds=SECONDS)
    by_village: Counter = Counter()
    for row in found.rows:
        by_village[row.village] += row.families
    assert by_village == {village.code: village.families for village in asked.villages}
    assert len({(row.village, row.part) for row in found.rows}) == len(found.rows)
    assert sum(load.after for load in found.loads) == sum(village.families for village in asked.villages)
    assert sum(one.families for one in found.hand_overs if one.giver) == found.moved + found.forced
    assert sum(one.families for one in found.hand_overs if not one.giver) == found.before.without
    assert wish.moves_max is None or found.moved <= wish.moves_max
    after = Counter({unit.holder: 0 for unit in prepared.units})
    for unit in prepared.units:
        after[unit.holder] += unit.held * unit.count
    for one in found.hand_overs:
        after[one.giver] -= one.families if one.giver else 0
        after[one.receiver] += one.families
    assert {who: count for who, count in after.items() if count and who} == {
        load.facilitator_id: load.after for load in found.loads if load.after
    }


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(tiny())
def test_locks_and_skills_are_kept(given: tuple[District, Wish]) -> None:
    asked, wish = given
    try:
        found = solve(asked, wish, seconds=SECONDS)
    except CannotBalance:
        assume(False)
    has, families = held(found), {village.code: village.families for village in asked.villages}
    today = Counter({(one.village, one.facilitator_id): one.families for one in asked.holdings})
    for lock in asked.locks:
        pair = lock.village, lock.facilitator_id
        most = sum(count for (village, _), count in today.items() if village == lock.village)
        if lock.rule is Rule.NEVER:
            assert has[pair] == 0
        elif most <= families[lock.village]:
            assert has[pair] >= (today[pair] or families[lock.village])
    able = {person.facilitator_id for person in asked.facilitators if SKILL in person.skills and person.available}
    for need in asked.needs:
        if able:
            assert sum(has[need.village, person] for person in able) >= need.families


def test_the_same_question_has_the_same_answer() -> None:
    holdings = tuple(Holding(f"P{place % 3}", code, 30) for place, code in enumerate(VILLAGES[:9]))
    asked = district([30] * 9, people=3, holdings=holdings)
    one, other = (solve(asked, Wish(), seconds=SECONDS) for _ in range(2))
    assert replace(one, seconds=0) == replace(other, seconds=0)


def test_a_village_too_large_for_one_is_divided() -> None:
    found = solve(district([200, 20], people=4), EXACT, seconds=SECONDS)
    large = [row for row in found.rows if row.village == VILLAGES[0]]
    assert len(large) >= 3
    assert [row.part for row in large] == list(range(1, len(large) + 1))
    assert max(row.families for row in large) <= 61  # 1.1 times the even load of 55


def test_who_is_on_leave_or_gone_hands_over_everything() -> None:
    holdings = (Holding("P0", VILLAGES[0], 30), Holding("GONE", VILLAGES[1], 20), Holding("P1", VILLAGES[2], 25))
    asked = district([30, 20, 25], people=3, holdings=holdings)
    people = (replace(asked.facilitators[0], available=False), *asked.facilitators[1:])
    found = solve(replace(asked, facilitators=people), replace(EXACT, moves_max=0), seconds=SECONDS)
    assert (found.moved, found.forced) == (0, 50)
    assert {one.giver for one in found.hand_overs} == {"P0", "GONE"}
    assert "P0" not in {row.facilitator_id for row in found.rows}


def test_families_of_a_skill_go_to_who_has_it_and_the_others_stay() -> None:
    people = (Facilitator("P0", HOMES[0]), Facilitator("P1", HOMES[1], frozenset([SKILL])))
    asked = replace(
        district([30, 30], holdings=(Holding("P0", VILLAGES[0], 30), Holding("P1", VILLAGES[1], 30))),
        facilitators=people,
        needs=(Need(VILLAGES[0], SKILL, 4),),
    )
    found = solve(asked, replace(EXACT, moves_max=0), seconds=SECONDS)
    assert [(one.families, one.giver, one.receiver, one.skill) for one in found.hand_overs] == [(4, "P0", "P1", SKILL)]


def test_one_village_and_one_person_is_an_answer() -> None:
    found = solve(district([7], people=1), EXACT, seconds=SECONDS)
    assert [(row.families, row.facilitator_id) for row in found.rows] == [(7, "P0")]
    assert found.gap == 0 or found.gap < 1e-5


def test_a_lock_of_some_families_divides_the_village_there() -> None:
    lock = Lock(Rule.STAYS, VILLAGES[0], "P1", 12)
    found = solve(district([30, 18], locks=(lock,)), EXACT, seconds=SECONDS)
    assert held(found)[VILLAGES[0], "P1"] >= 12


def test_a_stopped_solve_still_answers_with_its_bound() -> None:
    asked = district([37, 41, 29, 33, 52, 47, 31, 60, 22, 45, 38, 27, 51, 49, 36], people=6)
    found = solve(asked, EXACT, seconds=0.05)
    assert found.bound <= found.cost
    assert sum(row.families for row in found.rows) == sum(village.families for village in asked.villages)


def test_a_search_that_stopped_early_never_makes_more_changes_dearer():
    """Where the way with fewer changes came out cheaper, it stands for more changes as well."""
    cheap = Solved(plan=np.array([1, 0]), cost=10.0, bound=9.0, seconds=1.0, stopped=True)
    dear = replace(cheap, plan=np.array([0, 1]), cost=11.0)
    kept = _never_dearer([(5, replace(dear, cost=20.0)), (10, cheap), (20, dear), (None, dear)])
    assert [solved.cost for _, solved in kept] == [20.0, 10.0, 10.0, 10.0]
    assert kept[2][1].plan is cheap.plan and [limit for limit, _ in kept] == [5, 10, 20, None]


def test_two_of_one_home_do_not_stand_for_the_one_of_them_who_may_go_there():
    """A home has room for both its people, a village that one of them never has is still limited for the other."""
    codes = VILLAGES[:12:3]
    asked = District(
        TOWN,
        tuple(Village(code, families) for code, families in zip(codes, [30, 38, 9, 21], strict=True)),
        tuple(Facilitator(who, HOMES[home]) for who, home in {"P0": 4, "P1": 4, "P2": 3}.items()),
        (Holding("P1", codes[2], 2), Holding("P0", codes[2], 5), Holding("P1", codes[3], 15)),
        locks=(Lock(Rule.NEVER, codes[1], "P0"),),
    )
    wish = Wish(group=12, target_gap=0.2)
    prepared = prepare(asked, wish)
    assert fits(prepared, solve_prepared(prepared, moves_max=None, seconds=20.0).plan, None)
