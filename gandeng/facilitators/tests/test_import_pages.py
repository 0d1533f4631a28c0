"""The pages on which lists come in and go out."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.models import Import, Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.facilitators.tests.lists import CASELOAD, REASON, STAFF, csv_of, family, person
from gandeng.jobs.models import Job
from gandeng.jobs.tasks import run_job
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def read_here(monkeypatch):
    from gandeng.runs.tests.samples import read_in_this_process

    read_in_this_process(monkeypatch)


def sends(client, rows, kind=STAFF, **told):
    """Upload a list; gives the answer."""
    file = SimpleUploadedFile("daftar.csv", csv_of(rows))
    return client.post(reverse("facilitators:take_import"), {
        "kind": kind, "region": "6371", "file": file, "reason": REASON, **told
    })  # fmt: skip


def done(answer):
    """The job an answer leads to, done; gives where it leads."""
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.get(pk=answer.url.rstrip("/").rsplit("/", 1)[-1])
    run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert job.state == "DONE", job.message
    return job.result_url


def test_it_works_from_upload_to_undoing(coordinator, client_of):
    client = client_of(coordinator)
    page = done(sends(client, [person("P000001"), person("P000002")]))
    told = client.get(page).content.decode()
    assert "Orang baru" in told
    assert "Terapkan daftar ini" in told
    with in_territory(EVERYWHERE):
        key = Import.objects.get().pk
    done(client.post(reverse("facilitators:apply_import", args=[key])))
    with in_territory(EVERYWHERE):
        assert Staff.objects.count() == 2
    assert "Diterapkan" in client.get(reverse("facilitators:imports")).content.decode()
    assert client.post(reverse("facilitators:undo_import", args=[key]), {"reason": "x"}).status_code == 422
    done(client.post(reverse("facilitators:undo_import", args=[key]), {"reason": "Berkas yang salah"}))
    with in_territory(EVERYWHERE):
        assert set(Staff.objects.values_list("left_because", flat=True)) == {"MISTAKE"}


def test_a_caseload_shows_who_gives_and_gets(coordinator, client_of):
    staff, own = make_staff(name="Noor Aida"), make_family()
    client = client_of(coordinator)
    page = done(sends(client, [family(own.family_no, staff.staff_no, date(2025, 1, 1))], CASELOAD))
    told = client.get(page).content.decode()
    assert "Noor Aida" in told
    with in_territory(EVERYWHERE):
        key = Import.objects.get().pk
    done(client.post(reverse("facilitators:apply_import", args=[key])))
    assert "Perpindahan yang dibuat" in client.get(page).content.decode()


def test_what_changes_nothing_offers_nothing(coordinator, client_of):
    client = client_of(coordinator)
    done(sends(client, [person("P000001")]))
    with in_territory(EVERYWHERE):
        key = Import.objects.get().pk
    done(client.post(reverse("facilitators:apply_import", args=[key])))
    told = client.get(done(sends(client, [person("P000001")]))).content.decode()
    assert "Tidak ada yang berubah" in told
    assert "Terapkan daftar ini" not in told


def test_faults_are_told_by_the_job(coordinator, client_of):
    answer = sends(client_of(coordinator), [person("P000001", **{"Kode wilayah": "63.72"})])
    job = Job.objects.get()
    run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert answer.status_code == 302
    assert job.state == "FAILED"
    assert "Baris 2: wilayah 63.72 di luar wilayah" in job.message


@pytest.mark.parametrize(("told", "words"), [
    ({"region": "6372"}, "Pilih salah satu"), ({"reason": ""}, "Tulis alasannya"), ({"kind": "X"}, "Pilih salah satu"),
    ({"file": SimpleUploadedFile("x.pdf", b"%PDF-")}, "CSV atau XLSX"),
    ({"file": SimpleUploadedFile("x.csv", b"")}, "kosong"),
])  # fmt: skip
def test_it_refuses_what_was_typed_wrong(coordinator, client_of, told, words):
    answer = sends(client_of(coordinator), [person("P000001")], **told)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Job.objects.exists()


def test_it_is_withdrawn(coordinator, client_of):
    client = client_of(coordinator)
    page = done(sends(client, [person("P000001")]))
    with in_territory(EVERYWHERE):
        key = Import.objects.get().pk
    client.post(reverse("facilitators:withdraw_import", args=[key]), {"reason": "Berkas yang salah"})
    assert "Ditarik" in client.get(page).content.decode()
    assert client.post(reverse("facilitators:apply_import", args=[key])).status_code == 302
    with in_territory(EVERYWHERE):
        assert not Staff.objects.exists()


def test_others_do_not_find_it(cast, coordinator, client_of):
    page = done(sends(client_of(coordinator), [person("P000001")]))
    assert client_of(cast("DISTRICT_COORDINATOR", "6372")).get(page).status_code == 404
    assert client_of(cast("MINISTRY_OFFICER", "")).get(page).status_code == 404


def test_templates_are_read_as_they_are(coordinator, client_of, tmp_path):
    from gandeng.core.faults import FileRefused
    from gandeng.facilitators.importing import LAYOUTS
    from gandeng.files.intake import take

    for name, kind in (("staff_template", STAFF), ("caseload_template", CASELOAD)):
        answer = client_of(coordinator).get(reverse(f"facilitators:{name}"))
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(answer.content)
        with pytest.raises(FileRefused) as refused:
            take(path, LAYOUTS[kind], tmp_path / "work")
        assert [fault.code for fault in refused.value.faults] == ["no_rows"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_is_taken_away_and_written_down(coordinator, client_of, form):
    from gandeng.audit.models import AuditEntry

    make_staff(name="=SUM(A1)")
    client = client_of(coordinator)
    address = reverse("facilitators:export")
    assert client.get(address).status_code == 200
    told = {"kind": STAFF, "region": "6371", "form": form, "purpose": "Rapat koordinasi"}
    answer = client.post(address, told)
    assert answer["Content-Disposition"].endswith(f'pendamping-6371.{form}"')
    if form == "csv":
        assert "'=SUM(A1)" in answer.content.decode("utf-8-sig")
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.filter(action="staff_list.exported", reason="Rapat koordinasi").count() == 1
    assert client.post(address, told | {"purpose": ""}).status_code == 422
    assert client.post(address, told | {"region": "6372"}).status_code == 422


def test_numbers_of_papers_are_for_who_keeps_records(cast, coordinator, client_of):
    make_staff()
    told = {"kind": STAFF, "form": "csv", "purpose": "Rapat koordinasi"}
    lead = cast("SUB_DISTRICT_LEAD", "637101")
    for who, region, there in ((coordinator, "6371", True), (lead, "637101", False)):
        lines = client_of(who).post(reverse("facilitators:export"), told | {"region": region}).content.decode()
        header, *rows = lines.strip().split("\r\n")
        assert (len(rows), "NIP" in header, "Alasan berhenti" in header) == (1, there, there)


@pytest.mark.parametrize("name", ["imports", "take_import", "import", "export"])
def test_it_asks_the_database_little(coordinator, client_of, name, django_assert_max_num_queries):
    staff, own = make_staff(), make_family()
    client = client_of(coordinator)
    done(sends(client, [family(own.family_no, staff.staff_no, date(2025, 1, 1))], CASELOAD))
    with in_territory(EVERYWHERE):
        args = [Import.objects.get().pk] if name == "import" else []
    with django_assert_max_num_queries(12):
        assert client.get(reverse(f"facilitators:{name}", args=args)).status_code == 200
