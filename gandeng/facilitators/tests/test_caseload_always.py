"""Whatever is done in whatever order, on every day each family is accompanied by one or stands in the list without.

An oracle in plain dictionaries does the same acts; the tables, the list and the figures are compared with it.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.act_queries import families_of, moved_by
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.load_queries import caseload_on, without_facilitator
from gandeng.facilitators.models import Accompaniment, CaseloadChange
from gandeng.facilitators.moving import CaseloadRefused
from gandeng.facilitators.tests.factories import make_staff
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db
VILLAGES = ("6371011001", "6371011002")
PEOPLE, FAMILIES, DAYS = 3, 4, 6
NEEDS = ("ACTIVE", "SUSPENDED")


@dataclass
class Row:
    who: int
    village: str
    since: date
    until: date | None
    began: int
    ended: int | None = None

    def on(self, day):
        return self.since <= day and (self.until is None or self.until > day)


@dataclass
class Oracle:
    """Families by number; acts by number."""

    today: date
    village: dict[int, str]
    status: dict[int, str]
    rows: dict[int, list[Row]] = field(default_factory=dict)
    acts: list[tuple[date, bool]] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)

    def with_whom(self, family, day):
        [found] = [row.who for row in self.rows[family] if row.on(day)] or [None]
        return found

    def _later(self, family, day):
        return any(row.since > day and (row.until is None or row.until > row.since) for row in self.rows[family])

    def _carry_out(self, moves, day, *, is_undo=False):
        """Families now with somebody else; False where the office would be refused."""
        if not moves or any(self._later(family, day) for family in moves):
            return False
        act = len(self.acts)
        self.acts.append((day, is_undo))
        for family, who in moves.items():
            for row in self.rows[family]:
                if row.on(day):
                    row.until, row.ended = max(row.since, day), act
            if who is not None:
                self.rows[family].append(Row(who, self.village[family], day, None, act))
        return True

    def assign(self, village, who, day):
        moves = {
            family: who
            for family, place in self.village.items()
            if place == village and self.status[family] in NEEDS and self.with_whom(family, day) is None
        }
        return self._carry_out(moves, day)

    def hand_over(self, giver, taker, day, village):
        moves = {
            family: taker
            for family, rows in self.rows.items()
            if any(row.on(day) and row.who == giver and row.village == village for row in rows)
        }
        return giver != taker and self._carry_out(moves, day)

    def undo(self, act):
        day, is_undo = self.acts[act]
        every = [(family, row) for family, rows in self.rows.items() for row in rows]
        if is_undo or act in self.undone or any(row.began == act and row.ended is not None for _, row in every):
            return False
        before = {family: row.who for family, row in every if row.ended == act}
        moves = {family: before.get(family) for family, row in every if row.began == act and row.until is None}
        done = self._carry_out(moves, max(day, self.today), is_undo=True)
        if done:
            self.undone.add(act)
        return done

    def leaves(self, family):
        """Moves away or is no longer accompanied: what was ends today, what was to come never comes."""
        for row in self.rows[family]:
            if row.until is None or row.until > max(row.since, self.today):
                row.until = max(row.since, self.today)


person, day = st.integers(0, PEOPLE - 1), st.integers(0, DAYS)
family, village = st.integers(0, FAMILIES - 1), st.integers(0, 1)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("assign"), village, person, day),
        st.tuples(st.just("hand_over"), person, person, day, village),
        st.tuples(st.just("undo"), st.integers(0, 9)),
        st.tuples(st.just("move"), family, village),
        st.tuples(st.just("status"), family, st.sampled_from(["ACTIVE", "SUSPENDED", "GRADUATED"])),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=acts)
def test_every_family_on_every_day(cast, script):
    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    with transaction.atomic(), in_territory(coordinator):
        people = [make_staff() for _ in range(PEOPLE)]
        families = [make_family(VILLAGES[number % 2]) for number in range(FAMILIES)]
        oracle = Oracle(timezone.localdate(), {}, {})
        for number, one in enumerate(families):
            oracle.village[number], oracle.status[number], oracle.rows[number] = one.village_code, "ACTIVE", []
        for act in script:
            do(coordinator, people, families, oracle, *act)
        compare(people, families, oracle)
        transaction.set_rollback(True)


def do(coordinator, people, families, oracle, what, *told):
    today = oracle.today
    if what == "assign":
        place, who, after = VILLAGES[told[0]], told[1], today + timedelta(told[2])
        expected = oracle.assign(place, who, after)
        tried(lambda: caseload.assign_unaccompanied(coordinator, place, people[who], day=after, reason="Uji"), expected)
    elif what == "hand_over":
        giver, taker, after, place = told[0], told[1], today + timedelta(told[2]), VILLAGES[told[3]]
        expected = oracle.hand_over(giver, taker, after, place)
        one, other = people[giver], people[taker]
        tried(lambda: caseload.hand_over(coordinator, one, other, day=after, reason="Uji", villages=[place]), expected)
    elif what == "undo" and told[0] < len(oracle.acts):
        change = CaseloadChange.objects.order_by("id")[told[0]]
        tried(lambda: caseload.undo(coordinator, change, reason="Uji"), oracle.undo(told[0]))
    elif what == "move" and oracle.village[told[0]] != VILLAGES[told[1]]:
        oracle.village[told[0]] = VILLAGES[told[1]]
        oracle.leaves(told[0])
        Family.objects.filter(pk=families[told[0]].pk).update(village_code=VILLAGES[told[1]])
    elif what == "status" and oracle.status[told[0]] != told[1]:
        oracle.status[told[0]] = told[1]
        if told[1] == "GRADUATED":
            oracle.leaves(told[0])
        Family.objects.filter(pk=families[told[0]].pk).update(status=told[1])


def tried(act, expected):
    try:
        act()
    except CaseloadRefused:
        assert not expected
    else:
        assert expected


def compare(people, families, oracle):
    numbers = {one.pk: number for number, one in enumerate(people)}
    for offset in range(DAYS + 2):
        on = oracle.today + timedelta(offset)
        rows = [row for row in Accompaniment.objects.all() if Row("", "", row.valid_from, row.valid_until, 0).on(on)]
        found = {row.family_id: numbers[row.staff_id] for row in rows}
        assert len(found) == len(rows), "nobody is accompanied by two"
        needs = {number for number in range(FAMILIES) if oracle.status[number] in NEEDS}
        expected = {number: oracle.with_whom(number, on) for number in needs}
        assert {number: found.get(families[number].pk) for number in needs} == expected
        without = {families[number].pk for number, who in expected.items() if who is None}
        assert {one.pk for one in without_facilitator("6371", on)} == without
        whole = caseload_on("6371", on, None).whole()
        assert (whole.without, whole.accompanied) == (len(without), len(needs) - len(without))
    for change in CaseloadChange.objects.all():
        assert change.families == sum(one.families for one in moved_by(change)) == families_of(change).count()
