"""Commitments of the try-out: a sheet its school confirmed, a difference and a link that wait, one decision."""

from contextlib import contextmanager

import pytest
from django.db import transaction

from gandeng.accounts.acting import in_territory
from gandeng.commitments.models import Confirmation, Decision
from gandeng.commitments.own_queries import open_differences, to_draw
from gandeng.commitments.queries import to_decide
from gandeng.commitments.tests.factories import make_pupil
from gandeng.home.filling_commitments import fill_commitments

pytestmark = pytest.mark.django_db


@contextmanager
def doing(acting):
    with in_territory(acting), transaction.atomic():
        yield acting


@pytest.mark.parametrize(("pupils", "said"), [(0, []), (1, [True]), (6, [True, False])])
def test_it_works(cast, pupils, said):
    for number in range(pupils):
        make_pupil(name=f"Murid Uji {number}")
    desk, chief = cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371")
    fill_commitments(desk, chief, doing)
    with in_territory(desk):
        assert sorted(Confirmation.objects.values_list("agrees", flat=True), reverse=True) == said
        assert open_differences().count() == said.count(False)
        assert to_draw(chief).count() == min(pupils, 1), "one link waits for its code"
        assert (Decision.objects.count(), to_decide().count()) == ((1, 1) if pupils == 6 else (0, 0))
