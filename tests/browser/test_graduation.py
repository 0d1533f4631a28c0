"""A family is taken from candidate to letter in a browser: prepared, signed, decided by another, told, carried out."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.graduation.models import Case, Step
from gandeng.graduation.tests.factories import opened
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from tests.browser import office
from tests.browser.test_ethics_case import look

NAME = "Rahmawati Graduasi"
WORDS = "Warungnya ramai, keluarga ingin keluar sendiri"


@pytest.fixture(scope="module")
def people(empty_site):
    """Who prepares and who decides; a family that wants to leave, and another."""
    cast = Cast()
    made = SimpleNamespace(desk=cast("DISTRICT_OPERATOR", "6371"), chief=cast("DISTRICT_COORDINATOR", "6371"))
    family, other = make_family(name=NAME, severe_disability=True), make_family(name="Salasiah Graduasi")
    other_case = opened(made.desk, other, "IMPROVED")
    persons = [one.person_id for one in vars(made).values()]
    User.objects.filter(person_id__in=persons).update(password=make_password(office.PASSWORD))
    return SimpleNamespace(family=family.pk, other_case=other_case.pk, **vars(made))


@pytest.fixture
def enters(empty_site, visitor):
    return lambda acting, **screen: office.somebody(visitor, empty_site, acting, **screen)


def open_it(person, family) -> None:
    """From the family's page."""
    person.page.goto(f"/graduasi/keluarga/{family}/buka/")
    look(person)
    person.page.get_by_role("radio", name="Mandiri").check()
    person.writes("Alasan", WORDS)
    person.presses("Buka proses")
    person.sees("Proses graduasi dibuka", "Belum ada")


def prepare(person) -> None:
    """Checklist and visit."""
    person.opens("Isi daftar periksa")
    look(person)
    for answer in person.page.get_by_role("radio", name="Ya").all():
        answer.check()
    person.presses("Simpan")
    person.opens("Catat kunjungan")
    person.page.get_by_role("radio", name="Keadaannya sesuai catatan").check()
    person.writes("Uraian", "Bertemu di rumahnya")
    person.presses("Simpan")
    person.sees("Bertemu di rumahnya")


def sign(person) -> None:
    """With the mouse, on the pad."""
    person.opens("Catat pernyataan keluarga")
    person.sees("atas kehendak sendiri", "Tanda tangan di layar")
    look(person)
    pad = person.page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    person.page.mouse.move(box["x"] + 20, box["y"] + 60)
    person.page.mouse.down()
    for at in range(1, 12):
        person.page.mouse.move(box["x"] + 20 + at * 15, box["y"] + (30 if at % 2 else 90))
    person.page.mouse.up()
    person.presses("Simpan")
    person.sees("Tanda tangan di layar, oleh anggota")


def take(person, act: str, words: str, label: str = "Uraian") -> None:
    """The next thing to do."""
    person.opens(act)
    person.writes(label, words)
    person.presses("Simpan")
    person.sees(words)


def kinds(family) -> list[str]:
    with in_territory(EVERYWHERE):
        return list(Step.objects.filter(family_id=family).order_by("number").values_list("kind", flat=True))


def test_a_family_goes_from_candidate_to_letter(people, enters):
    with enters(people.desk) as desk:
        open_it(desk, people.family)
        prepare(desk)
        sign(desk)
        take(desk, "Usulkan graduasi", "Berkasnya lengkap")
        desk.sees("Menunggu orang lain")
    with enters(people.chief) as chief:
        chief.page.goto("/graduasi/keputusan/")
        look(chief)
        chief.opens(NAME)
        take(chief, "Setujui graduasi", "Keluarga mengerti akibatnya")
    with in_territory(EVERYWHERE):
        case = Case.objects.get(family_id=people.family).pk
    with enters(people.desk) as desk:
        desk.page.goto(f"/graduasi/{case}/")
        take(desk, "Catat bahwa keluarga diberi tahu", "Di rumah, suratnya dibacakan")
        with desk.page.expect_download() as letter:
            desk.page.get_by_role("link", name="Surat graduasi (PDF)").click()
        assert letter.value.suggested_filename.startswith("surat-graduasi-")
    with enters(people.chief) as chief:
        chief.page.goto(f"/graduasi/{case}/")
        take(chief, "Berlakukan graduasi", "Diberlakukan sekarang", "Catatan")
        chief.sees("Berlaku mulai tahap")
        look(chief)
    assert kinds(people.family) == [
        "CHECKLIST", "VISIT", "STATEMENT", "PROPOSED", "APPROVED", "TOLD", "EFFECTIVE",
    ]  # fmt: skip
    with in_territory(EVERYWHERE):
        assert Family.objects.get(pk=people.family).status == "GRADUATED"


def test_the_statement_without_scripts_on_a_phone_asks_for_a_photo(people, empty_site, visitor):
    with office.somebody(visitor, empty_site, people.desk, width=360, scripts=False) as desk:
        desk.page.goto(f"/graduasi/{people.other_case}/langkah/STATEMENT/")
        assert not desk.page.locator("canvas").is_visible()
        desk.presses("Simpan")
        desk.sees("unggah foto pernyataannya")
        desk.faults[:] = [one for one in desk.faults if "422" not in one]
