"""Lists of staff: read, shown, applied, undone; and what they may not say."""

import os
import random
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.audit.models import AuditEntry
from gandeng.facilitators import importing
from gandeng.facilitators.actions import imports
from gandeng.facilitators.models import Employment, Import, Leave, Post, Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.facilitators.tests.lists import QUIET, applied, csv_of, person, sent, taken, xlsx_of
from gandeng.jobs.work import WorkRefused
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
SWORN = {"Status kerja": "PPPK", "NIP atau nomor kontrak": "N123", "Berlaku mulai": "2025-10-01"}


@pytest.fixture
def clerk(cast):
    return cast("DISTRICT_OPERATOR", "6371")


@pytest.fixture(autouse=True)
def read_here(monkeypatch):
    from gandeng.runs.tests.samples import read_in_this_process

    read_in_this_process(monkeypatch)


def everything():
    """All that a list of staff can change, without ids."""
    with in_territory(EVERYWHERE):
        return (
            sorted(Staff.objects.values_list(
                "staff_no", "person__name", "region_code", "home_code", "education", "joined_on", "left_because"
            )),
            sorted(
                (number, kind, str(since), str(until)) for number, kind, since, until in
                Employment.objects.values_list("staff__staff_no", "kind", "valid_from", "valid_until")
                if since != until
            ),
            sorted(
                (number, role, place, str(since), str(until)) for number, role, place, since, until in
                Post.objects.values_list("staff__staff_no", "role", "region_code", "valid_from", "valid_until")
                if since != until
            ),
        )  # fmt: skip


def refusal(acting, rows, region="6371", kind="STAFF"):
    with pytest.raises(WorkRefused) as refused:
        taken(acting, rows, kind, region)
    return str(refused.value)


def test_it_works(clerk, django_capture_on_commit_callbacks):
    found = taken(clerk, [person("P000001"), person("P000002", **SWORN)])
    assert found.preview["counts"]["added"] == 2
    assert found.preview["after"] == {"all": 2, "CONTRACT": 1, "PPPK": 1, "FACILITATOR": 2}
    with in_territory(clerk):
        assert not Staff.objects.exists()
        with django_capture_on_commit_callbacks(execute=True):
            imports.apply_list(clerk, found.pk, QUIET)
        second = Staff.objects.get(staff_no="P000002")
        assert (second.person.name, second.home_code, second.education) == ("Uji P000002", "637101", "S1")
        terms = second.employments.get()
        assert (terms.kind, terms.job_title, terms.service_no) == ("PPPK", "PENATA", "N123")
        assert second.posts.get().region_code == "6371"
        assert AuditEntry.objects.filter(action="staff_list.applied").count() == 1
    assert not importing.folder_of(found.pk).exists()


def test_the_same_file_twice_changes_nothing(clerk):
    rows = [person("P000001"), person("P000002", **SWORN)]
    applied(clerk, rows)
    before = everything()
    again = taken(clerk, rows)
    assert again.preview["counts"]["unchanged"] == 2
    with in_territory(clerk), pytest.raises(WorkRefused, match="tidak mengubah"):
        imports.apply_list(clerk, again.pk, QUIET)
    assert everything() == before


def test_shuffled_rows_give_the_same(clerk):
    rows = [person(f"P{number:06d}", **(SWORN if number % 3 else {})) for number in range(1, 12)]
    rows.append(person("P000002", Tugas="Ketua tim kecamatan", **{"Kode wilayah": "63.71.01"}, **SWORN))
    random.Random(5).shuffle(rows)
    with in_territory(clerk):
        applied(clerk, rows)
    told = everything()
    rows.sort(key=lambda row: row["Nomor pendamping"] + row["Tugas"])
    assert taken(clerk, rows).preview["counts"]["unchanged"] == 11
    assert everything() == told


def test_sworn_in_begins_anew_and_tells_what_was(clerk):
    applied(clerk, [person("P000001")])
    found = applied(clerk, [person("P000001", **SWORN)])
    assert (found.preview["counts"]["terms"], found.preview["counts"]["posts"]) == (1, 0)
    with in_territory(clerk):
        rows = Employment.objects.order_by("valid_from").values_list("kind", "valid_until")
        assert list(rows) == [("CONTRACT", date(2025, 10, 1)), ("PPPK", None)]


