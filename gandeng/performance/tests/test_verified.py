"""Quarters of members that somebody verified count for her (RHK 3)."""

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.commitments.tests.factories import make_facility, make_pupil, months, recorded
from gandeng.performance.figures import done
from gandeng.performance.months import Period
from gandeng.performance.tests.factories import make_worker
from gandeng.registry.models import Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


def test_a_corrected_sheet_counts_once(cast):
    operator = make_worker(cast, grant="DISTRICT_OPERATOR")
    pupil, mate = make_pupil(), make_pupil()
    school, period = make_facility(operator.acting), Period(timezone.localdate().year)
    recorded(operator.acting, school, {pupil: months(4), mate: months(0)})
    for absent in (3, 0):
        recorded(operator.acting, school, {pupil: months(absent)})
    with in_territory(operator.acting):
        assert done([operator.staff.pk], period).of(3) == 2


def test_a_member_that_is_in_another_family_since_counts_once(cast):
    operator = make_worker(cast, grant="DISTRICT_OPERATOR")
    pupil, now = make_pupil(), make_family()
    school, period = make_facility(operator.acting), Period(timezone.localdate().year)
    recorded(operator.acting, school, {pupil: months(4)})
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=pupil.pk).update(family=now)
        pupil = Member.objects.get(pk=pupil.pk)
    recorded(operator.acting, school, {pupil: months(0)})
    with in_territory(operator.acting):
        assert done([operator.staff.pk], period).of(3) == 1
