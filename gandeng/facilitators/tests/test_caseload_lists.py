"""Lists of who accompanies whom: read, shown, applied, undone; and what they may not say."""

import random
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.exports.models import ExportRequest
from gandeng.facilitators.actions import caseload, imports
from gandeng.facilitators.models import Accompaniment, CaseloadChange, Import
from gandeng.facilitators.tests.factories import make_staff
from gandeng.facilitators.tests.lists import CASELOAD, QUIET, applied, family, taken
from gandeng.jobs.work import WorkRefused
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def read_here(monkeypatch):
    from gandeng.runs.tests.samples import read_in_this_process

    read_in_this_process(monkeypatch)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def place():
    """Two facilitators and six families of a village."""
    return [make_staff(), make_staff()], [make_family() for _ in range(6)]


def held():
    """Family and who has it, open."""
    with in_territory(EVERYWHERE):
        rows = Accompaniment.objects.filter(valid_until=None)
        return sorted(rows.values_list("family__family_no", "staff__staff_no", "valid_from"))


def test_it_works(coordinator, place, today):
    (one, two), families = place
    since = today - timedelta(days=400)
    rows = [family(each.family_no, (one, two)[n % 2].staff_no, since) for n, each in enumerate(families)]
    found = applied(coordinator, rows, CASELOAD)
    assert found.preview["counts"] | {"acts": 0} == {"listed": 6, "unchanged": 0, "others": 0, "first": 6, "acts": 0}
    assert [(row["before"], row["gets"], row["after"]) for row in found.preview["people"]] == [(0, 3, 3)] * 2
    assert held() == sorted((each.family_no, (one, two)[n % 2].staff_no, since) for n, each in enumerate(families))
    with in_territory(coordinator):
        assert CaseloadChange.objects.get().kind == "FIRST"


def test_shuffled_rows_and_the_same_file_twice(coordinator, place, today):
    (one, two), families = place
    rows = [family(each.family_no, (one, two)[n % 2].staff_no, today) for n, each in enumerate(families)]
    applied(coordinator, random.Random(3).sample(rows, len(rows)), CASELOAD)
    before = held()
    again = taken(coordinator, rows, CASELOAD)
    assert again.preview["counts"]["unchanged"] == 6
    with in_territory(coordinator), pytest.raises(WorkRefused, match="tidak mengubah"):
        imports.apply_list(coordinator, again.pk, QUIET)
    assert held() == before


def test_families_change_hands_and_come_back(coordinator, place, today):
    (one, two), families = place
    applied(coordinator, [family(each.family_no, one.staff_no, today - timedelta(9)) for each in families], CASELOAD)
    before = held()
    found = applied(coordinator, [family(families[0].family_no, two.staff_no, today)], CASELOAD)
    told = {
        row["staff_no"]: (row["before"], row["gives"], row["gets"], row["after"]) for row in found.preview["people"]
    }
    assert told == {one.staff_no: (6, 1, 0, 5), two.staff_no: (0, 0, 1, 1)}
    with in_territory(coordinator):
        assert CaseloadChange.objects.order_by("-id")[0].kind == "HAND_OVER"
        imports.undo_list(coordinator, found.pk, "Salah berkas", QUIET)
    assert [row[:2] for row in held()] == [row[:2] for row in before]


def test_it_is_not_undone_once_families_moved_on(coordinator, place, today):
    (one, two), families = place
    found = applied(coordinator, [family(each.family_no, one.staff_no, today) for each in families], CASELOAD)
    with in_territory(coordinator):
        caseload.hand_over(coordinator, one, two, day=today + timedelta(1), reason="Mutasi")
        with pytest.raises(WorkRefused, match="sudah berpindah lagi"):
            imports.undo_list(coordinator, found.pk, "Salah berkas", QUIET)
        assert Import.objects.get(pk=found.pk).state == "APPLIED"


