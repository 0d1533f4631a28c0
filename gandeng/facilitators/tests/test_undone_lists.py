"""A list of the ministry that is undone after its families were given to somebody, or taken from somebody."""

from pathlib import Path
from tempfile import mkdtemp

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.load_queries import without_facilitator
from gandeng.facilitators.models import Accompaniment
from gandeng.facilitators.tests.factories import make_staff
from gandeng.files.conversion import convert
from gandeng.files.limits import LIMITS
from gandeng.files.readers import Reading
from gandeng.jobs.work import KINDS, WorkRefused
from gandeng.registry.loading import load_registry
from gandeng.registry.models import Family, Intake
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.registry.tests.helpers import ON, QUIET, small_district, tables, taken

pytestmark = pytest.mark.django_db
WHY = "Uji daftar"


@pytest.fixture
def world(cast, settings, tmp_path, monkeypatch):
    """A registry, and the list of its families with one gone and one new."""

    def read(given, work, _progress):
        work.mkdir()
        readings = [Reading(one.path, one.layout, LIMITS, one.profile, one.source) for one in given]
        return [convert(reading, Path(mkdtemp(dir=work))) for reading in readings]

    monkeypatch.setattr("gandeng.registry.actions.lists.take_all", read)
    settings.DATA_DIR = tmp_path / "data"
    district = small_district(tmp_path / "district", families=12)
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    families, members = tables(district)
    gone = next(row for row in families if row["status"] == "ACTIVE")
    families.remove(gone)
    members = [row for row in members if row["family_id"] != gone["family_id"]]
    new = next(row for row in families if row["status"] == "ACTIVE" and row["channel"] != "POS")
    number = "K639999999"
    families.append({**new, "family_id": number, "collector_member_id": f"{number}-1",
                     "account_no": "8" * len(new["account_no"])})  # fmt: skip
    members.append({**members[0], "family_id": number, "member_id": f"{number}-1", "nik": "6371014101900099"})
    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    return coordinator, cast("DISTRICT_OPERATOR", "6371"), families, members, gone["family_id"], number


def applied(coordinator, operator, families, members):
    intake = str(taken(operator, families, members).pk)
    with in_territory(coordinator):
        KINDS["registry.apply"](coordinator, QUIET, {"intake": intake})
    return intake


def undo(coordinator, intake):
    with in_territory(coordinator):
        KINDS["registry.undo"](coordinator, QUIET, {"intake": intake, "reason": "Daftar yang salah"})
        return Intake.objects.get(pk=intake)


def give(coordinator, number):
    with in_territory(coordinator):
        family = Family.objects.get(family_no=number)
        caseload.assign_unaccompanied(
            coordinator, family.village_code, make_staff(), day=timezone.localdate(), reason=WHY
        )
    return family


def test_it_refuses_where_a_new_family_has_a_facilitator(world):
    coordinator, operator, families, members, _, new = world
    intake = applied(coordinator, operator, families, members)
    family = give(coordinator, new)
    with pytest.raises(WorkRefused, match="pendampingan"):
        undo(coordinator, intake)
    with in_territory(coordinator):
        assert Family.objects.filter(pk=family.pk).exists()
        assert Accompaniment.objects.filter(family=family, valid_until=None).count() == 1


def test_a_family_that_comes_back_stands_in_the_list(world):
    coordinator, operator, families, members, gone, _ = world
    family = give(coordinator, gone)
    intake = applied(coordinator, operator, families, members)
    with in_territory(coordinator):
        assert not Accompaniment.objects.filter(family=family, valid_until=None).exists()
    assert undo(coordinator, intake).state == "UNDONE"
    with in_territory(coordinator):
        assert without_facilitator("6371", timezone.localdate()).filter(pk=family.pk).exists()
