"""The ministry's education form: what leaves, what comes back, whose it is, and that it comes back once."""

import csv
import io
import re
import zipfile
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.commitments.actions import CommitmentRefused, education
from gandeng.commitments.education_file import HEADER, attended, percent, read, write
from gandeng.commitments.models import Enrolment, Facility, Record, Sheet, Verdict
from gandeng.commitments.tests.factories import (
    QUARTER,
    SIGNED,
    VILLAGE,
    make_facility,
    make_pupil,
    months,
    placed,
    recorded,
)
from gandeng.core.commitment import Month
from gandeng.exports.queries import decidable
from gandeng.exports.sources import KINDS as KINDS_OF_EXPORTS
from gandeng.facilitators.tests.factories import few_queries
from gandeng.files.conversion import convert
from gandeng.files.layouts import EDUCATION
from gandeng.files.readers import Reading
from gandeng.jobs.work import KINDS, WorkRefused
from gandeng.registry.staging import upload_folder

KEY = "2026-3"


@pytest.fixture
def made(cast, client_of):
    class Made:
        operator = cast("DISTRICT_OPERATOR", "6371")
        pupil = make_pupil(name="Siti Uji", nik="6371014203140001")
        mate = make_pupil(name="Ahmad Uji", nik="6371014203140002")

    Made.school = make_facility(Made.operator, code="30301234")
    Made.desk = client_of(Made.operator)
    for each in (Made.pupil, Made.mate):
        placed(Made.operator, each, Made.school)
    return Made


def taken_away(made, region=VILLAGE, purpose="Dikirim ke sekolah"):
    with in_territory(made.operator):
        return education.take_away(
            made.operator, list(Facility.objects.order_by("name")), QUARTER, purpose, region=region
        )


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def filled(content, days=("20", "20", "20"), **cells):
    """As a school sends it back: absences by name, the same each month."""
    rows = rows_of(content)
    rows[4][1:4] = days
    for row in rows[7:]:
        row[8:23] = cells.get(row[5].split()[0].lower(), [""] * 5) * 3
    return "".join(";".join(row) + "\r\n" for row in rows).encode("utf-8-sig")


def sent(made, content, who=None, name="isi.csv"):
    """As the worker reads it; gives the id of the list."""
    upload, who = str(uuid4()), who or made.operator
    folder = upload_folder(upload)
    folder.mkdir(parents=True)
    (folder / "list.csv").write_bytes(content)
    with in_territory(who):
        address = KINDS["commitments.take_education"](who, lambda *_: None, {"upload": upload, "called": name})
    assert not folder.exists(), "what was sent is deleted"
    return address.rstrip("/").rsplit("/", 1)[-1]


def entered(made, list_id, who=None):
    with in_territory(who or made.operator):
        return education.enter(who or made.operator, list_id, SIGNED)


SITI, AHMAD = ["4", "0", "0", "16", "80"], ["0", "1", "0", "19", "95%"]


@pytest.mark.django_db
def test_it_works(made):
    list_id = sent(made, filled(taken_away(made).content, siti=SITI, ahmad=AHMAD))
    page = reverse("commitments:education_list", args=[list_id])
    with few_queries():
        shown = made.desk.get(page).content.decode()
    for words in ("Siti Uji", "Ahmad Uji", "Tidak terpenuhi", "Terpenuhi", "SDN Uji, Triwulan 3 tahun 2026"):
        assert words in shown
    typed = {**vars(SIGNED), "signer_name": ""}
    assert made.desk.post(page, typed).status_code == 422, "no sheet without who signed it"
    assert made.desk.post(page, vars(SIGNED)).status_code == 302
    with in_territory(made.operator):
        kept = [(each.member_id, each.days, each.absent, each.leave) for each in Record.objects.filter(month=2)]
        assert set(kept) == {(made.pupil.pk, 20, 4, 0), (made.mate.pk, 20, 0, 1)}
        assert Sheet.objects.get().signer_name == SIGNED.signer_name
        assert AuditEntry.objects.filter(action="commitment.education_imported").exists()


@pytest.mark.django_db
def test_the_same_file_again_records_nothing(made):
    content = filled(taken_away(made).content, siti=SITI)
    first, second = sent(made, content), sent(made, content)
    assert entered(made, first)[1] == 1
    for list_id in (second, sent(made, content)):
        assert (
            "Tidak ada yang baru"
            in made.desk.get(reverse("commitments:education_list", args=[list_id])).content.decode()
        )
        with pytest.raises(CommitmentRefused):
            entered(made, list_id)
    with pytest.raises(CommitmentRefused):
        entered(made, first)
    with in_territory(made.operator):
        assert (Sheet.objects.count(), Verdict.objects.count()) == (1, 1)
    again = taken_away(made).content
    with pytest.raises(CommitmentRefused):
        entered(made, sent(made, again)), "what we wrote ourselves says nothing new"


