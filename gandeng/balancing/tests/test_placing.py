"""Which families go to whom, against every way there is."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.balancing.placing import Group, Placed, Seat, place, unskilled

PEOPLE, SKILLS = ("A", "B", "C"), ("", "X", "Y")


def test_who_needs_a_skill_goes_to_who_has_it_and_another_comes_back() -> None:
    groups = [Group("V", "A", "X", 3), Group("V", "A", "", 7), Group("V", "B", "", 10)]
    found = place(groups, [Seat("V", "A", 10), Seat("V", "B", 10)], {"B": frozenset("X")})
    assert set(found) == {
        Placed(groups[0], "B", 3), Placed(groups[1], "A", 7), Placed(groups[2], "A", 3), Placed(groups[2], "B", 7),
    }  # fmt: skip


def test_families_that_came_since_go_to_whoever_has_most() -> None:
    found = place([Group("V", "", "", 9)], [Seat("V", "A", 2), Seat("V", "B", 4)], {})
    assert {one.person: one.families for one in found} == {"A": 2, "B": 7}


_CASES = st.tuples(
    st.lists(
        st.tuples(st.sampled_from(("", *PEOPLE)), st.sampled_from(SKILLS), st.integers(1, 2)),
        min_size=1, max_size=3, unique_by=lambda one: one[:2],
    ),
    st.lists(st.integers(0, 4), min_size=3, max_size=3),
    st.lists(st.sets(st.sampled_from(SKILLS[1:])), min_size=3, max_size=3),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(_CASES)
def test_no_way_leaves_fewer_without_their_skill_or_moves_fewer(case) -> None:
    told, rooms, skills = case
    groups = [Group("V", *one) for one in told]
    able = {person: frozenset(one) for person, one in zip(PEOPLE, skills, strict=True)}
    seats = [Seat("V", person, room) for person, room in zip(PEOPLE, rooms, strict=True)]
    found = place(groups, seats, able)
    families = [group for group in groups for _ in range(group.families)]
    assert sorted((one.group.holder, one.group.skill) for one in found for _ in range(one.families)) == sorted(
        (group.holder, group.skill) for group in families
    )
    beyond = max(0, len(families) - sum(rooms))
    ways = [way for way in product(PEOPLE, repeat=len(families)) if _beyond(way, rooms) == beyond]
    best = min(_worth(families, way, able) for way in ways)
    assert (unskilled(found, able), sum(one.families for one in found if _moves(one.group, one.person))) == best


def _beyond(way, rooms):
    return sum(max(0, way.count(person) - room) for person, room in zip(PEOPLE, rooms, strict=True))


def _moves(group, person):
    return group.holder not in ("", person)


def _worth(families, way, able):
    lacking = sum(bool(one.skill) and one.skill not in able[person] for one, person in zip(families, way, strict=True))
    return lacking, sum(_moves(one, person) for one, person in zip(families, way, strict=True))
