"""A plan from its question to its end: right, whole, edited, locked, refused, carried out once."""

import os
import signal
import threading
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.facilitators import moving, solving
from gandeng.facilitators.actions import caseload, plans
from gandeng.facilitators.measures import Measures, Start, Worker, measure
from gandeng.facilitators.models import Accompaniment, CaseloadChange, Plan, PlanRow, Post
from gandeng.facilitators.moving import CaseloadRefused, Share
from gandeng.facilitators.plan_queries import drift_of, handed, locks_of, shares_of, start_of
from gandeng.facilitators.tests.factories import make_staff
from gandeng.facilitators.tests.plan_world import FAMILIES, FAR, NEAR, WHY, asked, make_district, make_plan, silent
from gandeng.jobs.work import KINDS, WorkRefused
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import make_family


@pytest.fixture
def coordinator(db, cast):
    return cast("DISTRICT_COORDINATOR", "6371")


@pytest.fixture
def district(coordinator):
    return make_district(coordinator)


def today():
    return timezone.localdate()


def with_whom(day=None):
    """Family -> staff on a day; a family that two accompany fails here."""
    day = day or today()
    rows = [
        (row.family_id, row.staff_id)
        for row in Accompaniment.objects.all()
        if row.valid_from <= day and (row.valid_until is None or day < row.valid_until)
    ]
    assert len(rows) == len(dict(rows))
    return dict(rows)


def row_of(plan, village):
    return PlanRow.objects.get(option=plan.chosen, village_code=village)


def test_it_works(coordinator, district):
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        start, shares = start_of(plan), shares_of(plan.chosen)
        assert set(shares) == {Share(NEAR, district.siti.pk, FAMILIES), Share(FAR, district.ani.pk, FAMILIES)}
        before, after = Measures.from_json(plan.before["measures"]), Measures.from_json(plan.chosen.after)
        assert (before.worst, before.least, before.over_norm, before.changed) == (12, 0, 1, 0)
        assert (after.worst, after.least, after.changed, after.found, after.nobody) == (6, 6, 6, 0, 0)
        assert after.km < before.km
        assert start.families == 12
        rows = handed(plan, today())
        assert [(row.giver, row.taker, row.families) for row in rows] == [("Siti Uji", "Ani Uji", 6)]
        families = set(Family.objects.values_list("pk", flat=True))
        change = plans.approve(coordinator, plan, day=today(), reason=WHY)
        assert change.families == sum(row.families for row in rows) == after.changed + after.found
        assert set(with_whom()) == families, "every family is with somebody, once"
        assert Counter(with_whom().values()) == {district.siti.pk: 6, district.ani.pk: 6}
        plan = Plan.objects.get(pk=plan.pk)
        assert (plan.state, plan.change, plan.decided_by_id) == ("CARRIED_OUT", change, coordinator.person_id)
        assert handed(plan, today()) == rows
        caseload.undo(coordinator, change, reason=WHY)
        assert set(with_whom().values()) == {district.siti.pk}
        done = set(AuditEntry.objects.values_list("action", flat=True))
        assert {"plan.made", "plan.chosen", "plan.carried_out", "caseload.changed"} <= done


def test_families_nobody_accompanies_get_somebody(coordinator, district):
    lost = [make_family(NEAR).pk for _ in range(3)]
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        assert Measures.from_json(plan.before["measures"]).nobody == 3
        after = Measures.from_json(plan.chosen.after)
        assert (after.nobody, after.found) == (0, 3)
        change = plans.approve(coordinator, plan, day=today(), reason=WHY)
        assert change.families == after.changed + after.found
        assert set(lost) <= set(with_whom())


def test_whoever_is_away_or_left_out_gets_nothing(coordinator, district):
    third = make_staff(name="Cici Uji", home="637101")
    with in_territory(coordinator):
        district.ani.leaves.create(
            region_code="6371", kind="ANNUAL", valid_from=today(), valid_until=today() + timedelta(9)
        )
    plan = make_plan(coordinator, left_out=(third.pk,))
    with in_territory(coordinator):
        assert {share.staff_id for share in shares_of(plan.chosen)} == {district.siti.pk}


