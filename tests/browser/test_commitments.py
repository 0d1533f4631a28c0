"""Attendance of a pupil becomes a decision, is told, objected to and answered; read on the family's page."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.commitments.models import Decision, Step, Verdict
from gandeng.commitments.tests.factories import QUARTER, make_facility, make_pupil, placed
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
    person.page.locator("tr", has_text=SCHOOL).get_by_role("link").click()
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
        desk.page.locator("tr", has_text=SCHOOL).get_by_role("link").click()
        desk.presses("Simpan")
        desk.sees("Isi bagian ini.")
        desk.faults[:] = [one for one in desk.faults if "422" not in one]
        desk.page.goto(f"/komitmen/keluarga/{people.family}/")
        desk.sees("Komitmen", PUPIL)
