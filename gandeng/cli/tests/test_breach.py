"""A planted leak: who was concerned is known beforehand, and the command finds exactly them."""

import csv
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from typer.testing import CliRunner

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.audit.actions import record
from gandeng.audit.models import AuditEntry
from gandeng.cli.main import app
from gandeng.duplicates.tests.factories import NEXT_VILLAGE, a_child, found_in
from gandeng.exports.actions import take
from gandeng.exports.models import ExportRequest
from gandeng.exports.sources import Listing
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.actions.caseload_exports import export_act
from gandeng.facilitators.actions.lists_out import export_list
from gandeng.facilitators.models import Import
from gandeng.facilitators.tests.factories import make_staff
from gandeng.graduation.tests.factories import opened
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.tests.factories import do, filed
from gandeng.office import running
from gandeng.privacy.subject import LISTS_OF_FAMILIES, LISTS_OF_PAYMENTS, read
from gandeng.registry.actions import export_families, reveal_identifier
from gandeng.registry.queries import families_visible_to
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.words import sentences

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    """One of the district."""
    return make_family("6371011001")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """The command in this process, on the tests' database."""
    monkeypatch.setattr(running, "set_up", lambda: None)

    def call(*words, out=tmp_path / "leak"):
        told = CliRunner().invoke(app, ["breach", "--since", "2020-01-01", "--out", str(out), *words])
        return told, out

    return call


def found(out):
    with (out / "keluarga.csv").open(encoding="utf-8", newline="") as file:
        return {row["nomor_keluarga"]: row for row in csv.DictReader(file)}


@pytest.fixture
def look(client_of, django_capture_on_commit_callbacks):
    """Opens a family's page; the line in the log comes after the page."""

    def open_page(acting, family):
        with django_capture_on_commit_callbacks(execute=True):
            assert client_of(acting).get(reverse("registry:family", args=[family.pk])).status_code == 200

    return open_page


def address(acting):
    return User.objects.get(person_id=acting.person_id).email


def test_it_works(run, operator, look, cast):
    """Opened one, revealed a number of another, took a list of a district away; a colleague opened a fourth."""
    opened, revealed, listed, elsewhere = (make_family("6371011001") for _ in range(4))
    far = make_family("6372011001")
    look(operator, opened)
    with in_territory(operator):
        reveal_identifier(
            operator, revealed, f"nik:{revealed.collector_id}", "Mencocokkan kartu keluarga di meja layanan"
        )
    colleague = cast("DISTRICT_OPERATOR", "6371")
    look(colleague, elsewhere)
    told, out = run("--user", address(operator))
    assert told.exit_code == 0, told.output
    rows = found(out)
    assert set(rows) == {opened.family_no, revealed.family_no}
    assert {row["pasti"] for row in rows.values()} == {"ya"}
    assert "NIK lengkap" in rows[revealed.family_no]["yang_terkena"]
    assert "tanggal lahir" in rows[opened.family_no]["yang_terkena"]
    with in_territory(operator):
        export_families(operator, families_visible_to(operator, {}), "Rapat koordinasi kabupaten", {})
    rows = found(run("--user", address(operator))[1])
    assert set(rows) == {one.family_no for one in (opened, revealed, listed, elsewhere)}
    assert rows[listed.family_no]["pasti"] == "mungkin" and rows[opened.family_no]["pasti"] == "ya"
    assert far.family_no not in rows
    letter = (out / "surat-lembaga.txt").read_text(encoding="utf-8")
    assert "4, di antaranya 2 pasti dan 2 mungkin" in letter and "NIK lengkap" in letter
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.filter(action="breach.reported", object_id=operator.person_id).count() == 2


def test_a_time_outside_concerns_nobody(run, operator, look):
    look(operator, make_family())
    told, out = run("--user", address(operator), "--until", "2020-01-02")
    assert told.exit_code == 0 and found(out) == {}
    later = timezone.localtime() + timedelta(days=1)
    assert run("--user", address(operator), "--until", later.strftime("%Y-%m-%d"))[0].exit_code == 0
    assert len(found(out)) == 1


def test_a_family_that_moved_away_since_is_concerned(run, operator):
    family = make_family("6371011001")
    with in_territory(operator):
        export_families(operator, families_visible_to(operator, {}), "Rapat koordinasi kabupaten", {})
    with in_territory(EVERYWHERE):
        family.village_code = "6372011001"
        family.save()
    assert set(found(run("--user", address(operator))[1])) == {family.family_no}


