"""Families change hands: nobody is lost, nobody is accompanied twice, and the dates say so on every day."""

from collections import Counter
from datetime import date, timedelta

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.accounts.models import Grant
from gandeng.facilitators import moving
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.models import Accompaniment, CaseloadChange
from gandeng.facilitators.moving import CaseloadRefused, Share
from gandeng.facilitators.tests.factories import make_staff
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db
VILLAGE, OTHER = "6371011001", "6371011002"
WHY = "Uji"


def today():
    return timezone.localdate()


def with_whom(day=None):
    """Family -> staff on a day, straight from the rows; a second facilitator of a family would fail here."""
    day = day or today()
    rows = [
        (row.family_id, row.staff_id)
        for row in Accompaniment.objects.all()
        if row.valid_from <= day and (row.valid_until is None or day < row.valid_until)
    ]
    assert len(rows) == len(dict(rows))
    return dict(rows)


def test_it_works(coordinator):
    families = [make_family(VILLAGE) for _ in range(3)]
    siti = make_staff()
    with in_territory(coordinator):
        change = caseload.assign_unaccompanied(coordinator, VILLAGE, siti, day=today(), reason=WHY)
        assert change.families == 3
        assert with_whom() == {family.pk: siti.pk for family in families}
        assert with_whom(today() - timedelta(1)) == {}
    held = acting_for(siti.person_id, today())
    assert [(one.role, one.region_code) for one in held.grants] == [("FACILITATOR", VILLAGE)]


def test_what_is_handed_over_leaves_one_and_reaches_the_other_on_the_day(coordinator):
    family, stays = make_family(VILLAGE), make_family(OTHER)
    siti, ani = make_staff(), make_staff()
    soon = today() + timedelta(10)
    with in_territory(coordinator):
        for village in (VILLAGE, OTHER):
            caseload.assign_unaccompanied(coordinator, village, siti, day=today(), reason=WHY)
        change = caseload.hand_over(coordinator, siti, ani, day=soon, reason=WHY, villages=[VILLAGE])
        assert change.families == 1
        assert with_whom() == {family.pk: siti.pk, stays.pk: siti.pk}
        assert with_whom(soon) == {family.pk: ani.pk, stays.pk: siti.pk}
    assert [g.region_code for g in acting_for(ani.person_id, today()).grants] == []
    assert [g.region_code for g in acting_for(ani.person_id, soon).grants] == [VILLAGE]
    assert sorted(g.region_code for g in acting_for(siti.person_id, today()).grants) == [VILLAGE, OTHER]
    assert [g.region_code for g in acting_for(siti.person_id, soon).grants] == [OTHER]


@pytest.mark.parametrize("days", [0, 10])
def test_undone_is_as_it_was_before(coordinator, days):
    make_family(VILLAGE)
    siti, ani = make_staff(), make_staff()
    with in_territory(coordinator):
        caseload.assign_unaccompanied(coordinator, VILLAGE, siti, day=today(), reason=WHY)
        before = with_whom()
        change = caseload.hand_over(coordinator, siti, ani, day=today() + timedelta(days), reason=WHY)
        caseload.undo(coordinator, change, reason=WHY)
        for day in range(0, 30, 5):
            assert with_whom(today() + timedelta(day)) == before
        with pytest.raises(CaseloadRefused, match="sudah dibatalkan"):
            caseload.undo(coordinator, CaseloadChange.objects.get(pk=change.pk), reason=WHY)
    for day in (today(), today() + timedelta(20)):
        assert [g.region_code for g in acting_for(siti.person_id, day).grants] == [VILLAGE]
        assert acting_for(ani.person_id, day).grants == ()


def test_it_refuses_who_does_not_accompany_and_what_is_elsewhere(coordinator, stranger):
    make_family(VILLAGE)
    clerk = make_staff(role="DATA_ADMINISTRATOR", name="Bukan Pendamping")
    with in_territory(coordinator):
        with pytest.raises(CaseloadRefused, match="Bukan Pendamping"):
            caseload.assign_unaccompanied(coordinator, VILLAGE, clerk, day=today(), reason=WHY)
        with pytest.raises(CaseloadRefused, match="Tidak ada keluarga"):
            caseload.assign_unaccompanied(coordinator, OTHER, make_staff(), day=today(), reason=WHY)
        with pytest.raises(CaseloadRefused, match="sebelum hari ini"):
            caseload.assign_unaccompanied(coordinator, VILLAGE, clerk, day=date(2024, 1, 1), reason=WHY)


def test_a_family_has_no_second_facilitator_whoever_asks_the_database(coordinator):
    family = make_family(VILLAGE)
    siti, ani = make_staff(), make_staff()
    with in_territory(coordinator):
        change = caseload.assign_unaccompanied(coordinator, VILLAGE, siti, day=today(), reason=WHY)
        with pytest.raises(IntegrityError, match="accompaniment_once"), transaction.atomic():
            Accompaniment.objects.create(
                family=family, staff=ani, village_code=VILLAGE, valid_from=today() + timedelta(3), began_by=change
            )
        row = Accompaniment.objects.get()
        row.staff = ani
        with pytest.raises(IntegrityError, match="it ends"), transaction.atomic():
            row.save()