def test_who_leaves_works_no_more(clerk):
    applied(clerk, [person("P000001")])
    applied(clerk, [person("P000001", **{"Berhenti mulai": "2026-03-01", "Alasan berhenti": "Pensiun"})])
    with in_territory(clerk):
        gone = Staff.objects.get()
        assert (gone.left_because, gone.posts.get().valid_until) == ("RETIRED", date(2026, 3, 1))
    applied(clerk, [person("P000001")])
    with in_territory(clerk):
        assert Staff.objects.get().left_on is None
        assert Post.objects.get().valid_until is None


def test_a_province_moves_somebody_to_another_district(cast, clerk):
    applied(clerk, [person("P000001")])
    officer = cast("PROVINCE_OFFICER", "63")
    rows = [
        person("P000001", **{"Kode wilayah": "63.72", "Kode kecamatan asal": "63.72.02", "Berlaku mulai": "2026-01-05"})
    ]
    assert "di luar wilayah" in refusal(clerk, rows)
    assert applied(officer, rows, region="63").preview["counts"]["moved"] == 1
    with in_territory(EVERYWHERE):
        assert Staff.objects.get().region_code == Employment.objects.get().region_code == "6372"
        posts = Post.objects.order_by("valid_from").values_list("region_code", "valid_until")
        assert list(posts) == [("6371", date(2026, 1, 5)), ("6372", None)]


def test_it_is_undone_as_a_whole(clerk):
    applied(clerk, [person("P000001")])
    before = everything()
    found = applied(clerk, [person("P000001", Nama="Nama Benar", **SWORN), person("P000002")])
    with in_territory(clerk):
        imports.undo_list(clerk, found.pk, "Berkas yang salah", QUIET)
        taken_back = Staff.objects.get(staff_no="P000002")
        assert (taken_back.left_on, taken_back.left_because) == (taken_back.joined_on, "MISTAKE")
    told = everything()
    assert [row for row in told[0] if row[0] == "P000001"] == before[0]
    assert told[1:] == before[1:]
    applied(clerk, [person("P000002")])
    with in_territory(clerk):
        assert Staff.objects.get(staff_no="P000002").left_on is None


@pytest.mark.parametrize("touch", ["terms", "leave", "name"])
def test_it_is_not_undone_once_somebody_touched_it(clerk, touch):
    found = applied(clerk, [person("P000001")])
    with in_territory(clerk):
        staff = Staff.objects.get()
        if touch == "terms":
            staff.employments.update(service_no="lain")
        elif touch == "leave":
            today = timezone.localdate()
            Leave.objects.create(
                staff=staff, region_code="6371", kind="ANNUAL", valid_from=today, valid_until=today + timedelta(3)
            )
        else:
            Staff.objects.update(home_code="637102")
        with pytest.raises(WorkRefused, match="sudah berubah lagi"):
            imports.undo_list(clerk, found.pk, "Berkas yang salah", QUIET)
        assert Import.objects.get(pk=found.pk).state == "APPLIED"


REFUSED = {
    "Baris 2: kode wilayah 63.71.99 tidak dikenal": {"Kode kecamatan asal": "63.71.99"},
    "Baris 2: wilayah 63.72 di luar wilayah yang dipilih": {"Kode wilayah": "63.72"},
    "isi kode seperti 63.71.01": {"Tugas": "Ketua tim kecamatan"},
    "isi pendidikan": {"Status kerja": "PPPK", "Pendidikan": ""},
    "jabatan tidak sesuai": {"Jabatan": "Operator Layanan Operasional", "Status kerja": "PPPK"},
    "sebelum ia mulai bekerja": {"Berlaku mulai": "2019-12-31"},
    "harus diisi dua-duanya": {"Berhenti mulai": "2026-01-01"},
    "lebih dahulu daripada tanggal mulai": {"Berhenti mulai": "2019-01-01", "Alasan berhenti": "Pensiun"},
}


@pytest.mark.parametrize("words", REFUSED)
def test_it_refuses_what_cannot_be(clerk, words):
    assert words in refusal(clerk, [person("P000001", **REFUSED[words])])
    with in_territory(clerk):
        assert not Staff.objects.exists()
        assert not Import.objects.exists()