@pytest.mark.django_db
def test_what_changes_is_shown_with_both_verdicts(made):
    recorded(made.operator, made.school, {made.pupil: months(4), made.mate: months(0)})
    list_id = sent(made, filled(taken_away(made).content, siti=["1", "", "", "", ""], ahmad=["0", "0", "0", "20", ""]))
    shown = made.desk.get(reverse("commitments:education_list", args=[list_id])).content.decode()
    assert "Tidak terpenuhi</span> → " in shown and "Siti Uji" in shown and "Ahmad Uji" not in shown
    assert entered(made, list_id)[1] == 1


@pytest.mark.django_db
def test_a_whole_nik_is_matched_by_its_blind_index(made):
    content = filled(taken_away(made).content, siti=SITI).decode("utf-8-sig").replace("••••0001", "6371014203140001")
    assert entered(made, sent(made, content.replace("Siti Uji", "Nama lain").encode("utf-8-sig")))[1] == 1
    with in_territory(made.operator):
        assert Verdict.objects.get().member_id == made.pupil.pk


@pytest.mark.django_db
def test_a_difference_in_their_sums_is_named(made):
    list_id = sent(made, filled(taken_away(made).content, siti=["4", "0", "0", "17", "81,2"]))
    shown = made.desk.get(reverse("commitments:education_list", args=[list_id])).content.decode()
    assert "JML berkas 17, hitungan kami 16" in shown and "persen berkas 81,2, hitungan kami 80" in shown


@pytest.mark.django_db
def test_a_pupil_of_elsewhere_is_named_by_row_and_left_alone(made):
    content = filled(taken_away(made).content, siti=SITI, ahmad=AHMAD).decode("utf-8-sig")
    list_id = sent(made, content.replace("••••0002", "••••0009").encode("utf-8-sig"))
    shown = made.desk.get(reverse("commitments:education_list", args=[list_id])).content.decode()
    assert "Baris 8: tidak terdaftar di SDN Uji" in shown
    assert entered(made, list_id)[1] == 1


def _with_a_newcomer(made, name="Rina Uji", cell="••••0003"):
    """The form with a row more, as the school adds it."""
    content = filled(taken_away(made).content, siti=SITI, ahmad=AHMAD).decode("utf-8-sig")
    last = next(line for line in content.splitlines() if "Ahmad Uji" in line)
    return (content + last.replace("••••0002", cell).replace("Ahmad Uji", name) + "\r\n").encode("utf-8-sig")


@pytest.mark.django_db
@pytest.mark.parametrize("cell", ["••••0003", "6371014203140003"])
def test_a_pupil_who_is_enrolled_nowhere_is_offered_a_place_and_then_recorded(made, cell):
    rina = make_pupil(name="Rina Uji", nik="6371014203140003")
    list_id = sent(made, _with_a_newcomer(made, cell=cell))
    page = reverse("commitments:education_list", args=[list_id])
    shown = made.desk.get(page).content.decode()
    assert "belum terdaftar di sekolah mana pun" in shown and f'value="{rina.pk}"' in shown
    with in_territory(made.operator):
        assert not Enrolment.objects.filter(member=rina).exists(), "a preview changes nothing"
    assert made.desk.post(page, {"daftarkan": "1", "chosen": [rina.pk]}).status_code == 302
    shown = made.desk.get(page).content.decode()
    assert "belum terdaftar di sekolah mana pun" not in shown and "Rina Uji" in shown
    with in_territory(made.operator):
        one = Enrolment.objects.get(member=rina)
        assert (one.facility_id, one.since, one.obligation) == (made.school.pk, QUARTER.months()[0], "EDUCATION")
    assert entered(made, list_id)[1] == 3


@pytest.mark.django_db
def test_whoever_is_not_enrolled_is_not_recorded(made):
    make_pupil(name="Rina Uji", nik="6371014203140003")
    assert entered(made, sent(made, _with_a_newcomer(made)))[1] == 2


