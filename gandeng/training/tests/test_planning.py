"""Who sits in which batch, against every seating there is on small cases."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.training.planning import Batch, Candidate, Span, Without, plan

MONDAY = date(2027, 1, 4)


def span(first, days):
    return Span(MONDAY + timedelta(days=first), MONDAY + timedelta(days=first + days - 1))


spans = st.builds(span, st.integers(0, 6), st.integers(1, 4))
batches = st.lists(st.builds(Batch, spans, st.integers(1, 3)), min_size=1, max_size=3)
homes = st.sampled_from(["637101", "637102", ""])
people = st.lists(
    st.tuples(homes, st.integers(1, 3), st.lists(spans, max_size=1).map(tuple)), max_size=6
).map(lambda rows: [Candidate(f"P{number}", *row) for number, row in enumerate(rows)])  # fmt: skip
limits = st.none() | st.integers(1, 2)
absent = st.dictionaries(st.sampled_from(["637101", "637102"]), st.lists(spans, max_size=1), max_size=2)


def keeps_the_rules(people, batches, seats, absent_max, absent):
    """Said again, naively: every day, every sub-district, every seat."""
    for number, batch in enumerate(batches):
        if sum(one == number for one in seats.values()) > batch.seats:
            return False
    by_key = {one.key: one for one in people}
    for key, number in seats.items():
        if any(batches[number].span.meets(away) for away in by_key[key].away):
            return False
    if absent_max is None:
        return True
    for home in {one.home for one in people if one.home}:
        for day in {day for batch in batches for day in batch.span.days}:
            there = [number for key, number in seats.items() if by_key[key].home == home]
            away = sum(batches[number].span.first <= day <= batches[number].span.last for number in there)
            before = sum(one.first <= day <= one.last for one in absent.get(home, ()))
            if away and away + before > absent_max:
                return False
    return True


def score(people, seats):
    """As many as possible of the most urgent, then of the next."""
    return tuple(sum(one.urgency == urgency and one.key in seats for one in people) for urgency in (1, 2, 3))


def best(people, batches, absent_max, absent):
    """Of all the seatings there are."""
    choices = product([None, *range(len(batches))], repeat=len(people))
    all_of_them = (
        {one.key: batch for one, batch in zip(people, chosen, strict=True) if batch is not None} for chosen in choices
    )
    allowed = (seats for seats in all_of_them if keeps_the_rules(people, batches, seats, absent_max, absent))
    return max(score(people, seats) for seats in allowed)


@settings(max_examples=40, deadline=None)
@given(people, batches, limits, absent)
def test_no_seating_is_better(people, batches, absent_max, absent):
    found = plan(people, batches, absent_max=absent_max, absent=absent)
    assert keeps_the_rules(people, batches, found.seats, absent_max, absent)
    assert score(people, found.seats) == best(people, batches, absent_max, absent)


@settings(max_examples=40, deadline=None)
@given(people, batches, limits, absent)
def test_everybody_has_a_seat_or_a_true_reason(people, batches, absent_max, absent):
    found = plan(people, batches, absent_max=absent_max, absent=absent)
    assert {*found.seats} | {*found.without} == {one.key for one in people}
    assert not {*found.seats} & {*found.without}
    taken = [sum(one == number for one in found.seats.values()) for number in range(len(batches))]
    for one in people:
        if one.key not in found.without:
            continue
        can = [n for n, batch in enumerate(batches) if not any(batch.span.meets(away) for away in one.away)]
        free = [n for n in can if taken[n] < batches[n].seats]
        why = Without.NOT_AVAILABLE if not can else Without.ABSENT_MAX if free else Without.SEATS
        assert found.without[one.key] == why
        for number in free:
            more = {**found.seats, one.key: number}
            assert not keeps_the_rules(people, batches, more, absent_max, absent)


@settings(max_examples=20, deadline=None)
@given(people, batches, limits)
def test_asked_twice_it_answers_the_same(people, batches, absent_max):
    assert plan(people, batches, absent_max=absent_max) == plan(people, batches, absent_max=absent_max)


@pytest.mark.parametrize(
    ("absent_max", "absent", "seated"),
    [(None, {}, 3), (1, {}, 2), (2, {"637101": [span(0, 1)]}, 2), (1, {"637101": [span(0, 9)]}, 0)],
)
def test_a_sub_district_keeps_its_people(absent_max, absent, seated):
    people = [Candidate(f"P{number}", "637101", 1) for number in range(3)]
    batches = [Batch(span(0, 2), 2), Batch(span(5, 2), 1)]
    assert len(plan(people, batches, absent_max=absent_max, absent=absent).seats) == seated


def test_the_urgent_sit_first_and_early():
    people = [Candidate("A", "637101", 2), Candidate("B", "637102", 1)]
    found = plan(people, [Batch(span(10, 2), 1), Batch(span(0, 2), 1)])
    assert found.seats == {"B": 1, "A": 0}
    assert plan(people, [Batch(span(0, 2), 1)]).without == {"A": Without.SEATS}
