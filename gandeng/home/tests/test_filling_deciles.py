"""Deciles of the try-out: most families have one, some are unknown, a few were read again and rose."""

from contextlib import contextmanager
from datetime import date

import pyarrow.parquet as pq
import pytest
from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.graduation.queries import candidates
from gandeng.graduation.tests.factories import with_component
from gandeng.home.filling_deciles import fill_deciles, with_deciles
from gandeng.registry.loading import load_registry
from gandeng.registry.models import DecileReading, Family
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.registry.tests.helpers import QUIET, small_district

pytestmark = pytest.mark.django_db

DAY = date(2024, 3, 1)


@contextmanager
def doing(acting):
    with in_territory(acting), transaction.atomic():
        yield acting


def test_most_families_are_loaded_with_one(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    district = small_district(tmp_path / "district", families=80)
    for _ in range(2):
        with with_deciles(district, DAY) as folder:
            load_registry(EVERYWHERE, folder, on=DAY, report=QUIET)
            assert pq.read_table(folder / "families.parquet").column_names[-2:] == ["decile", "decile_on"]
    with in_territory(EVERYWHERE):
        assert Family.objects.count() == 80
        assert 60 < DecileReading.objects.count() < 80
        assert set(DecileReading.objects.values_list("decile", "read_on")) == {(one, DAY) for one in (1, 2, 3, 4)}


def test_a_few_rose(cast):
    facilitator, coordinator = cast("FACILITATOR", "6371011001"), cast("DISTRICT_COORDINATOR", "6371")
    for _ in range(4):
        family = with_component()
        with in_territory(EVERYWHERE):
            DecileReading.objects.create(family=family, decile=2, read_on=DAY)
    fill_deciles(facilitator, coordinator, doing)
    with in_territory(coordinator):
        found = candidates({"kind": "improved"}, timezone.localdate())
        assert sorted(row.rise for row in found) == [1, 2, 3]


def test_without_families_nothing_happens(cast):
    fill_deciles(cast("FACILITATOR", "6371011001"), cast("DISTRICT_COORDINATOR", "6371"), doing)
    with in_territory(EVERYWHERE):
        assert not DecileReading.objects.exists()
