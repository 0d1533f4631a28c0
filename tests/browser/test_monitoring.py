"""A district is drawn, a family is asked without scripts on a phone, and its answer becomes a complaint."""

import pytest
from django.contrib.auth.hashers import make_password

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.helpdesk.models import Case
from gandeng.monitoring.models import Answer, Draw
from gandeng.monitoring.tests.factories import DISTRICT, VILLAGE, World
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.runs.tests.samples import read_in_this_process
from tests.browser import office
from tests.browser.test_ethics_case import look


@pytest.fixture(scope="module")
def people(empty_site):
    """A credited stage with two facilitators, and the offices."""
    with pytest.MonkeyPatch.context() as patch:
        read_in_this_process(patch)
        world = World(Cast(), many=2)
    world.head = Cast()("DISTRICT_HEAD", DISTRICT)
    made = (world.coordinator, world.operator, world.head, world.facilitators[VILLAGE])
    users = User.objects.filter(person_id__in=[one.person_id for one in made])
    users.update(password=make_password(office.PASSWORD))
    return world


@pytest.fixture
def enters(empty_site, visitor):
    return lambda acting, **screen: office.somebody(visitor, empty_site, acting, **screen)


def draw(person, world) -> None:
    """From the page of the package."""
    person.page.goto("/pemantauan/")
    look(person)
    person.opens("Undi Kota Banjarmasin")
    look(person)
    person.presses("Undi sekarang")
    person.sees("Undian 1 selesai", "Tersegel")
    look(person)


def answer(person, **told) -> None:
    """The form, by its labels; `told` are the choices."""
    for group, choice in told.items():
        person.page.locator(f"input[name={group}][value={choice}]").check()


def test_a_family_is_asked_and_its_answer_becomes_a_complaint(people, enters, empty_site, visitor):
    with enters(people.coordinator) as chief:
        draw(chief, people)
    with in_territory(EVERYWHERE):
        assert Draw.objects.get().region_code == DISTRICT
    one = people.of(VILLAGE)[0]
    with enters(people.facilitators[VILLAGE], scripts=False) as own:
        own.page.goto("/pemantauan/tanya/")
        own.sees("Tidak ada yang perlu ditanyakan")
    with office.somebody(visitor, empty_site, people.operator, width=360, scripts=False) as desk:
        desk.page.goto("/pemantauan/tanya/")
        desk.sees(one.name)
        desk.page.goto(f"/pemantauan/tanya/{one.pk}/")
        assert "600.000" not in desk.page.content()
        desk.presses("Simpan")
        desk.sees("Pilih salah satu")
        answer(
            desk, how="VISIT", reached="YES", arrived="YES", card="FAMILY", pin="FAMILY", levy="YES", drawn_at="AGENT"
        )
        desk.writes("Berapa rupiah yang diterima keluarga", "500.000")
        desk.writes("Kata keluarga", "Diminta untuk uang bensin")
        desk.presses("Simpan")
        desk.sees("Rp500.000", "Rp600.000", "Rp100.000", "Diterima kurang")
        desk.faults[:] = [fault for fault in desk.faults if "422" not in fault]
    with enters(people.operator) as desk:
        desk.page.goto(f"/pemantauan/tanya/{people.of(VILLAGE)[1].pk}/")
        look(desk)
        desk.page.goto("/pemantauan/tanya/")
        look(desk)
        desk.page.goto(f"/pemantauan/jawaban/{one.pk}/")
        look(desk)
        desk.presses("Buka pengaduan: Pungutan liar")
        desk.sees("Pengaduan peka dibuka untuk pimpinan kantor")
    with in_territory(people.head):
        case = Case.objects.get()
    with enters(people.head) as head:
        head.page.goto(f"/pengaduan/{case.pk}/")
        head.opens("Jawaban keluarga yang menjadi asalnya")
        head.sees(one.name, case.number)
    with enters(people.coordinator) as chief:
        chief.page.goto(f"/pemantauan/tahap/{people.cycle.pk}/{DISTRICT}/")
        chief.sees("1 dari 1 keluarga yang menjawab", "bukan bukti")
        look(chief)
        chief.opens("Ada yang meminta bagian: 1")
        chief.sees(one.name)
        look(chief)
    with in_territory(EVERYWHERE):
        assert Answer.objects.get().levied
