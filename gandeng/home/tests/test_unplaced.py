"""Members without a place: the first page counts the list behind it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.commitments.queries import quarters
from gandeng.commitments.tests.factories import VILLAGE
from gandeng.field.tests.factories import accompanying
from gandeng.home.waiting import waiting_for
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db
PAGE = reverse("commitments:unplaced")


def test_the_first_page_counts_the_list_behind_it(cast, client_of):
    year = quarters(timezone.localdate())[1].year
    for number in range(3):
        make_family(VILLAGE, name=f"Murid {number}", school_level="SD", birth_date=date(year - 9, 1, 1))
    who = accompanying(cast, cast("DISTRICT_COORDINATOR", "6371"), VILLAGE)
    make_family(VILLAGE, name="Bukan dampingannya", school_level="SD", birth_date=date(year - 9, 1, 1))
    with in_territory(who):
        (kind,) = [each for each in waiting_for(who) if each.url == PAGE]
    shown = [each.name for each in client_of(who).get(kind.url).context["page"].rows]
    assert (kind.count, shown) == (3, ["Murid 0", "Murid 1", "Murid 2"])
