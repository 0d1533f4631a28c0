"""The code of ethics signed, and a case from report over hearing, decision and appeal to its end, by its people."""

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from conftest import Cast
from gandeng.accounts.models import User
from gandeng.conduct.tests.factories import WHAT, make_clarification, make_code, make_people
from tests.browser import office
from tests.browser.test_every_page import axe

TODAY = timezone.localdate


def look(person) -> None:
    """The page before somebody breaks nothing of WCAG 2.2 AA, wide and light, narrow and dark."""
    page, found = person.page, []
    for width, scheme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width}: {one}" for one in axe(page)]
    found += [f"{page.url} too wide"] if page.evaluate("document.scrollingElement.scrollWidth - innerWidth") > 0 else []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert found == []


@pytest.fixture(scope="module")
def people(empty_site):
    made = make_people(Cast(), name="Rahmawati Uji")
    make_code(Cast()("MINISTRY_HEAD", ""), articles=["Tidak memegang kartu keluarga.", "Tidak menerima hadiah."])
    make_clarification(made.coordinator)
    persons = [one.person_id for one in vars(made).values() if hasattr(one, "person_id")]
    User.objects.filter(person_id__in=persons).update(password=make_password(office.PASSWORD))
    return made


@pytest.fixture
def enters(empty_site, visitor):
    return lambda acting: office.somebody(visitor, empty_site, acting)


def test_a_facilitator_signs_the_code_and_reads_a_clarification(people, enters):
    with enters(people.accused) as she:
        she.sees("versi menunggu tanda tangan Anda", "Bantuan dihentikan bulan depan")
        she.opens("Baca dan tanda tangani")
        she.sees("Pasal 2", "Tidak menerima hadiah.")
        look(she)
        she.field("Saya sudah membaca dan akan menaati").check()
        she.presses("Tanda tangani")
        she.sees("Tanda tangan Anda tersimpan", "Surat pernyataan")
        look(she)
        she.opens("Klarifikasi", "Bantuan dihentikan bulan depan")
        look(she)
        she.presses("Saya sudah membaca")
        she.sees("Tercatat")
    with enters(people.coordinator) as coordinator:
        coordinator.opens("Kode etik", "Cakupan")
        coordinator.sees("dari", "Ketua Tim 6371")
        look(coordinator)
        coordinator.opens("Klarifikasi", "Bantuan dihentikan bulan depan")
        coordinator.sees("Belum membaca", "Ketua Tim 6371")
        look(coordinator)


def test_a_case_goes_from_its_report_to_its_end(people, enters):
    with enters(people.reporter) as helpdesk:
        helpdesk.opens("Kode etik", "Perkara", "Laporkan pelanggaran")
        helpdesk.writes("Nama atau nomor SDM", "Rahmawati")
        helpdesk.presses("Cari")
        look(helpdesk)
        helpdesk.opens("Rahmawati Uji")
        helpdesk.chooses("Larangan yang dilanggar", "Memegang kartu KKS keluarga")
        helpdesk.writes("Apa yang terjadi", WHAT)
        look(helpdesk)
        helpdesk.presses("Segel dan kirim laporan")
        helpdesk.sees("Laporan tersegel dengan nomor KE-6371-")
        look(helpdesk)
        number = helpdesk.page.locator("table th[scope=row]").first.inner_text()
    with enters(people.head) as head:
        head.opens("Kode etik", "Perkara")
        look(head)
        head.opens(number)
        assert WHAT not in head.text()
        head.presses("Tangani")
        head.sees(WHAT, "Belum ditunjuk")
        for who in ("Kepala Uji", "Pemeriksa Uji"):
            head.opens("Tunjuk pemeriksa atau pemutus")
            place = 2 if who == "Kepala Uji" else 1
            head.page.locator("optgroup").nth(place - 1).locator("option", has_text=who).first.evaluate(
                "option => { option.selected = true }"
            )
            look(head)
            head.presses("Simpan")
            head.sees("Tersimpan")
        look(head)
    with enters(people.investigator) as investigator:
        investigator.sees("perkara terbuka yang Anda tangani")
        investigator.opens("Kode etik", "Perkara", number)
        for deed, day, text in (
            ("Undang untuk diperiksa", TODAY(), "Datang ke kantor dinas pukul sembilan"),
            ("Catat berita acara pemeriksaan", TODAY(), "Ia mengakui memegang kartu"),
        ):
            investigator.opens(deed)
            investigator.writes("Hari pemeriksaan", day.isoformat())
            investigator.writes("Uraian", text)
            look(investigator)
            investigator.presses("Simpan")
            investigator.sees("Tersimpan")
    with enters(people.head) as head:
        head.opens("Kode etik", "Perkara", number, "Putuskan")
        head.page.get_by_label("Pemberhentian").check()
        head.writes("Uraian", "Terbukti memegang kartu keluarga")
        look(head)
        head.presses("Simpan")
        head.sees("Tersimpan")
    with enters(people.accused) as she:
        she.sees("Perkara kode etik tentang Anda")
        she.opens(f"{number}: Diputus")
        she.sees("Terbukti memegang kartu keluarga", "Pemberhentian")
        assert WHAT not in she.text()
        look(she)
        she.opens("Ajukan banding")
        she.writes("Uraian", "Kartu itu dititipkan keluarga sehari saja")
        she.presses("Simpan")
        she.sees("Tersimpan")
    with enters(people.province) as province:
        province.opens("Kode etik", "Perkara", number)
        province.presses("Tangani")
        province.opens("Putuskan banding")
        province.page.get_by_label("Pemberhentian").check()
        province.writes("Uraian", "Putusan dinas dikuatkan")
        look(province)
        province.presses("Simpan")
        province.sees("Putusan tetap")
        look(province)
    with enters(people.coordinator) as coordinator:
        coordinator.opens("Kode etik", "Pemberhentian")
        coordinator.sees(number)
        look(coordinator)
        coordinator.opens("Rahmawati Uji")
        coordinator.sees("Pemberhentian menunggu dicatat")
        look(coordinator)


def test_the_ministry_enters_a_version(people, enters):
    with enters(people.province) as province:
        province.opens("Kode etik")
        look(province)
        province.opens("Masukkan versi baru", "Mulai dari daftar ini")
        look(province)
        province.writes("Judul", "Kode Etik Provinsi")
        province.writes("Nomor dan tanggal keputusan", "Keputusan 1/2026")
        province.field("Sudah saya cocokkan").check()
        province.presses("Simpan versi")
        province.sees("Masih ada pasal yang bertanda [lengkapi]")
        province.faults.clear()  # the browser counts the 422 of what is not completed
        province.writes("Pasal-pasal", "Satu.\n\nDua.")
        province.presses("Simpan versi")
        province.sees("Versi kode etik tersimpan", "Pasal 2")
        look(province)
        province.opens("Klarifikasi", "Terbitkan klarifikasi")
        look(province)
