"""Leaving, and going to another district: posts end, families go to somebody, or to nobody where that is said."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.facilitators.actions import equipment, leaving
from gandeng.facilitators.actions.caseload import assign_unaccompanied, hand_over
from gandeng.facilitators.actions.leaving import Destination, Receivers
from gandeng.facilitators.actions.staff import StaffRefused
from gandeng.facilitators.models import Accompaniment, Staff
from gandeng.facilitators.moving import CaseloadRefused
from gandeng.facilitators.staff_queries import on_day, villages_held
from gandeng.facilitators.tests.factories import make_staff
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db
VILLAGE, OTHER = "6371011001", "6371011002"
WHY = "Surat 1/2026"


def today():
    return timezone.localdate()


@pytest.fixture
def siti(coordinator):
    """Accompanies two families of one village and one of another."""
    staff = make_staff(name="Siti")
    for village in (VILLAGE, VILLAGE, OTHER):
        make_family(village)
    with in_territory(coordinator):
        for village in (VILLAGE, OTHER):
            assign_unaccompanied(coordinator, village, staff, day=today(), reason="Awal")
    return staff


def held(staff, day=None):
    return {village.code: village.families for village in villages_held(staff, day or today())}


@pytest.mark.parametrize("later", [0, 30])
def test_it_works(coordinator, siti, later):
    ani, mia, day = make_staff(), make_staff(), today() + timedelta(later)
    with in_territory(coordinator):
        equipment.issue(coordinator, siti, "VEST", "R-1", day=today())
        gone = leaving.end_service(
            coordinator, siti, day=day, because="RESIGNED", reason=WHY,
            receivers=Receivers({VILLAGE: ani.pk, OTHER: mia.pk}),
        )  # fmt: skip
        assert (sum(change.families for change in gone.changes), gone.without, gone.equipment) == (3, 0, 1)
        assert held(siti, day) == {} and held(ani, day) == {VILLAGE: 2} and held(mia, day) == {OTHER: 1}
        assert held(siti, day - timedelta(1)) == ({VILLAGE: 2, OTHER: 1} if later else {})
        left = Staff.objects.get(pk=siti.pk)
        assert (left.left_on, left.left_because) == (day, "RESIGNED")
        assert not siti.posts.filter(on_day(day)) and not siti.employments.filter(on_day(day))
    assert acting_for(siti.person_id, day).grants == ()
    assert [grant.region_code for grant in acting_for(ani.person_id, day).grants] == [VILLAGE]


def test_a_role_an_administrator_gave_is_named(coordinator, cast):
    siti = make_staff()
    cast("SUB_DISTRICT_LEAD", "637101", person=siti.person)
    with in_territory(coordinator):
        gone = leaving.end_service(coordinator, siti, day=today(), because="RESIGNED", reason=WHY)
        assert gone.roles == 1


def test_recorded_late_her_families_go_from_today_on(coordinator, siti):
    ani, day = make_staff(), today() - timedelta(9)
    with in_territory(coordinator):
        everyone = Receivers(dict.fromkeys((VILLAGE, OTHER), ani.pk))
        leaving.end_service(coordinator, siti, day=day, because="DIED", reason=WHY, receivers=everyone)
        assert held(ani) == {VILLAGE: 2, OTHER: 1}
        assert Staff.objects.get(pk=siti.pk).left_on == day


def test_a_family_without_a_receiver_is_left_only_when_said(coordinator, siti):
    ani = make_staff()
    with in_territory(coordinator):
        some = Receivers({VILLAGE: ani.pk})
        with pytest.raises(StaffRefused, match="penerima untuk 1 keluarga") as why:
            leaving.end_service(coordinator, siti, day=today(), because="RETIRED", reason=WHY, receivers=some)
        assert why.value.field == "taker" and held(siti) == {VILLAGE: 2, OTHER: 1}
        said = Receivers({VILLAGE: ani.pk, OTHER: None}, without=True)
        gone = leaving.end_service(coordinator, siti, day=today(), because="RETIRED", reason=WHY, receivers=said)
        assert gone.without == 1 and held(siti) == {} and held(ani) == {VILLAGE: 2}


def test_an_operator_prepares_everything_but_the_hand_over(operator, coordinator, siti):
    ani = make_staff()
    with in_territory(operator):
        for receivers in (Receivers(), Receivers(dict.fromkeys((VILLAGE, OTHER), ani.pk)), Receivers(without=True)):
            with pytest.raises(StaffRefused, match="diputuskan koordinator"):
                leaving.end_service(operator, siti, day=today(), because="RESIGNED", reason=WHY, receivers=receivers)
    with in_territory(coordinator):
        hand_over(coordinator, siti, ani, day=today(), reason=WHY)
    with in_territory(operator):
        assert leaving.end_service(operator, siti, day=today(), because="RESIGNED", reason=WHY).changes == []


def test_it_refuses_who_is_to_have_families_later_and_who_left_already(coordinator, siti):
    ani = make_staff()
    soon = today() + timedelta(10)
    with in_territory(coordinator):
        hand_over(coordinator, siti, ani, day=soon, reason=WHY, villages=[OTHER])
        with pytest.raises(StaffRefused, match="1 keluarga akan diserahkan kepadanya"):
            leaving.end_service(coordinator, ani, day=today(), because="RESIGNED", reason=WHY)
        with pytest.raises(CaseloadRefused, match="Batalkan dahulu"):
            everyone = Receivers(dict.fromkeys((VILLAGE, OTHER), make_staff().pk))
            leaving.end_service(coordinator, siti, day=today(), because="RESIGNED", reason=WHY, receivers=everyone)
        nobody = make_staff()
        leaving.end_service(coordinator, nobody, day=today(), because="RESIGNED", reason=WHY)
        with pytest.raises(StaffRefused, match="sudah berhenti"):
            leaving.end_service(coordinator, nobody, day=today(), because="RESIGNED", reason=WHY)


def test_a_leaving_that_was_none_is_undone(operator):
    siti = make_staff()
    with in_territory(operator):
        leaving.end_service(operator, siti, day=today(), because="RESIGNED", reason=WHY)
        leaving.undo_end(operator, siti, reason="Salah orang")
        assert Staff.objects.get(pk=siti.pk).left_on is None
        assert siti.posts.filter(on_day(today())).count() == siti.employments.filter(on_day(today())).count() == 1
        with pytest.raises(StaffRefused, match="tidak tercatat berhenti"):
            leaving.undo_end(operator, siti, reason=WHY)


THERE = Destination("FACILITATOR", "6372", "637202")


def test_a_transfer_takes_her_record_along_and_leaves_her_families(cast, operator, stranger):
    """By whoever keeps staff in both places; a province's officer does, and leaves families to the coordinator."""
    officer, siti = cast("PROVINCE_OFFICER", "63"), make_staff()
    with in_territory(officer):
        leaving.transfer(officer, siti, THERE, day=today(), reason=WHY)
    with in_territory(EVERYWHERE):
        moved = Staff.objects.get(pk=siti.pk)
        assert (moved.region_code, moved.home_code) == ("6372", "637202")
        assert [post.region_code for post in siti.posts.filter(on_day(today()))] == ["6372"]
    with in_territory(stranger):
        assert Staff.objects.filter(pk=siti.pk).exists() and siti.employments.count() == 1
    with in_territory(operator):
        assert not Staff.objects.filter(pk=siti.pk).exists()


