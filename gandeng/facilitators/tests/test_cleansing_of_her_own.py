"""What wants putting right in the registry: a facilitator finds that of the families she accompanies."""

import pytest
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.cleansing.models import Found
from gandeng.cleansing.queries import found
from gandeng.cleansing.tests.factories import VILLAGE, a_family, found_in
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.tests.factories import make_staff

pytestmark = pytest.mark.django_db


def test_it_works(operator, cast):
    mine, her_colleague = (make_staff() for _ in range(2))
    today = timezone.localdate()
    for staff in (mine, her_colleague):
        family = a_family(name="Rahma 2")
        with in_territory(coordinator := cast("DISTRICT_COORDINATOR", "6371")):
            assign_unaccompanied(coordinator, VILLAGE, staff, day=today, reason="Uji")
    assert len(found_in(operator)) == 2
    acting = acting_for(her_colleague.person_id, today)
    with in_territory(acting):
        assert [one.family_id for one in Found.objects.all()] == [family.pk]
        assert [one.family_id for one in found(acting, {})] == [family.pk]
