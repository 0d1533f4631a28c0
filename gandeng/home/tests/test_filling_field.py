"""The phone of the try-out."""

from collections import Counter
from contextlib import contextmanager

import pytest

from gandeng.accounts.acting import in_territory
from gandeng.field.models import Entry, Visit
from gandeng.field.tests.factories import accompanying
from gandeng.home.filling_field import fill_field
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


@contextmanager
def doing(acting):
    with in_territory(acting):
        yield acting


def test_it_works(cast):
    for _ in range(4):
        make_family()
    facilitator = accompanying(cast, cast("DISTRICT_COORDINATOR", "6371"))
    fill_field(facilitator, doing)
    with in_territory(EVERYWHERE):
        assert Counter(Entry.objects.values_list("state", flat=True)) == {"ACCEPTED": 4, "QUARANTINED": 1}
        assert Visit.objects.count() == 4
