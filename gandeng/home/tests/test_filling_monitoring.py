"""Monitoring of the try-out: a draw, answers of several kinds, families that wait."""

from contextlib import contextmanager

import pytest
from django.db import transaction

from gandeng.accounts.acting import in_territory
from gandeng.helpdesk.models import Case
from gandeng.home.filling_monitoring import fill_monitoring
from gandeng.monitoring.models import Answer, Draw
from gandeng.monitoring.tests.factories import World
from gandeng.payments.models import Cycle
from gandeng.reconciliation.tests.conftest import quick  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db


@contextmanager
def doing(acting):
    with in_territory(acting), transaction.atomic():
        yield acting


def test_one_of_each_kind(cast, quick):  # noqa: F811
    world = World(cast, many=14)
    fill_monitoring(world.coordinator, world.operator, Cycle.objects.get(pk=world.cycle.pk), doing)
    with in_territory(world.coordinator):
        told = list(Answer.objects.order_by("number"))
        assert Draw.objects.count() == 1 and len(told) == 28
    assert {one.reached for one in told} == {True, False}
    assert any(one.levied for one in told) and any(one.elsewhere for one in told)
    with in_territory(cast("DISTRICT_HEAD", "6371")):
        assert Case.objects.get().kind == "LEVY"


def test_without_credited_money_nothing_happens(cast):
    from gandeng.payments.tests.factories import make_cycle

    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    fill_monitoring(coordinator, cast("DISTRICT_OPERATOR", "6371"), make_cycle(), doing)
    with in_territory(coordinator):
        assert not Draw.objects.exists()