@pytest.fixture
def handed_over(coordinator):
    """Two families that one facilitator gave to another, the act of it, and a neighbour whom it left alone."""
    giver, taker, today = make_staff(name="Siti"), make_staff(name="Ani"), timezone.localdate()
    moved = [make_family("6371011001") for _ in range(2)]
    with in_territory(coordinator):
        caseload.assign_unaccompanied(coordinator, "6371011001", giver, day=today, reason="Uji")
        act = caseload.hand_over(coordinator, giver, taker, day=today, reason="Uji", villages=["6371011001"])
    return act, moved, make_family("6371011001")


def test_a_list_of_a_hand_over_concerns_for_certain_those_it_moved(run, coordinator, handed_over):
    act, moved, beside = handed_over
    with in_territory(coordinator):
        export_act(coordinator, act, "Serah terima berkas", "csv")
    rows = found(run("--user", address(coordinator))[1])
    assert {number: row["pasti"] for number, row in rows.items()} == {one.family_no: "ya" for one in moved}
    assert "pendamping" in rows[moved[0].family_no]["yang_terkena"]
    with in_territory(EVERYWHERE):
        assert [read(one.pk)["exports"][0]["action"] for one in moved] == ["hand_over.exported"] * 2
        assert read(beside.pk)["exports"] == []


@pytest.mark.parametrize(("kind", "families"), [(Import.Kind.CASELOAD, 3), (Import.Kind.STAFF, 0)])
def test_of_the_lists_of_staff_a_caseload_names_families(run, coordinator, handed_over, kind, families):
    with in_territory(coordinator):
        export_list(coordinator, kind, "6371", "Rapat koordinasi", "csv")
    assert len(found(run("--user", address(coordinator))[1])) == families
    with in_territory(EVERYWHERE):
        assert len(read(handed_over[2].pk)["exports"]) == (1 if families else 0)


def test_a_short_list_taken_alone_may_concern_everybody_of_its_region(run, operator, family):
    listing = Listing("Kunjungan rumah", "6371", "", ("Keluarga",), lambda: 1, lambda: iter([["Siti"]]), "/")
    with in_territory(operator):
        take(operator, "kunjungan", {}, listing, "Rapat koordinasi")
    rows = found(run("--user", address(operator))[1])
    assert {number: row["pasti"] for number, row in rows.items()} == {family.family_no: "mungkin"}
    assert "kunjungan" in rows[family.family_no]["yang_terkena"]
    with in_territory(EVERYWHERE):
        assert [row["action"] for row in read(family.pk)["exports"]] == ["export.taken"]


@pytest.mark.parametrize("act", ["commitment.sheets_printed", "commitment.education_exported"])
def test_sheets_of_schools_and_clinics_name_children(run, operator, family, act):
    record(operator, act, object_type="Facility", region="6371", members=1)
    rows = found(run("--user", address(operator))[1])
    assert {row["pasti"] for row in rows.values()} == {"mungkin"}
    assert "sekolah" in rows[family.family_no]["yang_terkena"]
    with in_territory(EVERYWHERE):
        assert [(row["action"], row["rows"]) for row in read(family.pk)["exports"]] == [(act, "1")]


def test_the_picture_of_a_statement_concerns_its_family_for_certain(run, operator, coordinator, family):
    case = opened(operator, family)
    record(coordinator, "graduation.statement_opened", case, region=case.village_code)
    rows = found(run("--user", address(coordinator))[1])
    assert {number: row["pasti"] for number, row in rows.items()} == {family.family_no: "ya"}
    assert "graduasi" in rows[family.family_no]["yang_terkena"]
    with in_territory(EVERYWHERE):
        assert "graduation.statement_opened" in {row["action"] for row in read(family.pk)["audit_auditentry"]}


def test_a_complaint_concerns_its_family_and_one_of_nobody_nobody(run, coordinator, family):
    """A family's own report tells of none: who complained about it is not told to it."""
    about, of_nobody = filed(coordinator), filed(coordinator)
    do(coordinator, about, deeds.link, family)
    for made in (about, of_nobody):
        do(coordinator, made, deeds.note, "Ditanyakan ke bank")
    rows = found(run("--user", address(coordinator))[1])
    assert {number: row["pasti"] for number, row in rows.items()} == {family.family_no: "ya"}
    assert rows[family.family_no]["yang_terkena"].startswith("pengaduan tentang keluarga ini"), "once, whatever acts"
    with in_territory(EVERYWHERE):
        assert not any(row["action"].startswith("helpdesk.") for row in read(family.pk)["audit_auditentry"])


