"""Sheets on paper: who and what stands on them, where their codes lead, and whom they let in."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from pypdf import PdfReader

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.commitments import codes, papers
from gandeng.commitments.queries import Quarter
from gandeng.commitments.tests.factories import QUARTER, VILLAGE, make_facility, make_pupil, placed
from gandeng.documents import commitment_sheet
from gandeng.exports.actions import budget
from gandeng.facilitators.tests.factories import few_queries

pytestmark = pytest.mark.django_db
KEY = "2026-3"


@pytest.fixture
def made(cast, client_of):
    class Made:
        operator = cast("DISTRICT_OPERATOR", "6371")
        pupil = make_pupil(name="Siti Uji")

    Made.school = make_facility(Made.operator, code="30301234")
    Made.desk = client_of(Made.operator)
    placed(Made.operator, Made.pupil, Made.school)
    return Made


def pages_of(answer):
    assert answer["Content-Type"] == "application/pdf"
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(BytesIO(answer.content)).pages]


def code_on(text):
    return re.search(r"[0-9A-F]{5}-[0-9A-F]{5}-\d{3}-\d{2}[A-Z]", text)[0]


def test_it_works(made):
    (page,) = pages_of(made.desk.post(reverse("commitments:print_one", args=[made.school.pk, KEY])))
    for words in (
        "Formulir verifikasi komitmen pendidikan", "SDN Uji", "30301234", "Triwulan 3 tahun 2026", "Juli 2026",
        "ALPA IZIN SAKIT JML %", "KET", "NISN", "Siti Uji", "Hari efektif September 2026", "Halaman 1 dari 1",
        "Tanda tangan dan cap", made.operator.person_name,
    ):  # fmt: skip
        assert words in page
    found = made.desk.get(reverse("commitments:find"), {"kode": code_on(page).lower().replace("-", " ")})
    assert found.url == reverse("commitments:sheet", args=[made.school.pk, KEY]) + "?bagian=1"
    with in_territory(made.operator):
        assert AuditEntry.objects.filter(action="commitment.sheets_printed").count() == 1


def test_the_square_on_a_paper_opens_its_sheet_and_lets_nobody_else_in(made, cast, client_of, monkeypatch):
    """What is drawn into the square is what a telephone reads off it: each page leads to its own part."""
    for number in range(64):
        placed(made.operator, make_pupil(name=f"Murid {number:02}"), made.school)
    drawn = []
    real = commitment_sheet.qr_svg
    monkeypatch.setattr(commitment_sheet, "qr_svg", lambda text, **how: drawn.append(text) or real(text, **how))
    made.desk.post(reverse("commitments:print_one", args=[made.school.pk, KEY]))
    addresses = sorted(set(drawn))
    assert len(addresses) == 2 and all(one.startswith("http://testserver/") for one in addresses)
    stranger = client_of(cast("DISTRICT_OPERATOR", "6372"))
    for address, name in zip(addresses, ("Murid 00", "Siti Uji"), strict=True):
        own, other = made.desk.get(address), stranger.get(address)
        assert own.status_code == 200 and made.school.name in own.content.decode() and name in own.content.decode()
        nothing = stranger.get(address.replace(str(made.school.pk), str(uuid4())))
        assert (other.status_code, nothing.status_code) == (404, 404)
        assert made.school.name not in other.content.decode() and name not in other.content.decode()


def test_a_paper_shows_four_digits_of_a_nik_and_no_more(made):
    (page,) = pages_of(made.desk.post(reverse("commitments:print_one", args=[made.school.pk, KEY])))
    assert made.pupil.nik_last4 and f"••••{made.pupil.nik_last4}" in page
    assert not re.search(r"\d{9,}", page)


def test_a_clinic_reads_what_the_protocol_asks(made):
    clinic = make_facility(made.operator, name="Posyandu Uji", kind="POSYANDU")
    placed(made.operator, made.pupil, clinic, obligation="HEALTH")
    (page,) = pages_of(made.desk.post(reverse("commitments:print_one", args=[clinic.pk, KEY])))
    assert "Formulir verifikasi komitmen kesehatan" in page and "1 (1–6 tahun)" in page
    sheet = made.desk.get(reverse("commitments:sheet", args=[clinic.pk, KEY])).content.decode()
    assert "Protokol: 1 kunjungan dalam triwulan ini (anak 1–6 tahun)." in sheet


def test_each_page_finds_its_part(made):
    for number in range(64):
        placed(made.operator, make_pupil(name=f"Murid {number:02}"), made.school)
    with few_queries():
        answer = made.desk.post(reverse("commitments:print_one", args=[made.school.pk, KEY]))
    pages = pages_of(answer)
    assert len(pages) == 6, "60 in five pages of fourteen, and five more"
    with in_territory(made.operator):
        assert [codes.find(code_on(page)).part for page in pages] == [1, 1, 1, 1, 1, 2]
    assert "Murid 59" in pages[5] or "Siti Uji" in pages[5]


def test_all_of_a_village_in_one_file(made):
    other = make_facility(made.operator, name="SDN Lain")
    placed(made.operator, make_pupil(), other)
    make_facility(made.operator, name="SDN Kosong")
    page = reverse("commitments:print_many")
    assert "Triwulan 3 tahun 2026" in made.desk.get(page).content.decode()
    for place in (VILLAGE, VILLAGE[:6]):
        told = pages_of(made.desk.post(page, {"place": place, "quarter": KEY}))
        assert len(told) == 2 and "SDN Lain" in told[0] and "SDN Uji" in told[1]
    assert made.desk.post(page, {"place": "6372011001", "quarter": KEY}).status_code == 422


def test_it_refuses_more_than_one_person_takes_away(made, monkeypatch):
    monkeypatch.setattr(papers, "MEMBERS_MAX", 0)
    answer = made.desk.post(reverse("commitments:print_one", args=[made.school.pk, KEY]))
    assert answer.status_code == 422 and "sekali cetak paling banyak 0" in answer.content.decode()


def test_it_says_what_to_do_where_the_day_is_used_up(made, monkeypatch):
    monkeypatch.setattr(budget, "ROWS_A_DAY", 0)
    answer = made.desk.post(reverse("commitments:print_one", args=[made.school.pk, KEY]))
    assert answer.status_code == 422 and "Cetak besok" in answer.content.decode()
    assert "unduhan panjang" not in answer.content.decode(), "there is no long export of papers"


def test_it_refuses_a_facility_of_nobody(made):
    empty = make_facility(made.operator, name="SDN Kosong")
    assert made.desk.post(reverse("commitments:print_one", args=[empty.pk, KEY])).status_code == 422


def test_a_code_gives_a_stranger_nothing(made, cast, client_of):
    other = client_of(cast("DISTRICT_OPERATOR", "6372"))
    code = codes.code_of(made.school.pk, QUARTER, 1)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    answers = {other.get(reverse("commitments:find"), {"kode": one}).status_code for one in (code, wrong, "", "x")}
    assert answers == {422}
    assert made.desk.get(reverse("commitments:find"), {"kode": wrong}).status_code == 422
    assert other.post(reverse("commitments:print_one", args=[made.school.pk, KEY])).status_code == 404


@pytest.mark.parametrize("quarter", [Quarter(2017, 1), Quarter(2099, 4)])
@pytest.mark.parametrize("part", [1, 99, 100])
def test_codes_come_back(made, quarter, part):
    with in_territory(made.operator):
        found = codes.find(codes.code_of(made.school.pk, quarter, part))
    assert (found.facility.pk, found.quarter, found.part) == (made.school.pk, quarter, part)