@pytest.mark.django_db
def test_only_who_fits_exactly_and_has_no_place_is_offered(made):
    rina = make_pupil(name="Rina Uji", nik="6371014203140003")
    make_pupil("6372011001", name="Dewi Uji", nik="6372014203140003")
    for name in ("Rina", "Dewi Uji"):
        list_id = sent(made, _with_a_newcomer(made, name=name))
        shown = made.desk.get(reverse("commitments:education_list", args=[list_id])).content.decode()
        assert "Baris 10: tidak terdaftar di SDN Uji" in shown and "daftarkan" not in shown
    list_id = sent(made, _with_a_newcomer(made))
    page = reverse("commitments:education_list", args=[list_id])
    placed(made.operator, rina, make_facility(made.operator, name="SDN Lain"))
    answer = made.desk.post(page, {"daftarkan": "1", "chosen": [rina.pk]}, follow=True).content.decode()
    assert "Sudah terdaftar" in answer
    answer = made.desk.post(page, {"daftarkan": "1", "chosen": [made.pupil.pk]}, follow=True).content.decode()
    assert "Daftarnya berubah" in answer, "none but those the file named"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("NPSN;30301234", "NPSN;99999999"), ["NPSN 99999999"]),
        (("NPSN;30301234", ""), ["Baris NPSN"]),
        (("Agustus 2026", "Oktober 2026"), ["Baris BULAN"]),
        (("HARI EFEKTIF;20;20;20", "HARI EFEKTIF;;;"), ["HARI EFEKTIF"]),
        (("HARI EFEKTIF;20;20;20", "HARI EFEKTIF;3;20;20"), ["Baris 9: bulan ke-1: tidak hadir lebih"]),
        (("HARI EFEKTIF;20;20;20", "HARI EFEKTIF;20;;20"), ["bulan ke-2 berisi, tetapi hari efektifnya kosong"]),
        (("••••0001", "abc"), ["NIK siswa harus 16 angka"]),
        (("••••0002", "••••0001;;Siti Uji;;;;;;;;"), ["isi.csv"]),
        (("4;0;0;16;80", "x;0;0;16;80"), ["ALPA 1", "9"]),
    ],
)
def test_it_refuses_the_whole_file_with_every_fault(made, change, told):
    content = filled(taken_away(made).content, siti=SITI, ahmad=AHMAD).decode("utf-8-sig")
    assert change[0] in content
    with pytest.raises(WorkRefused) as why:
        sent(made, content.replace(*change).encode("utf-8-sig"))
    for words in told:
        assert words in str(why.value)
    with in_territory(made.operator):
        assert not Sheet.objects.exists()


