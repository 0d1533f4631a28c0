"""A list with deciles goes from upload to the family's page in a browser, and a family that rose is a candidate."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.files.layouts import LISTED_FAMILIES, MEMBERS
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.registry.tests.helpers import csv_of
from tests.browser import office
from tests.browser.test_ethics_case import look

DISTRICT, VILLAGE = "6303", "63.03.01.2001"
WORDS = "Dilihat di layar SIKS-NG"


def a_list(folder, deciles):
    """Files of three families; a decile is told of those that have one in `deciles`."""
    families, members = [], []
    for place in (1, 2, 3):
        number = f"K63900000{place}"
        told = deciles.get(place, (None, None))
        families.append({
            "family_id": number, "collector_member_id": f"{number}-1", "village_code": VILLAGE, "status": "ACTIVE",
            "channel": "POS", "account_no": "", "decile": told[0], "decile_on": told[1],
        })  # fmt: skip
        members.append({
            "family_id": number, "member_id": f"{number}-1", "nik": f"630301450585000{place}",
            "name": f"Siti Desil {place}", "birth_date": date(1985, 5, 5), "sex": "F", "school_level": "",
            "pregnancy_no": None, "severe_disability": True, "rights_victim": False, "deceased_on": None,
        })  # fmt: skip
    folder.mkdir(exist_ok=True)
    (folder / "keluarga.csv").write_bytes(csv_of(LISTED_FAMILIES, families))
    (folder / "anggota.csv").write_bytes(csv_of(MEMBERS, members))
    return folder


@pytest.fixture(scope="module")
def people(empty_site):
    """Who uploads and who applies."""
    cast = Cast()
    made = SimpleNamespace(desk=cast("DISTRICT_OPERATOR", DISTRICT), chief=cast("DISTRICT_COORDINATOR", DISTRICT))
    persons = [one.person_id for one in vars(made).values()]
    User.objects.filter(person_id__in=persons).update(password=make_password(office.PASSWORD))
    return made


@pytest.fixture
def enters(empty_site, visitor):
    return lambda acting, **screen: office.somebody(visitor, empty_site, acting, **screen)


def upload(person, folder) -> str:
    """Sent, read, and looked at; gives the address of its page."""
    person.page.goto("/keluarga/daftar/baru/")
    look(person)
    person.chooses("Wilayah yang dicakup", 1)
    person.writes("Tahap untuk menghitung rupiah", "2024-2")
    person.page.locator("input[name=families]").set_input_files(folder / "keluarga.csv")
    person.page.locator("input[name=members]").set_input_files(folder / "anggota.csv")
    person.presses("Unggah dan periksa")
    person.page.wait_for_url("**/keluarga/daftar/*-*/", timeout=30_000)
    look(person)
    return person.page.url


def apply(person, address: str) -> None:
    """By somebody else."""
    person.page.goto(address)
    person.presses("Terapkan")
    person.page.wait_for_url("**/keluarga/daftar/*-*/", timeout=30_000)
    person.sees("Diterapkan oleh")


def test_it_works(people, enters, tmp_path):
    with enters(people.desk) as desk:
        first = upload(desk, a_list(tmp_path / "1", {1: (2, "2024-05-17"), 2: (1, "2024-05-17")}))
        desk.sees("Desil tercatat untuk pertama kali", "Tanpa desil di daftar; yang tercatat tetap")
    with enters(people.chief) as chief:
        apply(chief, first)
    with in_territory(EVERYWHERE):
        Family.objects.filter(family_no__startswith="K6390").update(entered_on=date(2024, 6, 1))
    with enters(people.desk) as desk:
        second = upload(desk, a_list(tmp_path / "2", {1: (5, "2024-09-01"), 2: (1, "2024-09-01")}))
        desk.sees("Desil naik", "Desil tetap")
    with enters(people.chief) as chief:
        apply(chief, second)
    with in_territory(EVERYWHERE):
        family = Family.objects.get(family_no="K639000001")
    with enters(people.desk) as desk:
        desk.page.goto(f"/keluarga/{family.pk}/")
        look(desk)
        desk.sees("dibaca 1 September 2024, dari daftar keluarga.csv", "Desil 5 dicatat", "Desil 2 dicatat")
        desk.page.goto("/keluarga/?decile=5")
        look(desk)
        desk.sees("K639000001", "1 September 2024")
        desk.page.goto("/graduasi/calon/")
        desk.chooses("Keluarga", "Desilnya naik (sejahtera)")
        desk.presses("Saring")
        look(desk)
        desk.sees("2 menjadi 5", "naik 3", "Tidak ada batas desil PKH yang bersumber")
        desk.opens("Buka proses")
        look(desk)
        desk.sees("Desil 2 (17 Mei 2024) menjadi 5 (1 September 2024)")
        desk.page.get_by_role("radio", name="Sejahtera").check()
        desk.writes("Alasan", "Warungnya ramai; penghasilannya ditanyakan saat kunjungan")
        desk.presses("Buka proses")
        look(desk)
        desk.sees("Desil 2 (17 Mei 2024) menjadi 5 (1 September 2024)")


def test_a_reading_is_asked_for_and_decided(people, enters):
    with in_territory(EVERYWHERE):
        family = Family.objects.get(family_no="K639000003")
    with enters(people.desk) as desk:
        desk.page.goto(f"/keluarga/{family.pk}/ubah/DECILE/")
        look(desk)
        desk.writes("Desil", "4")
        desk.writes("Dibaca pada", "2024-09-01")
        desk.writes("Alasan", WORDS)
        desk.writes("Bukti", WORDS)
        desk.presses("Kirim permintaan")
        desk.sees("Menunggu keputusan", "Dibaca pada")
        look(desk)
        address = desk.page.url
    with enters(people.chief) as chief:
        chief.page.goto(address)
        chief.page.get_by_role("radio", name="Setujui").check()
        chief.presses("Simpan keputusan")
        chief.page.goto(f"/keluarga/{family.pk}/")
        chief.sees("dari permintaan perubahan")