def test_a_transfer_with_families_needs_both_rights(cast, siti):
    ani, officer = make_staff(), cast("PROVINCE_OFFICER", "63")
    everyone = Receivers(dict.fromkeys((VILLAGE, OTHER), ani.pk))
    with in_territory(officer), pytest.raises(StaffRefused, match="diputuskan koordinator"):
        leaving.transfer(officer, siti, THERE, day=today(), reason=WHY, receivers=everyone)
    both = cast("PROVINCE_HEAD", "63", person=person_of(officer))
    with in_territory(both):
        gone = leaving.transfer(both, siti, THERE, day=today(), reason=WHY, receivers=everyone)
        assert sum(change.families for change in gone.changes) == 3 and held(ani) == {VILLAGE: 2, OTHER: 1}
        assert Accompaniment.objects.filter(on_day(today()), staff=siti).count() == 0


def person_of(acting):
    from gandeng.accounts.models import Person

    return Person.objects.get(pk=acting.person_id)


def test_it_refuses_a_transfer_beyond_ones_own_or_to_come_or_to_where_she_is(cast, coordinator):
    siti, officer = make_staff(), cast("PROVINCE_OFFICER", "63")
    with in_territory(coordinator), pytest.raises(PermissionDenied):
        leaving.transfer(coordinator, siti, THERE, day=today(), reason=WHY)
    with in_territory(officer):
        with pytest.raises(StaffRefused, match="bukan sebelumnya"):
            leaving.transfer(officer, siti, THERE, day=today() + timedelta(1), reason=WHY)
        with pytest.raises(StaffRefused, match="sudah bekerja"):
            leaving.transfer(officer, siti, Destination("SUPERVISOR", "6371"), day=today(), reason=WHY)
        with pytest.raises(StaffRefused, match="Pilih provinsinya"):
            leaving.transfer(officer, siti, Destination("REGIONAL_COORDINATOR", "6372"), day=today(), reason=WHY)
