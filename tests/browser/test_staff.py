"""Somebody comes, gets a vest and says so, accompanies families, and leaves: at the screens of those who record it."""

from django.db import transaction
from django.utils import timezone

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.facilitators.models import CaseloadChange, Staff
from gandeng.facilitators.moving import carry_out
from gandeng.facilitators.tests.factories import fill_families, make_staff
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE
from tests.browser import office
from tests.browser.office import COORDINATOR, OPERATOR
from tests.browser.test_every_page import axe, faults_of

NAME = "Wahidah Rompi"


def test_somebody_comes_and_goes(empty_site, visitor):
    herself = Cast(timezone.localdate())("FACILITATOR", "637101", name=NAME)
    make_staff("6371", name="Halimah Penerima", home="637101")
    wrong = operator_takes_her_on(empty_site, visitor)
    wrong += she_says_that_she_has_the_vest(empty_site, visitor, herself)
    accompanies_families(herself)
    wrong += coordinator_ends_her_service(empty_site, visitor)
    assert wrong == []


def operator_takes_her_on(site, visitor):
    with visitor(site).enters_as(OPERATOR) as operator:
        from_the_menu(operator)
        operator.opens("Catat pendamping baru")
        operator.presses("Simpan")
        operator.sees("salah satu")
        operator.faults.clear()  # the browser notes that the form was refused
        operator.chooses("Orang yang sudah punya akun", NAME)
        operator.chooses("Tugas", "Pendamping sosial")
        operator.chooses("Tempat tugas", "Kota Banjarmasin")
        operator.chooses("Status kerja", "PPPK")
        operator.chooses("Pendidikan terakhir", "D-IV/S-1 atau lebih")
        operator.presses("Simpan")
        operator.sees(NAME, "Penata Layanan Operasional", "Bertugas")
        operator.opens("Serahkan perlengkapan")
        operator.chooses("Barang", "Rompi")
        operator.writes("Nomor", "R-0017")
        operator.presses("Simpan")
        operator.sees("Belum diakui")
        return walked(operator, ("/pendamping/",), ("/pendamping/baru/",), ("/pendamping/jumlah/",),
                      ("/pendamping/perlengkapan/",)) + her_numbers_are_recorded(operator)  # fmt: skip


def her_numbers_are_recorded(operator):
    operator.page.goto("/pendamping/")
    operator.opens(NAME, "Catat NIK dan nomor KK")
    wrong = walked(operator, (operator.page.url,))
    operator.writes("NIK", "6371014505900001")
    operator.writes("Nomor KK", "637101 010101 0007")
    operator.presses("Simpan")
    operator.sees("disegel", "•••• 0001", "•••• 0007")
    return wrong + walked(operator, (operator.page.url,))


def she_says_that_she_has_the_vest(site, visitor, herself):
    user = User.objects.get(person_id=herself.person_id)
    user.set_password(office.PASSWORD)
    user.save()
    with visitor(site, width=360).signs_in(user.email, office.PASSWORD) as facilitator:
        facilitator.opens("Catatan saya")
        facilitator.presses("Sudah saya terima")
        facilitator.sees("Tanda terima tersimpan")
        facilitator.opens("Rompi R-0017")
        facilitator.sees("dinyatakannya sendiri")
        address = facilitator.page.url
        return walked(facilitator, ("/pendamping/saya/",), (address,))


def accompanies_families(herself):
    """Three of one village, as if a coordinator had decided so."""
    with in_territory(EVERYWHERE), transaction.atomic():
        staff = Staff.objects.get(person_id=herself.person_id)
        families = Family.objects.filter(village_code__startswith="6371", status="ACTIVE").order_by("family_no")[:3]
        fill_families([(family.pk, staff.pk) for family in families])
        carry_out(None, CaseloadChange.Kind.FIRST, "6371", day=timezone.localdate(), reason="Penugasan awal")


def coordinator_ends_her_service(site, visitor):
    with visitor(site).enters_as(COORDINATOR) as coordinator:
        from_the_menu(coordinator)
        coordinator.writes("Cari pendamping", "Wahidah")
        coordinator.presses("Cari")
        coordinator.opens(NAME)
        page = coordinator.page.url
        wrong = walked(coordinator, (page,), (f"{page}berhenti/",), (f"{page}mutasi/",), (f"{page}kerja/",))
        coordinator.page.goto(f"{page}berhenti/")
        coordinator.chooses("Sebab", "Mengundurkan diri")
        coordinator.writes("Surat atau keterangan", "Surat 12/2026")
        coordinator.presses("Catat berhenti")
        coordinator.sees("Pilih penerima untuk 3 keluarga")
        wrong += [f"refused: {one}" for one in shown(coordinator)]
        coordinator.faults.clear()
        taker = coordinator.field("Penerima semua keluarga")
        taker.select_option(taker.locator("option", has_text="Halimah Penerima").get_attribute("value"))
        coordinator.presses("Catat berhenti")
        coordinator.sees("Sudah berhenti", "Mengundurkan diri", "masih padanya", "3 keluarga pergi")
        return wrong


def from_the_menu(person):
    person.follows(person.page.locator("#menu").get_by_role("link", name="Pendamping", exact=True))
    person.sees("Cari pendamping")


def walked(person, *walks):
    """What is wrong with these pages, wide and on a phone, light and dark."""
    found, size = [], person.page.viewport_size
    for place, walk in enumerate(walks):
        schemes = ("light", "dark") if place % 2 == 0 else ("dark", "light")
        found += [f"{walk[0]}: {one}" for one in faults_of(person.page, walk, schemes)]
    person.page.set_viewport_size(size)
    return found


def shown(person):
    """The same of the page as it stands, wide."""
    person.page.set_viewport_size({"width": 1280, "height": 900})
    return axe(person.page)
