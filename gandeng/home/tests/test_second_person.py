"""A role that waits for a second person is told on the first page of whoever may confirm it."""

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant, Person
from gandeng.home.waiting import waiting_for

pytestmark = pytest.mark.django_db

LABEL = "Peran menunggu orang kedua"


def test_it_works(cast, coordinator, operator):
    giver = cast("ADMINISTRATOR", "6371")
    Grant.objects.create(
        person=Person.objects.create(name="Orang Baru"), role="DISTRICT_HEAD", region_code="6371", awaits=True,
        granted_by_id=giver.person_id, valid_from=timezone.localdate(),
    )  # fmt: skip

    def told(acting):
        with in_territory(acting):
            return {one.label: one.count for one in waiting_for(acting)}.get(LABEL)

    assert [told(each) for each in (coordinator, giver, cast("ADMINISTRATOR", "6372"), operator)] == [1, 0, 0, None]
