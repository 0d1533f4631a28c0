"""A child's prize: recorded with proof and the mother's consent, confirmed by somebody else, in the yearbook."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from conftest import Cast
from gandeng.accounts.models import User
from gandeng.achievements.tests.factories import PROOF, SIGNED, STORY, make_child
from tests.browser import office
from tests.browser.test_ethics_case import look

WHAT = "Juara 1 lomba pidato layar"


@pytest.fixture(scope="module")
def people(empty_site):
    """Who records, who confirms, who makes the book; a family with a child of ten."""
    cast = Cast()
    made = SimpleNamespace(
        she=cast("FACILITATOR", "6371011001", name="Rahmawati Prestasi"),
        coordinator=cast("DISTRICT_COORDINATOR", "6371"), province=cast("PROVINCE_OFFICER", "63"),
    )  # fmt: skip
    persons = [one.person_id for one in vars(made).values()]
    User.objects.filter(person_id__in=persons).update(password=make_password(office.PASSWORD))
    made.family, _child = make_child(name="Ananda Layar")
    return made


def file_of(sent) -> dict:
    """As a browser uploads it."""
    return {"name": sent.label, "mimeType": sent.media_type, "buffer": sent.content}


def record(she, family) -> None:
    """From the family's address to a record that waits for somebody else."""
    today = timezone.localdate()
    she.page.goto(f"/prestasi/keluarga/{family.pk}/anak/")
    she.chooses("Anak", "Ananda Layar")
    she.chooses("Bidang", 1)
    she.chooses("Tingkat", 1)
    she.writes("Prestasi", WHAT)
    she.writes("Tanggal", today.isoformat())
    she.writes("Cerita singkat", STORY)
    look(she)
    she.presses("Simpan draf")
    she.sees("Sebelum diajukan masih perlu", "sedikitnya satu bukti", "persetujuan yang berlaku")
    look(she)
    she.field("Bukti").set_input_files(file_of(PROOF))
    she.presses("Tambah bukti")
    she.sees(PROOF.label)
    she.opens("Tambah persetujuan")
    she.writes("Nama yang memberi persetujuan", "Ibu Uji Layar")
    she.chooses("Hubungannya", "Ibu")
    she.writes("Tanggal ditandatangani", today.isoformat())
    she.writes("Berlaku sampai sebelum tanggal", (today + timedelta(365)).isoformat())
    for covered in ("Dimuat di buku tahunan provinsi", "Nama"):
        she.page.get_by_role("checkbox", name=covered, exact=True).check()
    she.field("Surat persetujuan yang ditandatangani").set_input_files(file_of(SIGNED))
    look(she)
    she.presses("Simpan persetujuan")
    she.sees("Ibu Uji Layar")
    she.presses("Ajukan untuk dikonfirmasi")
    she.sees("Catatan Anda sendiri dikonfirmasi oleh orang lain")
    look(she)


def test_from_a_record_to_the_yearbook(people, empty_site, visitor):
    with office.somebody(visitor, empty_site, people.she) as she:
        record(she, people.family)
    with office.somebody(visitor, empty_site, people.coordinator) as coordinator:
        coordinator.page.goto("/prestasi/")
        look(coordinator)
        coordinator.opens(WHAT)
        coordinator.presses("Benar, konfirmasi")
        coordinator.sees("Terkonfirmasi")
        look(coordinator)
    with office.somebody(visitor, empty_site, people.province) as province:
        province.page.goto("/prestasi/buku/")
        province.sees(WHAT, "Masuk buku")
        look(province)
        province.field("Daftar yang dimuat sudah saya periksa").check()
        province.presses("Buat edisi")
        province.waits_for("Siapa yang dimuat")
        province.sees(WHAT, "nama")
        look(province)
        assert province.downloads("Unduh PDF").read_bytes().startswith(b"%PDF-")
        assert STORY not in province.downloads("Unduh CSV").read_text(), "the story was not agreed to"
