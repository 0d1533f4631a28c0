"""Answers to complaints count for whoever gave them (RHK 6)."""

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.helpdesk.actions import cases
from gandeng.helpdesk.tests.factories import answered, do, filed, person
from gandeng.performance.figures import done
from gandeng.performance.months import Period
from gandeng.performance.tests.factories import make_worker

pytestmark = pytest.mark.django_db


def test_it_works(cast):
    worker, made = make_worker(cast), filed()
    do(cast("HELPDESK", "6371"), made, cases.hand_on, person(worker.acting))
    period = Period(timezone.localdate().year)
    with in_territory(worker.acting):
        assert done([worker.staff.pk], period).of(6) == 0
    answered(worker.acting, made)
    with in_territory(worker.acting):
        assert done([worker.staff.pk], period).of(6) == 1
    do(cast("HELPDESK", "6371"), made, cases.accuse, person(cast("DISTRICT_COORDINATOR", "6371")))
    with in_territory(worker.acting):
        assert done([worker.staff.pk], period).of(6) == 0, "of a sensitive case nothing is told"