def test_it_refuses_all_faults_at_once_by_row(coordinator, place, today):
    (one, _), families = place
    other, ended = make_family("6372021001"), make_family(status="ENDED")
    applied(coordinator, [family(families[0].family_no, one.staff_no, today - timedelta(5))], CASELOAD)
    lead = make_staff(role="SUPERVISOR")
    rows = [
        family("K639999999", one.staff_no, today), family(other.family_no, one.staff_no, today),
        family(ended.family_no, one.staff_no, today), family(families[1].family_no, "P999999", today),
        family(families[2].family_no, lead.staff_no, today),
        family(families[0].family_no, make_staff().staff_no, today - timedelta(1)),
    ]  # fmt: skip
    with pytest.raises(WorkRefused) as refused:
        taken(coordinator, rows, CASELOAD)
    told = str(refused.value).split("\n")
    assert "6 hal tidak cocok" in told[0]
    words = (
        "tidak ada di wilayah",
        "tidak ada di wilayah",
        "tidak aktif",
        "tidak dikenal",
        "tidak bertugas",
        "hari ini",
    )
    for place_, (line, word) in enumerate(zip(told[1:], words, strict=True), start=2):
        assert line.startswith(f"Baris {place_}:") and word in line


def test_it_refuses_a_family_twice_and_a_later_move(coordinator, place, today):
    (one, two), families = place
    number = families[0].family_no
    with pytest.raises(WorkRefused, match="Baris 3, kolom Nomor keluarga"):
        taken(coordinator, [family(number, one.staff_no, today)] * 2, CASELOAD)
    applied(coordinator, [family(number, one.staff_no, today + timedelta(9))], CASELOAD)
    with pytest.raises(WorkRefused, match="mulai sesudah tanggal itu"):
        taken(coordinator, [family(number, two.staff_no, today)], CASELOAD)


def test_an_operator_reads_a_list_and_a_coordinator_makes_it_so(cast, coordinator, place, today):
    (one, _), families = place
    operator = cast("DISTRICT_OPERATOR", "6371")
    found = taken(operator, [family(families[0].family_no, one.staff_no, today)], CASELOAD)
    with in_territory(operator), pytest.raises(PermissionDenied):
        imports.apply_list(operator, found.pk, QUIET)
    stranger = cast("DISTRICT_COORDINATOR", "6372")
    with in_territory(stranger), pytest.raises(Import.DoesNotExist):
        imports.apply_list(stranger, found.pk, QUIET)
    with in_territory(coordinator):
        assert imports.apply_list(coordinator, found.pk, QUIET).state == "APPLIED"


def test_it_refuses_once_the_caseload_is_another_or_the_rows_are(coordinator, place, today):
    from gandeng.facilitators.importing import folder_of

    (one, two), families = place
    rows = [family(families[0].family_no, one.staff_no, today)]
    stale, spoilt = taken(coordinator, rows, CASELOAD), taken(coordinator, rows, CASELOAD)
    (folder_of(spoilt.pk) / "rows.parquet").write_bytes(b"PAR1")
    with in_territory(coordinator), pytest.raises(WorkRefused, match="bukan lagi yang diunggah"):
        imports.apply_list(coordinator, spoilt.pk, QUIET)
    applied(coordinator, [family(families[0].family_no, two.staff_no, today)], CASELOAD)
    with in_territory(coordinator), pytest.raises(WorkRefused, match="berubah sejak pratinjau"):
        imports.apply_list(coordinator, stale.pk, QUIET)


def test_the_invented_family_of_our_own_export_is_left_out(coordinator, place, today):
    (one, _), families = place
    with in_territory(EVERYWHERE):
        ExportRequest.objects.create(
            kind="dampingan", title="x", arguments={}, region_code="6371", rows_asked=1, purpose="Rapat",
            asked_by_id=coordinator.person_id, asked_authority="x", mark_no="K630777777",
        )  # fmt: skip
    rows = [family(families[0].family_no, one.staff_no, today), family("K630777777", one.staff_no, today)]
    assert taken(coordinator, rows, CASELOAD).preview["counts"]["listed"] == 1


def test_a_province_brings_its_districts_each_with_an_act_of_its_own(cast, today):
    head = cast("PROVINCE_HEAD", "63")
    rows = []
    for district, village in (("6371", "6371011001"), ("6372", "6372021001")):
        staff = make_staff(district, home=village[:6])
        rows += [family(make_family(village).family_no, staff.staff_no, today) for _ in range(2)]
    found = applied(head, rows, CASELOAD, "63")
    with in_territory(cast("DISTRICT_COORDINATOR", "6372")):
        assert CaseloadChange.objects.get().families == 2
    assert len(found.changes) == 2
