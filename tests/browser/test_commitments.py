"""Attendance of a pupil becomes a decision, is told, objected to and answered; read on the family's page."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password
from pypdf import PdfReader

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.commitments.models import Decision, Step, Verdict
from gandeng.commitments.tests.factories import (
    QUARTER,
    coded,
    linked,
    make_facility,
    make_pupil,
    months,
    placed,
    recorded,
)
from gandeng.registry.tests.factories import EVERYWHERE
from tests.browser import office
from tests.browser.test_ethics_case import look

MONTHS = ("07/2026", "08/2026", "09/2026")
SCHOOL, PUPIL = "SDN Uji Peramban", "Rahmawati Uji"


@pytest.fixture(scope="module")
def people(empty_site):
    """Who records, who decides, who answers; a pupil and her school."""
    cast = Cast()
    made = SimpleNamespace(
        desk=cast("DISTRICT_OPERATOR", "6371"), chief=cast("DISTRICT_COORDINATOR", "6371"),
        head=cast("DISTRICT_HEAD", "6371"),
    )  # fmt: skip
    pupil = make_pupil(name=PUPIL)
    placed(made.desk, pupil, make_facility(made.desk, name=SCHOOL))
    persons = [one.person_id for one in vars(made).values()]
    User.objects.filter(person_id__in=persons).update(password=make_password(office.PASSWORD))
    return SimpleNamespace(family=pupil.family_id, **vars(made))


@pytest.fixture
def enters(empty_site, visitor):
    return lambda acting, **screen: office.somebody(visitor, empty_site, acting, **screen)


def fill_the_sheet(person) -> None:
    """As the school signed it: sixteen of twenty days a month."""
    person.page.goto(f"/komitmen/?quarter={QUARTER.key}")
    look(person)
    person.follows(person.page.locator("tr", has_text=SCHOOL).get_by_role("link"))
    person.writes("Nama penanda tangan", "Ibu Kepala Uji")
    person.writes("Jabatan penanda tangan", "Kepala sekolah")
    person.writes("Tempat tanda tangan", "Banjarmasin")
    person.writes("Tanggal tanda tangan", "2026-09-30")
    for month in MONTHS:
        person.writes(f"Hari efektif bulan {month}", "20")
        person.writes(f"{PUPIL}: Alpa {month}", "4")
    look(person)
    person.presses("Simpan")
    person.sees("Lembar tersimpan")


def follow(person, kind: str, words: str) -> None:
    """The next step of the decision."""
    person.page.goto("/komitmen/keputusan/")
    look(person)
    person.opens(PUPIL)
    person.chooses("Yang terjadi", kind)
    person.writes("Cara atau alasannya", words)
    look(person)
    person.presses("Simpan")
    person.sees(words)


def decide(person) -> None:
    """The one family that waits."""
    person.page.goto("/komitmen/rekomendasi/")
    person.sees(PUPIL, "80 persen", "Sumber sanksi")
    look(person)
    person.presses("Putuskan yang dipilih")
    person.page.get_by_role("checkbox", name=f"Pilih {PUPIL}").check()
    person.page.get_by_role("radio", name="Tangguhkan bantuan tahap itu").check()
    person.writes("Alasan", "Tidak hadir tanpa kabar")
    person.presses("Putuskan yang dipilih")
    person.sees("Diputuskan: 1 keluarga")


def kinds() -> list[str]:
    with in_territory(EVERYWHERE):
        return list(Step.objects.order_by("at").values_list("kind", flat=True))


def test_attendance_becomes_a_decision_that_is_told_objected_to_and_answered(people, enters):
    with enters(people.desk) as desk:
        fill_the_sheet(desk)
    with in_territory(EVERYWHERE):
        assert Verdict.objects.get().verdict == "NOT_MET"
    with enters(people.chief) as chief:
        decide(chief)
        chief.faults[:] = [one for one in chief.faults if "422" not in one]  # pressed before anything was chosen
    with enters(people.desk) as desk:
        follow(desk, "Keluarga diberi tahu", "Di rumah, suratnya dibacakan")
        follow(desk, "Keluarga berkeberatan", "Anak dirawat di rumah sakit")
    with enters(people.head) as head:
        follow(head, "Keberatan diterima, penangguhan dibatalkan", "Surat rumah sakit sah")
        head.page.goto(f"/keluarga/{people.family}/")
        head.sees("Tidak hadir tanpa kabar", "Surat rumah sakit sah")
        look(head)
    assert kinds() == ["TOLD", "APPEALED", "UPHELD"]
    with in_territory(EVERYWHERE):
        assert Decision.objects.count() == 1


def test_a_sheet_is_filled_without_scripts_on_a_phone(people, empty_site, visitor):
    with office.somebody(visitor, empty_site, people.desk, width=360, scripts=False) as desk:
        desk.page.goto(f"/komitmen/?quarter={QUARTER.key}")
        desk.follows(desk.page.locator("tr", has_text=SCHOOL).get_by_role("link"))
        desk.presses("Simpan")
        desk.sees("Isi bagian ini.")
        desk.faults[:] = [one for one in desk.faults if "422" not in one]
        desk.page.goto(f"/komitmen/keluarga/{people.family}/")
        desk.sees("Komitmen", PUPIL)


def paper_of(person) -> str:
    """The text of the sheet that is downloaded by the button one presses."""
    return PdfReader(person.downloads("Cetak lembar")).pages[0].extract_text()


def draw_the_code(person, school: str) -> str:
    """From the first page to the code, which is shown once."""
    person.page.goto("/")
    person.page.get_by_role("link", name="Buat kode").first.click()
    look(person)
    person.page.locator("tr", has_text=school).get_by_role("button", name="Buat kode").click()
    person.sees("Kode ini hanya tampil sekali", school)
    look(person)
    return str(person.page.locator("main .g-code").first.inner_text())


def type_the_code(person, code: str) -> None:
    """As it was said on the telephone."""
    person.writes("Kode pembuka", code)
    person.presses("Lanjutkan")


def test_a_paper_finds_its_sheet_and_the_school_says_what_differs(people, empty_site, visitor, enters):
    pupil, mate = make_pupil(name="Siti Uji Tautan"), make_pupil(name="Ahmad Uji Tautan")
    school = make_facility(people.desk, name="SDN Uji Tautan")
    for each in (pupil, mate):
        placed(people.desk, each, school)
    recorded(people.desk, school, {pupil: months(1), mate: months(0)})
    with enters(people.desk) as desk:
        desk.page.goto(f"/komitmen/lembar/{school.pk}/{QUARTER.key}/")
        code = re.search(r"[0-9A-F]{5}-[0-9A-F]{5}-\d{3}-\d{2}[A-Z]", paper_of(desk))[0]
        desk.page.goto("/komitmen/")
        desk.opens("Cari lembar dari kode")
        look(desk)
        desk.writes("Kode di bawah kotak QR", code.lower())
        desk.presses("Cari")
        desk.sees("SDN Uji Tautan", "Siti Uji Tautan")
        desk.opens("Tautan untuk sekolah atau fasilitas")
        look(desk)
        desk.page.get_by_role("radio", name="Tampilkan alamatnya sekali").check()
        desk.presses("Buat tautan")
        look(desk)
        address = desk.page.locator("main .g-code").first.inner_text()
    with enters(people.chief) as chief:
        code = draw_the_code(chief, "SDN Uji Tautan")
    with visitor(empty_site, width=360, scripts=False) as school_itself:
        school_itself.page.goto(address)
        assert "SDN Uji Tautan" not in school_itself.page.content()
        type_the_code(school_itself, "0000 0000")
        school_itself.sees("Kodenya salah")
        school_itself.faults[:] = [one for one in school_itself.faults if "422" not in one]
        type_the_code(school_itself, code)
        school_itself.sees("SDN Uji Tautan", "Triwulan 3 tahun 2026", "Siti Uji Tautan", "alpa 1")
        school_itself.presses("Kirim jawaban")
        school_itself.sees("Isi bagian ini.")
        school_itself.faults[:] = [one for one in school_itself.faults if "422" not in one]
        school_itself.writes("Yang berbeda tentang Siti Uji Tautan", "Di daftar hadir kami alpanya nol")
        school_itself.page.get_by_role("radio", name="Ada yang berbeda").check()
        school_itself.writes("Nama Anda", "Ibu Guru Uji")
        school_itself.writes("Jabatan Anda", "Wakil kepala sekolah")
        school_itself.presses("Kirim jawaban")
        school_itself.sees("Terima kasih")
        school_itself.page.goto(address)
        school_itself.sees("Tautan tidak berlaku")
        school_itself.faults[:] = [one for one in school_itself.faults if "404" not in one]
    with enters(people.desk) as desk:
        desk.page.goto("/komitmen/beda/")
        desk.sees("Siti Uji Tautan", "Di daftar hadir kami alpanya nol", "Ibu Guru Uji")
        look(desk)
        desk.page.goto(f"/komitmen/?quarter={QUARTER.key}")
        desk.sees("Menurut kecamatan", "Ada yang berbeda")
        look(desk)
        desk.page.goto(f"/keluarga/{pupil.family_id}/")
        desk.sees("Berbeda menurut sekolah atau fasilitas", "Kode pembuka dibuat")
        look(desk)


def test_the_page_of_a_school_is_for_everybody(people, empty_site, visitor):
    school = make_facility(people.desk, name="SDN Uji Semua")
    recorded(people.desk, school, {make_pupil(name="Budi Uji Semua"): months(2)})
    with visitor(empty_site) as school_itself:
        secret = linked(people.desk, school)
        school_itself.page.goto(f"/sekolah/{secret}/")
        look(school_itself)
        type_the_code(school_itself, coded(people.chief, secret))
        school_itself.sees("Budi Uji Semua")
        look(school_itself)
        school_itself.page.get_by_role("radio", name="Semua isian di atas sesuai").check()
        school_itself.writes("Nama Anda", "Ibu Guru Uji")
        school_itself.writes("Jabatan Anda", "Wakil kepala sekolah")
        school_itself.presses("Kirim jawaban")
        school_itself.sees("Terima kasih")
        look(school_itself)