@pytest.mark.parametrize("becomes", [{"village_code": OTHER}, {"status": "GRADUATED"}])
def test_a_family_that_moves_or_leaves_is_accompanied_no_more(coordinator, becomes):
    family = make_family(VILLAGE)
    with in_territory(coordinator):
        caseload.assign_unaccompanied(coordinator, VILLAGE, make_staff(), day=today(), reason=WHY)
        Family.objects.filter(pk=family.pk).update(**becomes)
        assert with_whom() == {}
        caseload_again = make_staff()
        if "village_code" in becomes:
            caseload.assign_unaccompanied(coordinator, OTHER, caseload_again, day=today(), reason=WHY)
            assert with_whom() == {family.pk: caseload_again.pk}


def test_suspended_families_keep_their_facilitator(coordinator):
    family = make_family(VILLAGE)
    with in_territory(coordinator):
        caseload.assign_unaccompanied(coordinator, VILLAGE, make_staff(), day=today(), reason=WHY)
        Family.objects.filter(pk=family.pk).update(status="SUSPENDED")
        assert set(with_whom()) == {family.pk}


def test_a_later_act_is_not_overtaken(coordinator):
    make_family(VILLAGE)
    siti, ani = make_staff(), make_staff()
    with in_territory(coordinator):
        caseload.assign_unaccompanied(coordinator, VILLAGE, siti, day=today(), reason=WHY)
        caseload.hand_over(coordinator, siti, ani, day=today() + timedelta(10), reason=WHY)
        with pytest.raises(CaseloadRefused, match="Batalkan dahulu"):
            caseload.hand_over(coordinator, siti, ani, day=today() + timedelta(5), reason=WHY)


def test_another_district_neither_sees_nor_moves(coordinator, cast):
    make_family(VILLAGE)
    siti = make_staff()
    elsewhere = cast("DISTRICT_COORDINATOR", "6372")
    with in_territory(coordinator):
        caseload.assign_unaccompanied(coordinator, VILLAGE, siti, day=today(), reason=WHY)
    with in_territory(elsewhere):
        assert Accompaniment.objects.count() == 0
        moving.fill_hand_over(siti.pk, make_staff("6372").pk, today())
        with pytest.raises(CaseloadRefused):
            moving.carry_out(elsewhere, CaseloadChange.Kind.HAND_OVER, "6372", day=today(), reason=WHY)


def test_grants_on_a_sub_district_and_elsewhere_stay(coordinator, cast):
    make_family(VILLAGE)
    siti = make_staff()
    cast("FACILITATOR", "637101", person=siti.person)
    cast("FACILITATOR", "6372011001", person=siti.person)
    with in_territory(coordinator):
        caseload.assign_unaccompanied(coordinator, VILLAGE, siti, day=today(), reason=WHY)
    held = sorted(g.region_code for g in acting_for(siti.person_id, today()).grants)
    assert held == sorted(["637101", VILLAGE, "6372011001"])


counts = st.lists(st.integers(0, 6), min_size=3, max_size=3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=counts, wanted=counts, came=st.integers(0, 3))
def test_shares_are_kept_and_only_as_many_change_hands_as_must(coordinator, before, wanted, came):
    """For one village and three people: an oracle counts what must move; the dates do the rest."""
    with transaction.atomic(), in_territory(coordinator):
        people = [make_staff() for _ in range(3)]
        for staff, number in zip(people, before, strict=True):
            for _ in range(number):
                make_family(VILLAGE)
            if number:
                caseload.assign_unaccompanied(coordinator, VILLAGE, staff, day=today(), reason=WHY)
        for _ in range(came):
            make_family(VILLAGE)
        total = sum(before) + came
        if not total or not any(wanted):
            transaction.set_rollback(True)
            return
        moving.fill_by_shares(
            [Share(VILLAGE, staff.pk, number) for staff, number in zip(people, wanted, strict=True)], today()
        )
        try:
            moving.carry_out(coordinator, CaseloadChange.Kind.BALANCE, "6371", day=today(), reason=WHY)
        except CaseloadRefused:
            assert came == 0
        found = Counter(with_whom().values())
        assert sum(found.values()) == total, "nobody is lost"
        if sum(wanted) == total:
            assert [found[staff.pk] for staff in people] == wanted
        kept = sum(min(have, want) for have, want in zip(before, wanted, strict=True))
        stayed = Accompaniment.objects.filter(valid_until=None).exclude(began_by__kind="BALANCE").count()
        assert stayed == kept or (sum(wanted) < total and stayed >= kept)
        transaction.set_rollback(True)


def test_a_row_of_the_past_is_never_deleted(coordinator, django_db_blocker):
    make_family(VILLAGE)
    with in_territory(coordinator):
        caseload.assign_unaccompanied(coordinator, VILLAGE, make_staff(), day=today(), reason=WHY)
        with pytest.raises(Exception, match="permission denied") as told, transaction.atomic():
            Accompaniment.objects.all().delete()
    assert isinstance(told.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert Grant.objects.filter(role="FACILITATOR").count() == 1