def test_an_edit_is_counted_marked_and_taken_back(coordinator, district):
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        plans.give(coordinator, plan, row_of(plan, FAR), district.siti.pk, 2)
        rows = {
            (row.staff_id, row.families, row.edited)
            for row in PlanRow.objects.filter(village_code=FAR, option=plan.chosen)
        }
        assert rows == {(district.ani.pk, 4, True), (district.siti.pk, 2, True)}
        now = measure(start_of(plan), shares_of(plan.chosen))
        assert (now.worst, now.changed, now.shared) == (8, 4, 1)
        assert sum(row.families for row in handed(plan, today())) == 4
        own = PlanRow.objects.get(option=plan.chosen, village_code=FAR, staff=district.siti)
        plans.give(coordinator, plan, own, district.ani.pk, 1)
        plans.restore(coordinator, plan, FAR)
        assert measure(start_of(plan), shares_of(plan.chosen)) == Measures.from_json(plan.chosen.after)
        assert not PlanRow.objects.filter(option=plan.chosen, edited=True).exists()
        with pytest.raises(CaseloadRefused, match="tidak diubah"):
            plans.restore(coordinator, plan, FAR)


def test_it_refuses_edits_that_make_no_sense(coordinator, district):
    stranger = make_staff("6372")
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        row = row_of(plan, FAR)
        for taker, families, words in (
            (district.ani.pk, 1, "orang lain"), (stranger.pk, 1, "tidak ikut"), (district.siti.pk, 7, "sampai 6"),
            (district.siti.pk, 0, "sampai 6"),
        ):  # fmt: skip
            with pytest.raises(CaseloadRefused, match=words):
                plans.give(coordinator, plan, row, taker, families)
        plans.give(coordinator, plan, row, district.siti.pk, 6)
        with pytest.raises(CaseloadRefused, match="sudah berubah"):
            plans.give(coordinator, plan, row, district.siti.pk, 1)
        with pytest.raises(CaseloadRefused, match="tidak ada"):
            plans.choose(coordinator, plan, 99)


def test_locks_are_kept_when_asked_again(coordinator, district):
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        plans.give(coordinator, plan, row_of(plan, FAR), district.siti.pk, 6)
        plans.give(coordinator, plan, row_of(plan, NEAR), district.ani.pk, 6)
        plans.lock(coordinator, plan, row_of(plan, NEAR), stays=True)
        plans.lock(coordinator, plan, row_of(plan, FAR), stays=True)
        with pytest.raises(CaseloadRefused, match="sebaliknya"):
            plans.lock(coordinator, plan, row_of(plan, FAR), stays=False)
    again = make_plan(coordinator, follows=plan.pk)
    with in_territory(coordinator):
        assert again.follows_id == plan.pk
        assert set(shares_of(again.chosen)) == {
            Share(NEAR, district.ani.pk, 6), Share(FAR, district.siti.pk, 6)
        }  # fmt: skip
        assert len(locks_of(again)) == 2
        plans.unlock(coordinator, again, locks_of(again)[0].pk)
        assert len(locks_of(again)) == 1
        plans.lock(coordinator, again, row_of(again, NEAR), stays=False)
        plans.lock(coordinator, again, row_of(again, NEAR), stays=False)
    third = make_plan(coordinator, follows=again.pk)
    with in_territory(coordinator):
        assert Share(NEAR, district.siti.pk, 6) in shares_of(third.chosen)


def test_contradicting_locks_nobody_and_no_village_are_answered_in_words(coordinator, cast):
    def refusal(who, **told):
        with in_territory(who), pytest.raises(WorkRefused) as refused:
            KINDS["facilitators.balance"](who, silent, asked(**told).to_json())
        return str(refused.value)

    assert "belum ada keluarga" in refusal(coordinator)
    make_family(NEAR)
    assert "belum ada pendamping" in refusal(coordinator)
    siti = make_staff(name="Siti Uji")
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        plans.lock(coordinator, plan, row_of(plan, NEAR), stays=False)
    told = refusal(coordinator, follows=plan.pk)
    assert "melarang setiap pendamping" in told
    assert str(siti.pk) not in told
    told = refusal(coordinator, left_out=(siti.pk,))
    assert "Kota Banjarmasin (63.71): semua pendamping (1 orang)" in told


