"""Caseload on pages: a map that draws itself under the site's policy, and families that change hands."""

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.tests.factories import make_staff
from gandeng.registry.tests.factories import make_family
from tests.browser import office
from tests.browser.test_ethics_case import look
from tests.browser.test_every_page import axe

WHY = "Penugasan untuk uji layar"


@pytest.fixture(scope="module")
def shared_site(empty_site):
    """Beside everybody else: Siti with new families in two villages, and new families in a third that nobody has."""
    coordinator, today = empty_site.cast.coordinators["6371"], timezone.localdate()
    siti, _ani = make_staff(name="Siti Peta"), make_staff(name="Ani Peta", home="637102")
    given, left = ("6371011001", "6371011002"), "6371021001"
    for village in (*given, left):
        make_family(village)
    with in_territory(coordinator):
        for village in given:
            caseload.assign_unaccompanied(coordinator, village, siti, day=today, reason=WHY)
    return empty_site


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_draws_itself_and_its_table_stands_behind(shared_site, visitor, width, scheme):
    """Nothing is said by the browser (a violation of the policy would be), nothing is fetched but our own files."""
    with visitor(shared_site, width=width).enters_as(office.COORDINATOR) as coordinator:
        page, fetched = coordinator.page, []
        page.emulate_media(color_scheme=scheme)
        page.on("request", lambda request: fetched.append(request.url))
        page.goto("/beban/")
        page.locator(".g-chart svg path").first.wait_for()
        assert page.locator("[data-chart]").get_attribute("aria-label")
        table = page.locator(".g-chart details")
        assert table.get_attribute("open") is None
        page.locator(".g-chart summary").focus()
        page.keyboard.press("Enter")
        assert table.get_attribute("open") is not None, "by keyboard as well"
        assert page.locator(".g-chart table tbody tr").count() > 5
        assert axe(page) == []
        assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
        assert all(url.startswith((shared_site.address, "data:")) for url in fetched)
        page.goto("/beban/6371/pendamping/")
        page.locator(".g-chart svg path").first.wait_for()
        assert axe(page) == []


def test_without_scripts_the_numbers_stand_there(shared_site, visitor):
    with visitor(shared_site, scripts=False).enters_as(office.COORDINATOR) as coordinator:
        coordinator.page.goto("/beban/")
        assert coordinator.page.locator(".g-chart details").get_attribute("open") is not None
        assert coordinator.page.locator(".g-chart__drawing").is_hidden()
        coordinator.sees("Angka pada peta", "Tanpa pendamping")


def test_families_get_somebody_and_are_handed_over(shared_site, visitor):
    with visitor(shared_site).enters_as(office.COORDINATOR) as coordinator:
        coordinator.opens("Beban dampingan", "Tanpa pendamping")
        coordinator.follows(coordinator.page.locator("main table a").first)
        coordinator.opens("Tugaskan")
        coordinator.chooses("Pendamping penerima", 1)
        coordinator.writes("Alasan", WHY)
        coordinator.presses("Tugaskan")
        coordinator.sees("mulai didampingi", "Daftar serah terima menurut desa/kelurahan")
        coordinator.page.goto("/beban/6371/pendamping/?q=siti+peta")
        coordinator.opens("Serah terima")
        coordinator.chooses("Pendamping penerima", 1)
        coordinator.writes("Alasan", WHY)
        coordinator.presses("Lihat sebelum dan sesudah")
        coordinator.sees("Belum disimpan", "Sebelum", "Sesudah")
        coordinator.presses("Simpan serah terima")
        coordinator.sees("berpindah dari Siti Peta")
        coordinator.writes("Alasan", "Salah pilih penerima")
        coordinator.presses("Batalkan perpindahan")
        coordinator.sees("kembali seperti sebelumnya")


def test_families_nobody_has_are_listed_and_taken_along(shared_site, visitor):
    """Before the browser asks for a file it is told why; the file has a row for each family that the page counts."""
    village = "6371021002"
    families = [make_family(village) for _one in range(2)]
    with visitor(shared_site).enters_as(office.COORDINATOR) as coordinator:
        coordinator.page.goto(f"/beban/tanpa-pendamping/?region={village}")
        coordinator.sees("tidak didampingi siapa pun", *(one.family_no for one in families))
        look(coordinator)
        coordinator.writes("Keperluan", "Menugaskan pendamping bagi keluarga baru")
        kept = coordinator.downloads("Unduh").read_text("utf-8-sig")
        assert all(one.family_no in kept for one in families)
