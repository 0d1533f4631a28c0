"""Graduation of the try-out: one waits for a decision, one for being told, one has left."""

from contextlib import contextmanager

import pytest
from django.db import transaction

from gandeng.accounts.acting import in_territory
from gandeng.graduation.queries import cases
from gandeng.graduation.tests.factories import with_component, without_component
from gandeng.home.filling_graduation import fill_graduation
from gandeng.payments.tests.steps import People, listed, opened

pytestmark = pytest.mark.django_db


@contextmanager
def doing(acting):
    with in_territory(acting), transaction.atomic():
        yield acting


@pytest.mark.parametrize("calculated", [False, True])
def test_one_of_each_state(cast, calculated):
    people = [cast("FACILITATOR", "6371011001"), cast("DISTRICT_COORDINATOR", "6371")]
    families = [without_component(), *(with_component() for _one in range(3))]
    if calculated:
        team = People(cast)
        listed(team, opened(team, year=2026, stage=3))
    fill_graduation(*people, doing)
    with in_territory(people[1]):
        found = {(one.kind, one.state) for one in cases()}
        natural = cases().filter(family=families[0]).exists()
    last = ("NATURAL" if calculated else "INDEPENDENT", "EFFECTIVE")
    assert found == {("INDEPENDENT", "PROPOSED"), ("IMPROVED", "APPROVED"), last}
    assert natural == calculated


def test_without_families_nothing_happens(cast):
    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    fill_graduation(cast("FACILITATOR", "6371011001"), coordinator, doing)
    with in_territory(coordinator):
        assert not cases().exists()
