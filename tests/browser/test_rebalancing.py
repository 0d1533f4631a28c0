"""A district shared anew: from what if to a plan, edited by hand, locked, asked again, approved, and handed over."""

import re
from itertools import cycle

import pytest
from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.models import CaseloadChange
from gandeng.facilitators.moving import carry_out
from gandeng.facilitators.tests.factories import fill_families, make_staff
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE
from tests.browser.office import COORDINATOR, HEAD
from tests.browser.test_every_page import axe

HOMES = {"Ayu Lestari": "637101", "Budi Santoso": "637102", "Citra Dewi": "637103", "Dian Purnama": "637104"}


@pytest.fixture(scope="module")
def uneven_site(empty_site):
    """Four facilitators of Banjarmasin; one has three of four families, one has none."""
    people = [make_staff("6371", name=name, home=home) for name, home in HOMES.items()]
    givers = cycle([people[0], people[1], people[0], people[2], people[0]])
    with in_territory(EVERYWHERE), transaction.atomic():
        families = Family.objects.filter(village_code__startswith="6371", status="ACTIVE").order_by("village_code")
        fill_families([(family.pk, next(givers).pk) for family in families])
        carry_out(None, CaseloadChange.Kind.FIRST, "6371", day=timezone.localdate(), reason="Penugasan awal")
    return empty_site


def readable(page, name) -> list[str]:
    """Violations of WCAG 2.2 AA on a screen and on a phone, and what is wider than the phone."""
    found = [f"{name} 1280: {one}" for one in axe(page)]
    page.set_viewport_size({"width": 360, "height": 740})
    found += [f"{name} 360: {one}" for one in axe(page)]
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    return [*found, *([f"{name} 360: {wide} pixels too wide"] if wide > 0 else [])]


def test_a_district_is_shared_anew(uneven_site, visitor):
    with visitor(uneven_site).enters_as(COORDINATOR) as coordinator:
        wrong = [*supposes(coordinator), *asks(coordinator), *edits(coordinator), *asks_again(coordinator)]
        wrong += approves(coordinator)
        assert wrong == []
    with visitor(uneven_site, width=360, scripts=False).enters_as(HEAD) as head:
        head.page.goto("/pemerataan/")
        head.opens("Kota Banjarmasin", "Daftar serah terima")
        head.sees("Seperti dilaksanakan", "Ayu Lestari")
        assert not head.page.get_by_role("button", name="Setujui").count()


def supposes(person):
    person.opens("Pemerataan beban", "Bagaimana jika")
    person.writes("Tambahan pendamping", "1")
    person.writes("Tambahan keluarga", "1.000")
    person.writes("Norma", "100")
    person.presses("Hitung")
    person.sees("Kurang sampai norma", " → ")
    wrong = readable(person.page, "what if")
    person.presses("Hitung dengan desa dan jarak")
    person.waits_for("Dengan pengandaian")
    wrong += readable(person.page, "what if result")
    person.opens("Minta rencana untuk pendamping sekarang")
    return wrong


def asks(person):
    person.sees("Ayu Lestari")
    wrong = readable(person.page, "ask")
    person.writes("Norma", "15")
    person.chooses("Waktu mencari", "30 detik")
    person.presses("Cari pembagian")
    person.waits_for("Sekarang dan pilihannya")
    person.sees("terbukti")
    wrong += readable(person.page, "plan")
    person.follows(person.page.get_by_role("button", name=re.compile("^Pakai")).last)
    person.sees("dipakai", "Dipakai")
    return [*wrong, *readable(person.page, "plan chosen")]


def edits(person):
    person.opens("Desa dan pendamping")
    person.sees("Desa, pendamping, dan jumlah keluarganya")
    wrong = readable(person.page, "rows")
    person.follows(person.page.locator("table tbody a").first)
    wrong += readable(person.page, "row")
    person.chooses("Berikan kepada", 1)
    person.presses("Ubah rencana")
    person.sees("Rencana diubah", "diubah", "Kembalikan seperti usulan")
    wrong += readable(person.page, "rows edited")
    person.follows(person.page.locator("table tbody tr", has_text="diubah").get_by_role("link").first)
    person.follows(person.page.get_by_role("button", name=re.compile("^Tetap dengan")))
    person.sees("Kunci disimpan")
    return [*wrong, *readable(person.page, "rows locked")]


def asks_again(person):
    person.opens("Minta lagi dengan kuncinya")
    person.sees("tetap dengan")
    wrong = readable(person.page, "ask again")
    person.presses("Cari pembagian")
    person.waits_for("Rencana sebelumnya, dengan kuncinya")
    person.follows(person.page.get_by_role("button", name=re.compile("^Pakai")).last)
    person.opens("Desa dan pendamping")
    person.sees("tetap")
    return wrong


def approves(person):
    person.opens("Daftar serah terima")
    person.sees("Siapa menyerahkan berapa keluarga kepada siapa")
    listed = person.page.locator("tfoot td").inner_text()
    wrong = readable(person.page, "hand over")
    assert person.downloads("Unduh CSV").read_text(encoding="utf-8-sig").startswith("Kode desa;")
    person.opens("Setujui")
    wrong += readable(person.page, "approve")
    person.writes("Alasan", "Beban Ayu dua kali beban yang lain")
    person.presses("Setujui dan pindahkan")
    person.sees(f"{listed} keluarga berpindah", "Seperti dilaksanakan")
    assert person.page.locator("tfoot td").inner_text() == listed
    person.opens("Pilihan")
    person.sees("Rencana ini sudah disetujui")
    wrong += readable(person.page, "plan carried out")
    person.opens("Lihat perpindahannya, atau batalkan di sana")
    person.sees("Beban Ayu dua kali beban yang lain")
    return wrong