def test_it_refuses_all_faults_at_once_by_row(clerk):
    rows = [person("P000001"), person("P000001"), person("P000002", **{"Berlaku mulai": "2019-12-31"})]
    told = refusal(clerk, rows)
    assert "2 hal tidak cocok" in told
    assert told.index("Baris 3: P000001 sudah ada") < told.index("Baris 4:")


def test_it_refuses_dates_that_overlap_what_comes_later(clerk):
    applied(clerk, [person("P000001", **SWORN)])
    told = refusal(clerk, [person("P000001", **{"Berlaku mulai": "2024-01-01"})])
    assert "Baris 2: sudah ada status kerja yang mulai sesudah tanggal itu" in told
    assert "Baris 2: sudah ada tugas yang sama yang mulai sesudah tanggal itu" in told


def test_it_refuses_rows_about_oneself_and_names_of_accounts(cast, clerk):
    me = Person.objects.get(pk=clerk.person_id)
    make_staff(person=me, role="DATA_ADMINISTRATOR")
    with in_territory(clerk):
        number = Staff.objects.get().staff_no
    row = person(number, Nama=me.name, Tugas="Administrator pangkalan data", **SWORN)
    assert "catatan Anda sendiri" in refusal(clerk, [row])
    other = cast("DISTRICT_OPERATOR", "6371")
    assert "nama" in refusal(other, [row | {"Nama": "Bukan Dia"}])


def test_it_refuses_a_number_of_another_province_without_saying_whose(clerk):
    make_staff("1371", home="137101")
    with in_territory(EVERYWHERE):
        number = Staff.objects.get().staff_no
    assert "dipakai di wilayah lain" in refusal(clerk, [person(number)])


def test_it_refuses_another_district_and_another_right(cast, clerk):
    stranger = cast("DISTRICT_OPERATOR", "6372")
    with in_territory(stranger), pytest.raises(PermissionDenied):
        imports.take_list(stranger, sent(csv_of([person("P000001")])), QUIET)
    found, lead = taken(clerk, [person("P000001")]), cast("SUB_DISTRICT_LEAD", "637101")
    with in_territory(EVERYWHERE), pytest.raises(PermissionDenied):
        imports.apply_list(lead, found.pk, QUIET)


def test_what_a_killed_worker_left_goes_after_a_day(clerk):
    waiting = taken(clerk, [person("P000001")])
    stray = importing.folder_of(uuid4())
    stray.mkdir(parents=True)
    for folder in (stray, importing.folder_of(waiting.pk)):
        os.utime(folder, (0, 0))
    taken(clerk, [person("P000002")])
    assert not stray.exists()
    assert importing.folder_of(waiting.pk).exists()


HOSTILE = {
    "bita NUL": (csv_of([person("P000001", Nama="Sıtí")], encoding="utf-16")[2:], "x.csv"),
    "kolom Nama: kolom ini tidak ada": (
        csv_of([{("Nama x" if k == "Nama" else k): v for k, v in person("P1").items()}]),
        "x.csv",
    ),
    "rumus": (xlsx_of([person("P000001", Nama="=1+1")]), "x.xlsx"),
    "muncul 2 kali": (csv_of([person("P000001") | {"nama": "Dua"}]), "x.csv"),
    "kosong": (b"", "x.csv"),
    "sebagai teks": (xlsx_of([person("P000001") | {"Nomor pendamping": 1}]), "x.xlsx"),
}


@pytest.mark.parametrize("words", HOSTILE)
def test_it_refuses_hostile_files_whole(clerk, words):
    content, name = HOSTILE[words]
    with in_territory(clerk), pytest.raises(WorkRefused) as refused:
        imports.take_list(clerk, sent(content, name=name), QUIET)
    assert words in str(refused.value)
    with in_territory(clerk):
        assert not Import.objects.exists()


def test_words_of_the_file_are_those_of_the_screens():
    fields = {field.name: {ours: word for word, ours in field.words} for field in importing.LAYOUTS["STAFF"].fields}
    from gandeng.web.language import indonesian

    with indonesian():
        for name, choices in {
            "education": Staff.Education, "employment": Employment.Kind, "job_title": Employment.Title,
            "role": Post.Role, "left_because": Staff.Left,
        }.items():  # fmt: skip
            assert fields[name] == {one.value: str(one.label) for one in choices}