KNOWN_BY_NAME = {"family.report_fetched", "hand_over.exported", "helpdesk.letter_printed"}
NAMES_NOBODY = {
    "caseload.exported", "certificate.list_exported", "certificate.needs_exported", "code.unsigned_exported",
    "family_meeting.coverage_exported", "follow_up.causes_exported", "graduation.what_if_exported",
    "helpdesk.figures_exported", "helpdesk.queue_exported", "monitoring.exported", "monitoring.frame_exported",
    "performance.exported", "report.downloaded", "staff.head_count_exported", "staff_list.exported", "summary.exported",
}  # fmt: skip
"""Figures, staff, numbers of cases and ids."""
AGREED_TO = {"yearbook.fetched"}
"""What it names was told with consent, to be read by everybody."""


def test_every_act_that_takes_something_away_is_known_here():
    acts = {
        act
        for act in sentences("id", "acts")
        if re.search(r"(exported|printed|downloaded|fetched|export\.taken)$", act)
    }
    lists = {*LISTS_OF_FAMILIES, *LISTS_OF_PAYMENTS, "instruction.downloaded"} - {"differences.read"}
    assert acts == lists | KNOWN_BY_NAME | NAMES_NOBODY | AGREED_TO


def test_one_long_export(run, operator):
    """Whoever lives in its region may be in it; who made it opened other families, which are no part of it."""
    inside, outside = make_family("6371011001"), make_family("6372011001")
    with in_territory(operator):
        export = ExportRequest.objects.create(
            kind="families", title="Daftar keluarga", arguments={"status": "ACTIVE"}, region_code="6371", rows_asked=1,
            purpose="Uji", asked_by_id=operator.person_id, asked_authority="Uji",
        )  # fmt: skip
        record(operator, "export.downloaded", export, region="6371")
        record(operator, "family.opened", outside, region="6372")
    told, out = run("--export", str(export.pk))
    assert told.exit_code == 0, told.output
    assert {number: row["pasti"] for number, row in found(out).items()} == {inside.family_no: "mungkin"}


def test_a_whole_table(run):
    families = {make_family(channel="BRI").family_no for _ in range(3)}
    told, out = run("--table", "registry_account")
    assert told.exit_code == 0, told.output
    rows = found(out)
    assert families <= set(rows)
    assert "Penyalur" in next(iter(rows.values()))["yang_terkena"]


def test_a_table_of_pairs_concerns_both_families(run, operator):
    twins = a_child()[0], a_child(NEXT_VILLAGE)[0]
    assert len(found_in(operator)) == 1
    assert set(found(run("--table", "duplicates_found")[1])) == {one.family_no for one in twins}


@pytest.mark.parametrize(("words", "said"), [
    ((), "tepat satu"),
    (("--user", "a@b.test", "--table", "registry_family"), "tepat satu"),
    (("--user", "tidak.ada@contoh.test"), "Tidak ada orang"),
    (("--export", "11111111-2222-3333-4444-555555555555"), "Tidak ada unduhan"),
    (("--export", "bukan nomor"), "Tidak ada unduhan"),
    (("--table", "accounts_person; drop table x"), "bukan tabel tentang keluarga"),
    (("--table", "registry_intakerow"), "tidak dapat dirunut"),
    (("--user", "x", "--until", "kemarin"), "tidak terbaca"),
    (("--user", "x", "--until", "2019-01-01"), "sesudah"),
])  # fmt: skip
def test_it_refuses_in_words(run, words, said):
    told, out = run(*words)
    assert told.exit_code != 0 and said in " ".join(told.output.split())
    assert not out.exists()


def test_files_of_others_are_left_alone(run, operator, tmp_path):
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak" / "catatan.txt").write_text("penting", encoding="utf-8")
    told, out = run("--user", address(operator))
    assert told.exit_code != 0 and "berkas lain" in told.output
    assert [path.name for path in out.iterdir()] == ["catatan.txt"]