def test_one_village_a_person_without_home_and_a_village_without_coordinates(coordinator):
    for _ in range(4):
        make_family("6371019999")
    make_staff(home=""), make_staff(home="")
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        assert sum(share.families for share in shares_of(plan.chosen)) == 4
        assert {note["code"] for note in plan.notes} >= {"balance.at_sub_district", "balance.home_where_needed"}
        assert plans.approve(coordinator, plan, day=today(), reason=WHY).families == 4


def test_the_plan_is_bound_to_what_was_looked_at(coordinator, district):
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        came = make_family(NEAR)
        drift = drift_of(plan, shares_of(plan.chosen), today())
        assert (drift.came, drift.refuses) == ({NEAR: 1}, False), "one family more is no other caseload"
        make_family("6371031001")
        with pytest.raises(CaseloadRefused, match="desa yang belum ada"):
            plans.approve(coordinator, plan, day=today(), reason=WHY)
        Family.objects.filter(village_code="6371031001").update(status="GRADUATED")
        change = plans.approve(coordinator, plan, day=today(), reason=WHY)
        assert came.pk in with_whom()
        assert change.families == 7


@pytest.mark.parametrize("what", ["left", "act", "yesterday", "nothing chosen"])
def test_it_refuses_when_the_caseload_is_another_one(coordinator, district, what):
    plan = make_plan(coordinator)
    day, words = today(), {"left": "bukan pendamping lagi: Ani", "act": "1 kali", "yesterday": "sebelum hari ini"}
    with in_territory(coordinator):
        if what == "left":
            Post.objects.filter(staff=district.ani).update(valid_until=today())
        if what == "act":
            caseload.hand_over(coordinator, district.siti, district.ani, day=day, reason=WHY, villages=[NEAR])
        if what == "yesterday":
            day -= timedelta(1)
        if what == "nothing chosen":
            Plan.objects.update(chosen=None)
        before = with_whom()
        with pytest.raises(CaseloadRefused, match=words.get(what, "Pilih dahulu")):
            plans.approve(coordinator, plan, day=day, reason=WHY)
        assert with_whom() == before
        assert Plan.objects.get().state == "DRAFT"


def test_a_decided_plan_stays_as_it_is(coordinator, district):
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        row = row_of(plan, FAR)
        plans.drop(coordinator, plan, reason="Menunggu orang baru")
        for act in (
            lambda: plans.drop(coordinator, plan, reason=WHY),
            lambda: plans.approve(coordinator, plan, day=today(), reason=WHY),
            lambda: plans.give(coordinator, plan, row, district.siti.pk, 1),
            lambda: plans.lock(coordinator, plan, row, stays=True),
            lambda: plans.choose(coordinator, plan, 1),
        ):
            with pytest.raises(CaseloadRefused, match="sudah diputuskan"):
                act()
        with pytest.raises(IntegrityError, match="stays so"), transaction.atomic():
            PlanRow.objects.update(families=1)


def test_who_may_do_what(coordinator, district, operator, stranger, cast):
    plan = make_plan(operator)
    for who in (operator, stranger, cast("DISTRICT_HEAD", "6371"), cast("DISTRICT_COORDINATOR", "6372")):
        with in_territory(coordinator), pytest.raises(PermissionDenied):
            plans.approve(who, plan, day=today(), reason=WHY)
    for who in (stranger, cast("DISTRICT_HEAD", "6371"), cast("AUDITOR", "6371")):
        with in_territory(coordinator), pytest.raises(PermissionDenied):
            plans.drop(who, plan, reason=WHY)
    with in_territory(cast("DISTRICT_COORDINATOR", "6372")):
        assert not Plan.objects.exists()
        assert not PlanRow.objects.exists()


shares = st.lists(st.tuples(st.sampled_from([NEAR, FAR]), st.integers(0, 2), st.integers(0, 9)), max_size=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(held=shares, wanted=shares)
def test_measures_are_what_plain_counting_gives(held, wanted):
    people = [Worker(uuid(n), "637101", takes_part=True) for n in range(3)]
    start = Start("6371", today(), 0, 5, tuple(people), {NEAR: 90, FAR: 90}, tuple(_shares(held)))
    found = measure(start, _shares(wanted))
    moved = sum(
        max(0, total(held, village, n) - total(wanted, village, n)) for village in (NEAR, FAR) for n in range(3)
    )
    loads = [sum(families for _village, who, families in wanted if who == n) for n in range(3)]
    assert (found.worst, found.least) == (max(loads), min(loads))
    assert found.over_norm == sum(load > 5 for load in loads)
    assert found.changed <= moved
    assert found.changed + found.found <= sum(loads)
    assert Start.from_json(start.to_json()) == start
    assert Measures.from_json(found.to_json()) == found


def uuid(number):
    return UUID(int=number + 1)


def total(rows, village, who):
    return sum(families for one, person_, families in rows if (one, person_) == (village, who))


def _shares(rows):
    return [Share(village, uuid(who), families) for village, who, families in rows]


edits = st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(1, 6)), max_size=5)


