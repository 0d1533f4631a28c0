"""A sign in a browser: a coordinator finds and asks, the facilitator explains, the coordinator closes."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password

from conftest import Cast
from gandeng.accounts.models import User
from gandeng.signs.tests.test_answers import make_world
from tests.browser import office
from tests.browser.test_ethics_case import look

EXPLAINED = "Saya menandai tempat sesudah pulang ke kantor"


@pytest.fixture(scope="module")
def people(empty_site):
    """Two visits forty kilometres and ten minutes apart."""
    world = make_world(Cast())
    persons = [world.facilitator.person_id, world.coordinator.person_id]
    User.objects.filter(person_id__in=persons).update(password=make_password(office.PASSWORD))
    return SimpleNamespace(desk=world.coordinator, field=world.facilitator, sign=world.sign.pk)


@pytest.fixture
def enters(empty_site, visitor):
    return lambda acting, **screen: office.somebody(visitor, empty_site, acting, **screen)


def test_asked_explained_and_closed(people, enters):
    address = f"/lapangan/keputusan/tanda/{people.sign}/"
    with enters(people.desk) as person:
        person.page.goto("/lapangan/keputusan/")
        person.opens("Tanda yang perlu dilihat")
        look(person)
        person.opens("Dua catatan berurutan")
        person.sees("Baris yang menjadi dasarnya", "bukan kesimpulan")
        look(person)
        person.opens("Tanyakan")
        person.writes("Pertanyaan", "Apa yang terjadi hari itu?")
        look(person)
        person.presses("Simpan")
        person.sees("Pertanyaan terkirim")
    with enters(people.field, width=360) as person:
        person.page.goto("/lapangan/keputusan/tanda/saya/")
        look(person)
        person.opens("Dua catatan berurutan")
        person.opens("Jelaskan")
        person.writes("Penjelasan Anda", EXPLAINED)
        look(person)
        person.presses("Simpan")
        person.sees("Penjelasan terkirim")
    with enters(people.desk) as person:
        person.page.goto("/lapangan/keputusan/tanda/dilihat/?state=EXPLAINED")
        look(person)
        person.opens("Dua catatan berurutan")
        person.sees(EXPLAINED)
        person.opens("Tutup")
        look(person)
        person.page.get_by_role("radio", name="Penjelasannya masuk akal").check()
        person.writes("Alasan", "Tempat dicatat sesudah pulang")
        person.presses("Simpan")
        person.sees("Tanda ini selesai dilihat", "tidak tampil lagi")
        look(person)
    with enters(people.desk, scripts=False) as person:
        person.page.goto(address)
        person.sees("Penjelasannya masuk akal")
