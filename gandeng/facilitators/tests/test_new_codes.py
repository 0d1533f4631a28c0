"""A village that gets another code is the same village: who accompanied its families does so still."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.facilitators import act_queries
from gandeng.facilitators.actions.caseload import assign_unaccompanied, hand_over, undo
from gandeng.facilitators.models import Accompaniment, CaseloadChange
from gandeng.facilitators.staff_queries import caseload_of
from gandeng.facilitators.tests.factories import make_staff
from gandeng.registry.actions import Proof, Wanted, approve_change, request_change
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.recoded import GONE, NEW, OTHER, applied, undone

pytestmark = pytest.mark.django_db


def accompanied(coordinator, village, families=2):
    """A facilitator and her families."""
    staff = make_staff()
    made = [make_family(village, members=2) for _ in range(families)]
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, village, staff, day=timezone.localdate(), reason="Uji")
    return staff, made


def running(family):
    """Who accompanies it today or will: staff, village, from, until."""
    with in_territory(EVERYWHERE):
        rows = Accompaniment.objects.filter(family=family).exclude(valid_until__lte=timezone.localdate())
        told = rows.exclude(valid_until=F("valid_from")).order_by("valid_from")
        return [(row.staff_id, row.village_code, row.valid_from, row.valid_until) for row in told]


def seen_by(staff):
    acting = acting_for(staff.person_id, timezone.localdate())
    with in_territory(acting):
        return set(Family.objects.values_list("pk", flat=True))


def moves(operator, coordinator, family, village):
    with in_territory(operator):
        now = Family.objects.get(pk=family.pk)
        asked = request_change(
            operator, now, "MOVE", None, Wanted({"village_code": village}), "Dilaporkan saat kunjungan",
            Proof("KK asli dilihat"),
        )  # fmt: skip
    with in_territory(coordinator):
        approve_change(coordinator, asked, "Sesuai bukti")


def test_it_works(operator, coordinator, client_of):
    siti, families = accompanied(coordinator, GONE)
    recoding = applied(operator, coordinator, (GONE, NEW, True))
    today = timezone.localdate()
    assert [running(one) for one in families] == [[(siti.pk, NEW, today, None)]] * 2
    assert seen_by(siti) == {one.pk for one in families}
    pages = client_of(acting_for(siti.person_id, today))
    assert pages.get(reverse("registry:family", args=[families[0].pk])).status_code == 200
    undone(coordinator, recoding)
    assert [running(one) for one in families] == [[(siti.pk, GONE, today, None)]] * 2
    assert seen_by(siti) == {one.pk for one in families}


def test_what_she_saw_under_the_old_code_she_sees_still(operator, coordinator):
    siti, families = accompanied(coordinator, GONE)
    assert acting_for(siti.person_id, timezone.localdate()).territory.former == frozenset()
    applied(operator, coordinator, (GONE, NEW, True))
    acting = acting_for(siti.person_id, timezone.localdate())
    assert acting.territory.holds(GONE)
    assert acting.may("accompany", NEW)
    with in_territory(acting):
        told = Accompaniment.objects.filter(family=families[0]).values_list("village_code", flat=True)
        assert set(told) == {GONE, NEW}


def test_a_hand_over_that_is_to_come_still_comes(operator, coordinator):
    siti, families = accompanied(coordinator, GONE)
    ani, soon = make_staff(), timezone.localdate() + timedelta(days=5)
    with in_territory(coordinator):
        hand_over(coordinator, siti, ani, day=soon, reason="Uji")
    applied(operator, coordinator, (GONE, NEW, True))
    today = timezone.localdate()
    expected = [(siti.pk, NEW, today, soon), (ani.pk, NEW, soon, None)]
    assert [running(one) for one in families] == [expected] * 2
    assert NEW in {grant.region_code for grant in acting_for(ani.person_id, soon).grants}
    assert NEW not in {grant.region_code for grant in acting_for(siti.person_id, soon).grants}


def test_of_a_village_that_split_whoever_is_told_in_the_new_one_keeps_her(operator, coordinator):
    siti, (goes, stays) = accompanied(coordinator, OTHER)
    applied(operator, coordinator, (OTHER, NEW, False))
    moves(operator, coordinator, goes, NEW)
    today = timezone.localdate()
    assert running(goes) == [(siti.pk, NEW, today, None)]
    assert running(stays) == [(siti.pk, OTHER, today, None)]
    assert seen_by(siti) == {goes.pk, stays.pk}


def test_a_real_move_ends_it_as_before(operator, coordinator):
    siti, (family, _) = accompanied(coordinator, GONE)
    applied(operator, coordinator, (GONE, NEW, True))
    moves(operator, coordinator, family, OTHER)
    assert running(family) == []
    assert family.pk not in seen_by(siti)


def test_a_family_that_leaves_with_the_change_is_accompanied_no_more(operator, coordinator):
    _, (family, _) = accompanied(coordinator, OTHER)
    applied(operator, coordinator, (OTHER, NEW, False))
    with in_territory(EVERYWHERE):
        Family.objects.filter(pk=family.pk).update(village_code=NEW, status="ENDED")
    assert running(family) == []


def test_an_act_of_before_is_undone_as_before(operator, coordinator):
    """What was handed over before the change goes back after it."""
    siti, families = accompanied(coordinator, GONE)
    ani = make_staff()
    with in_territory(coordinator):
        act = hand_over(coordinator, siti, ani, day=timezone.localdate(), reason="Uji")
    applied(operator, coordinator, (GONE, NEW, True))
    with in_territory(coordinator):
        undo(coordinator, act, reason="Uji")
    assert [running(one)[0][:2] for one in families] == [(siti.pk, NEW)] * 2


def test_each_family_is_told_once_by_the_act_that_gave_it(operator, coordinator, client_of):
    siti, families = accompanied(coordinator, GONE)
    applied(operator, coordinator, (GONE, NEW, True))
    with in_territory(coordinator):
        act = CaseloadChange.objects.get()
        assert [(one.village_code, one.families) for one in act_queries.moved_by(act)] == [(GONE, 2)]
        assert act_queries.families_of(act).count() == 2
        villages, moves = caseload_of(siti, timezone.localdate())
    assert [(one.code, one.families) for one in villages] == [(NEW, 2)]
    assert [(one.came, one.went) for one in moves] == [(2, 0)]
    told = act_queries.own_acts(siti, timezone.localdate())
    assert [(one.village_code, one.comes, one.families) for one in told] == [(GONE, True, 2)]
    page = client_of(coordinator).get(reverse("registry:family", args=[families[0].pk])).content.decode()
    assert page.count(siti.person.name) == 1


def test_the_database_keeps_what_goes_on(operator, coordinator):
    accompanied(coordinator, GONE)
    applied(operator, coordinator, (GONE, NEW, True))
    with in_territory(EVERYWHERE), pytest.raises(DatabaseError, match="it ends"), transaction.atomic():
        Accompaniment.objects.filter(goes_on=True).update(goes_on=False)