@settings(
    max_examples=12, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(made=edits, came=st.integers(0, 2), went=st.integers(0, 2))
def test_whatever_is_edited_every_family_has_one_and_the_list_says_what_moves(coordinator, district, made, came, went):
    """Edits at random, families that come and go: nobody is lost, and the hand-over list is what happens."""
    with transaction.atomic():
        plan = make_plan(coordinator, seconds=2)
        with in_territory(coordinator):
            for place, to_siti, families in made:
                rows = list(PlanRow.objects.filter(option=plan.chosen).order_by("village_code", "pk"))
                row, taker = rows[place % len(rows)], (district.siti if to_siti else district.ani).pk
                if row.staff_id != taker:
                    plans.give(coordinator, plan, row, taker, min(families, row.families))
            for _ in range(came):
                make_family(NEAR)
            gone = Family.objects.filter(village_code=FAR).values_list("pk", flat=True)[:went]
            Family.objects.filter(pk__in=list(gone)).update(status="ENDED")
            listed = handed(plan, today())
            if listed:
                change = plans.approve(coordinator, plan, day=today(), reason=WHY)
                assert change.families == sum(row.families for row in listed)
                assert handed(Plan.objects.get(pk=plan.pk), today()) == listed
                assert set(with_whom()) == set(Family.objects.exclude(status="ENDED").values_list("pk", flat=True))
        transaction.set_rollback(True)


# Two at once, and killed in the middle.


@pytest.fixture
def two(own_database):
    """Two coordinators of a district with a plan, committed."""
    one, other = Cast()("DISTRICT_COORDINATOR", "6371"), Cast()("DISTRICT_COORDINATOR", "6371")
    district = make_district(one)
    return one, other, district, make_plan(one), make_plan(other)


@pytest.mark.parametrize("same", [True, False])
def test_two_who_approve_at_once_move_the_families_once(two, same):
    one, other, district, plan, second = two
    gate, found = threading.Barrier(2), []

    def work(who, which):
        try:
            with in_territory(who), transaction.atomic():
                gate.wait()
                found.append(plans.approve(who, which, day=today(), reason=WHY))
        except CaseloadRefused as refused:
            found.append(str(refused))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=told) for told in ((one, plan), (other, plan if same else second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(each, str) for each in found) == [False, True], found
    with in_territory(one):
        assert CaseloadChange.objects.filter(kind="BALANCE").count() == 1
        assert Counter(with_whom().values()) == {district.siti.pk: 6, district.ani.pk: 6}
        assert Plan.objects.filter(state="CARRIED_OUT").count() == 1


def test_killed_in_the_middle_it_stays_a_draft(two):
    one, _other, district, plan, _second = two
    connections.close_all()
    child = os.fork()
    if child == 0:
        real = moving.carry_out

        def dies(*told, **more):
            real(*told, **more)
            os.kill(os.getpid(), signal.SIGKILL)

        moving.carry_out = dies
        try:
            with in_territory(one):
                plans.approve(one, plan, day=today(), reason=WHY)
        finally:
            os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    with in_territory(one):
        assert set(Plan.objects.values_list("state", flat=True)) == {"DRAFT"}
        assert set(with_whom().values()) == {district.siti.pk}
        plans.approve(one, plan, day=today(), reason=WHY)
        assert Counter(with_whom().values()) == {district.siti.pk: 6, district.ani.pk: 6}


def test_the_question_is_read_by_set(coordinator, district, django_assert_max_num_queries):
    with in_territory(coordinator), django_assert_max_num_queries(5):
        start = solving.read_start("6371", today(), norm=200)
    assert (start.villages, len(start.held), len(start.workers)) == ({NEAR: 6, FAR: 6}, 2, 2)
