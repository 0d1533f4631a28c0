"""A group of a village that gets another code goes on, and what it did before stays told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.family_sessions import queries
from gandeng.family_sessions.models import Attendance, Group, Membership
from gandeng.family_sessions.tests.factories import hold, make_facilitator, make_group
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.recoded import GONE, NEW, OTHER, applied, undone

pytestmark = pytest.mark.django_db


def members(group):
    with in_territory(EVERYWHERE):
        return {(one.family_id, one.village_code) for one in queries.members_on(group, timezone.localdate())}


def again(acting):
    return acting_for(acting.person_id, timezone.localdate())


def test_it_works(cast, operator, coordinator, client_of):
    she, staff = make_facilitator(cast, village=GONE)
    group = make_group(she, staff, village=GONE)
    before = hold(she, group)
    applied(operator, coordinator, (GONE, NEW, True))
    assert len(members(group)) == 3
    assert {village for _, village in members(group)} == {NEW}
    after = hold(again(she), group, session_code="1.2")
    page = client_of(again(she)).get(reverse("family_sessions:group", args=[group.pk]))
    assert page.status_code == 200
    with in_territory(EVERYWHERE):
        told = Attendance.objects.filter(meeting__in=[before, after]).values_list("village_code", flat=True)
        assert sorted(told) == sorted([GONE] * 3 + [NEW] * 3)


def test_undone_it_goes_on_under_the_old_code(cast, operator, coordinator):
    she, staff = make_facilitator(cast, village=GONE)
    group = make_group(she, staff, village=GONE)
    undone(coordinator, applied(operator, coordinator, (GONE, NEW, True)))
    assert {village for _, village in members(group)} == {GONE}
    hold(again(she), group)


def test_families_of_the_new_code_join_it(cast, operator, coordinator, client_of):
    she, staff = make_facilitator(cast, village=GONE)
    group = make_group(she, staff, village=GONE)
    applied(operator, coordinator, (GONE, NEW, True))
    comes = make_family(NEW)
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, NEW, staff, day=timezone.localdate(), reason="Uji")
    page = client_of(again(she)).get(reverse("family_sessions:add", args=[group.pk])).content.decode()
    assert comes.family_no in page


def test_a_meeting_of_before_is_told_after_it(cast, operator, coordinator):
    she, staff = make_facilitator(cast, village=GONE)
    group, yesterday = make_group(she, staff, village=GONE), timezone.localdate() - timedelta(days=1)
    with in_territory(she):
        other = Group.objects.create(name="Mawar", village_code=GONE, made_by_id=she.person_id)
        for one in Membership.objects.filter(group=group):
            Membership.objects.create(
                group=other, family=one.family, village_code=GONE, valid_from=yesterday, valid_until=one.valid_from,
                added_by_id=she.person_id,
            )  # fmt: skip
    applied(operator, coordinator, (GONE, NEW, True))
    assert hold(again(she), other, on_day=yesterday).families == 3


def test_of_a_village_that_split_whoever_goes_leaves_the_group(cast, operator, coordinator):
    she, staff = make_facilitator(cast, village=OTHER)
    group = make_group(she, staff, village=OTHER)
    applied(operator, coordinator, (OTHER, NEW, False))
    with in_territory(EVERYWHERE):
        goes = Family.objects.filter(village_code=OTHER).first()
        Family.objects.filter(pk=goes.pk).update(village_code=NEW)
    assert goes.pk not in {family for family, _ in members(group)}
    assert len(members(group)) == 2
