"""People of the try-out who stand there twice: found, one pair judged, and as many on the first page as in the list."""

from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import transaction

from gandeng.accounts.acting import in_territory
from gandeng.duplicates import queries
from gandeng.duplicates.models import Judgement
from gandeng.home.filling_duplicates import fill_duplicates
from gandeng.home.waiting import waiting_for
from gandeng.registry.loading import load_registry
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.registry.tests.helpers import QUIET, small_district

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 1)


@contextmanager
def doing(acting):
    with in_territory(acting), transaction.atomic():
        yield acting


@pytest.fixture
def offices(cast, operator):
    return SimpleNamespace(
        province="63", province_officer=cast("PROVINCE_OFFICER", "63"), operators={"6371": operator},
        coordinators={"6371": cast("DISTRICT_COORDINATOR", "6371")},
    )  # fmt: skip


def test_it_works(offices, operator, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    load_registry(EVERYWHERE, small_district(tmp_path / "district", families=80), on=DAY, report=QUIET)
    fill_duplicates(offices, "6371", doing)
    with in_territory(operator):
        assert queries.found(operator, {}).count() >= 2
        assert {one.verdict for one in Judgement.objects.all()} <= {"DIFFERENT"}
        waiting = next(one for one in waiting_for(operator) if one.label == "Data mirip")
        assert waiting.count == queries.found(operator, {}).count()


def test_without_families_nothing_happens(offices, operator):
    fill_duplicates(offices, "6371", doing)
    with in_territory(operator):
        assert not queries.found(operator, {}).exists()
