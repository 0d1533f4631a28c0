"""Changes of the try-out: some wait for a decision, one was approved and waits to be paid by."""

from contextlib import contextmanager

import pytest
from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.home.filling_changes import fill_changes
from gandeng.registry.cooling_queries import cooling
from gandeng.registry.models import ChangeRequest, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


@contextmanager
def doing(acting):
    with in_territory(acting), transaction.atomic():
        yield acting


@pytest.mark.parametrize(
    ("families", "kinds"),
    [
        (0, []),
        (1, ["IDENTITY", "SCHOOL_LEVEL"]),
        (5, ["ACCOUNT", "HOLD_ACCOUNT", *["IDENTITY"] * 2, *["SCHOOL_LEVEL"] * 3]),
    ],
)
def test_it_works(cast, families, kinds):
    made = [make_family("6371011001", members=2) for _ in range(families)]
    with in_territory(EVERYWHERE):
        for family in made[:4]:
            Member.objects.filter(family=family).exclude(pk=family.collector_id).update(school_level="SD")
    fill_changes(cast("FACILITATOR", "6371011001"), cast("DISTRICT_COORDINATOR", "6371"), doing)
    with in_territory(EVERYWHERE):
        assert sorted(ChangeRequest.objects.values_list("kind", flat=True)) == kinds
        approved = {0: [], 1: ["IDENTITY"], 5: ["ACCOUNT", "IDENTITY"]}[families]
        assert sorted(ChangeRequest.objects.filter(state="APPROVED").values_list("kind", flat=True)) == approved
        waiting = made[-2:] if families > 1 else made
        assert {one.pk for one in cooling({}, timezone.localdate())} == {one.pk for one in waiting}
