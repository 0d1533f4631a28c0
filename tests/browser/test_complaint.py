"""A complaint from the public page, without scripts, to the desk, up a level, answered, followed and rated."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password

from conftest import Cast
from gandeng.accounts.models import User
from tests.browser import office
from tests.browser.test_ethics_case import look
from tests.browser.test_training import look_narrow

NAMES = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")


@pytest.fixture(scope="module")
def people(empty_site):
    cast = Cast()
    made = SimpleNamespace(desk=cast("HELPDESK", "6371"), province=cast("PROVINCE_OFFICER", "63"))
    persons = [one.person_id for one in vars(made).values()]
    User.objects.filter(person_id__in=persons).update(password=make_password(office.PASSWORD))
    return made


@pytest.fixture
def enters(empty_site, visitor):
    return lambda acting, **screen: office.somebody(visitor, empty_site, acting, **screen)


def complain(anybody) -> tuple[str, str]:
    """Number and PIN, as one writes them down."""
    anybody.page.goto("/lapor/")
    anybody.chooses("Kabupaten/kota", "Kota Banjarmasin")
    anybody.presses("Lanjut")
    anybody.sees("Kota Banjarmasin", "Tidak tahu")
    anybody.chooses("Jenis laporan", "Bantuan belum diterima")
    anybody.writes("Ceritakan", "Uang bulan ini belum masuk ke kartu")
    asked = re.search(r"Berapa (\w+) ditambah (\w+)", anybody.page.locator("main").inner_text())
    anybody.writes("Pertanyaan hitungan", str(sum(NAMES.index(one) + 1 for one in asked.groups())))
    anybody.presses("Kirim laporan")
    anybody.sees("Laporan diterima", "hanya tampil sekali")
    number, pin = (one.inner_text() for one in anybody.page.locator("main strong").all()[-2:])
    return number, pin


def follow(anybody, number: str, pin: str) -> None:
    anybody.page.goto("/lapor/lihat/")
    anybody.writes("Nomor laporan", number)
    anybody.writes("PIN", pin)
    anybody.presses("Lihat")
    anybody.sees(number)


def do(person, move: str, text: str = "") -> None:
    person.opens(move)
    look(person)
    if text:
        person.page.locator("main textarea").fill(text)
    person.presses(move)
    person.sees("Jejak kasus")


@pytest.mark.parametrize("scripts", [True, False])
def test_from_complaint_to_satisfied(people, enters, empty_site, visitor, scripts):
    anybody = visitor(empty_site, width=360, scripts=scripts)
    if scripts:
        anybody.page.goto("/lapor/")
        look_narrow(anybody)
    number, pin = complain(anybody)
    if scripts:
        look_narrow(anybody)
    with enters(people.desk) as desk:
        desk.opens("Pengaduan")
        look(desk)
        desk.opens(number)
        look(desk)
        do(desk, "Naikkan satu tingkat", "Perlu kabupaten")
    with enters(people.province) as officer:
        officer.opens("Pengaduan", number)
        do(officer, "Mulai kerjakan")
        do(officer, "Jawab", "Uang sudah dikirim, silakan periksa di bank")
        look(officer)
    anybody = visitor(empty_site, width=360, scripts=scripts)
    follow(anybody, number, pin)
    anybody.sees("Naik satu tingkat", "Uang sudah dikirim")
    if scripts:
        look_narrow(anybody)
    anybody.field("Sangat puas").check()
    anybody.presses("Kirim penilaian")
    anybody.sees("5 dari 5", "Terima kasih")