@pytest.mark.django_db
def test_several_schools_leave_as_a_zip_and_no_file_shows_a_nik(made):
    other = make_facility(made.operator, name="=SDN Lain", code="30309999")
    placed(made.operator, make_pupil(name="Budi Uji"), other)
    away = taken_away(made, region="637101")
    assert away.name == "pendidikan-637101-2026-3.zip"
    with zipfile.ZipFile(io.BytesIO(away.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert set(files) == {"pendidikan-30301234-2026-3.csv", "pendidikan-30309999-2026-3.csv"}
    assert rows_of(files["pendidikan-30309999-2026-3.csv"])[1][1] == "'=SDN Lain", "no formula"
    for content in files.values():
        assert b"637101420314" not in content
        assert [cell for cell in rows_of(content)[6] if cell] == list(HEADER)


@pytest.mark.django_db
def test_it_refuses_without_purpose_beyond_the_limit_and_with_nobody(made, monkeypatch):
    page = reverse("commitments:education_out")
    typed = {"place": VILLAGE, "quarter": KEY, "purpose": "Dikirim ke sekolah"}
    answer = made.desk.post(page, typed)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert made.desk.post(page, typed | {"purpose": ""}).status_code == 422
    assert made.desk.post(page, typed | {"place": "6372011001"}).status_code == 422
    monkeypatch.setattr(education, "ROWS_ALONE", 1)
    answer = made.desk.post(page, typed)
    assert answer.status_code == 422 and "sekali unduh paling banyak 1" in answer.content.decode()


@pytest.mark.django_db
def test_a_whole_district_leaves_as_a_long_export_that_a_second_person_decides(made, cast, client_of, monkeypatch):
    far = make_facility(made.operator, "6371021001", name="SDN Jauh", code="30309999")
    placed(made.operator, make_pupil("6371021001", name="Budi Uji"), far)
    recorded(made.operator, made.school, {made.pupil: months(4)})
    monkeypatch.setattr(education, "ROWS_ALONE", 1)
    typed = {"place": VILLAGE, "quarter": KEY, "purpose": "Dikirim ke sekolah"}
    refused = made.desk.post(reverse("commitments:education_out"), typed).content.decode()
    link = re.search(r'href="(/unduhan/minta/formulir-pendidikan/[^"]+)"', refused)[1].replace("&amp;", "&")
    assert f"wilayah={VILLAGE}" in link and "minta unduhan panjang" in refused
    asked = made.desk.get(link)
    assert asked.status_code == 200 and asked.context["rows"] == 2
    whole = reverse("exports:ask", args=["formulir-pendidikan"]) + f"?quarter={KEY}"
    assert made.desk.post(whole, {"purpose": "Rekapitulasi kabupaten"}).status_code == 302
    coordinator, stranger = cast("DISTRICT_COORDINATOR", "6371"), cast("DISTRICT_COORDINATOR", "6372")
    for who, count in ((coordinator, 1), (stranger, 0)):
        with in_territory(who):
            assert decidable(who).count() == count
    assert client_of(stranger).get(link).status_code == 403
    with in_territory(made.operator):
        found = KINDS_OF_EXPORTS["formulir-pendidikan"].source(made.operator, {"quarter": KEY, "wilayah": ""})
        lines, count = [[str(cell) for cell in line] for line in found.lines()], found.count()
    assert (found.region, count, len(lines)) == ("6371", 3, 3)
    assert {len(line) for line in lines} == {len(found.header)}
    assert [(line[0], line[7]) for line in lines] == [
        ("30309999", "Budi Uji"), ("30301234", "Ahmad Uji"), ("30301234", "Siti Uji"),
    ]  # fmt: skip
    assert lines[2][10:15] == ["4", "0", "0", "16", "80"] and "637101420314" not in str(lines)


@pytest.mark.django_db
def test_an_upload_becomes_work_and_its_list_is_its_senders_alone(made, cast, client_of):
    page = reverse("commitments:education_in")
    assert made.desk.post(page, {"file": ""}).status_code == 422
    assert made.desk.post(page, {"file": SimpleUploadedFile("x.pdf", b"%PDF-")}).status_code == 422
    content = filled(taken_away(made).content, siti=SITI)
    assert "/pekerjaan/" in made.desk.post(page, {"file": SimpleUploadedFile("isi.csv", content)}).url
    list_id = sent(made, content)
    for other in (cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_OPERATOR", "6372")):
        for method in ("get", "post"):
            answer = getattr(client_of(other), method)(reverse("commitments:education_list", args=[list_id]))
            assert answer.status_code == 404 and "Siti" not in answer.content.decode()


@pytest.mark.django_db
def test_a_school_of_elsewhere_is_as_none(made, cast):
    content = filled(taken_away(made).content, siti=SITI)
    with pytest.raises(WorkRefused, match="Tidak ada sekolah dengan NPSN 30301234"):
        sent(made, content, who=cast("DISTRICT_OPERATOR", "6372"))


def _month(number):
    def made(days):
        absences = st.tuples(*[st.integers(0, days)] * 3).filter(lambda told: sum(told) <= days)
        return absences.map(lambda told: Month(number, days=days, absent=told[0], leave=told[1], sick=told[2]))

    return made


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_a_school_fills_in_comes_back_as_it_was(tmp_path_factory, data):
    days = data.draw(st.tuples(*[st.integers(0, 31)] * 3))
    pupils = data.draw(st.integers(1, 4))
    told = {}
    for _ in range(pupils):
        numbers = data.draw(st.sets(st.sampled_from((1, 2, 3))))
        told[uuid4()] = tuple(data.draw(_month(number)(days[number - 1])) for number in sorted(numbers))
    expected = [
        SimpleNamespace(
            member_id=key,
            member=SimpleNamespace(
                nik_last4=f"{number:04}", name=f'Nama; "{number}"', school_level="SD", family_id=key,
                family=SimpleNamespace(collector=None),
            ),
        )
        for number, key in enumerate(told)
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("form")
    written = write(SimpleNamespace(name="SDN Uji", code="30301234"), QUARTER, expected, told, {})
    lines = rows_of(written)
    lines[4][1:4] = [str(each) for each in days]
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(lines)
    (folder / "isi.csv").write_text(out.getvalue(), encoding="utf-8")
    found = read(convert(Reading(folder / "isi.csv", EDUCATION), folder), folder)
    assert (found.npsn, found.quarter, found.faults) == ("30301234", QUARTER, ())
    assert [(line.name, line.months, line.differs) for line in found.lines] == [
        (each.member.name, told[each.member_id], ()) for each in expected
    ]


@given(st.integers(1, 31), st.integers(0, 31))
def test_our_share_is_what_we_read(days, absent):
    month = Month(1, days=days, absent=min(absent, days))
    assert attended(month) == days - month.absent
    assert abs(float(percent(month).replace(",", ".")) - 100 * attended(month) / days) < 0.01
