"""A stage from its opening to the signature of the province, by the people of two districts at their screens."""

import re
from pathlib import Path

import pytest

from tests.browser import office
from tests.browser.office import COORDINATOR, FACILITATOR, HEAD, HELPDESK, OFFICER, OPERATOR, PROVINCE

PLACES = ("Kota Banjarmasin", "Kota Banjarbaru")


def test_the_people_of_an_office_take_a_stage_from_its_opening_to_the_signature_of_the_province(empty_site, visitor):
    office.give_passwords(empty_site)
    facilitator_asks_and_coordinator_decides(empty_site, visitor)
    officer_makes_the_lists(empty_site, visitor)
    heads_and_province_approve(empty_site, visitor)
    archives = officer_instructs(empty_site, visitor)
    channels_answer(empty_site, visitor, archives)
    family = operator_works_an_exception(empty_site, visitor)
    coordinator_keeps_it(empty_site, visitor)
    helpdesk_finds_the_family(empty_site, visitor, family)
    districts_sign(empty_site, visitor, [archive.channel for archive in archives])
    code = province_signs(empty_site, visitor)
    auditor_reads(empty_site, visitor)
    anybody_checks_the_paper(empty_site, visitor, code)


def facilitator_asks_and_coordinator_decides(site, visitor):
    with visitor(site).enters_as(FACILITATOR) as facilitator:
        office.ask_for_a_change(facilitator)
    with visitor(site).enters_as(COORDINATOR) as coordinator:
        coordinator.sees("1", "permintaan menunggu keputusan Anda")
        coordinator.opens("Putuskan", "Jenjang sekolah")
        coordinator.sees("Rapor dilihat saat kunjungan", "SMP")
        coordinator.page.get_by_label("Setujui").check()
        coordinator.presses("Simpan keputusan")
        coordinator.sees("Perubahan diterapkan")


def officer_makes_the_lists(site, visitor):
    with visitor(site).enters_as(OFFICER) as officer:
        officer.opens("Pembayaran", "Buka tahap pertama")
        officer.writes("Tahun", "2024")
        officer.writes("Tahap", "2")
        officer.presses("Lihat angka kebijakan")
        officer.sees("Angka untuk tahap 2 tahun 2024", "Sumber")
        officer.presses("Buka tahap")
        for step, then in (
            ("Bekukan data", "Berikutnya: Hitung hak"),
            ("Hitung hak", "Berikutnya: Buat daftar bayar"),
            ("Buat daftar", "Berikutnya: Ajukan daftar"),
        ):
            officer.presses(step)
            officer.sees(then)
        officer.opens("Periksa dan ajukan")
        officer.presses("Ajukan daftar yang dipilih")
        officer.sees("Menunggu persetujuan")


def heads_and_province_approve(site, visitor):
    with visitor(site).enters_as(HEAD) as head:
        office.approve_everything(head)
        head.sees("Menunggu persetujuan")
    with office.somebody(visitor, site, site.cast.heads["6372"]) as head:
        office.approve_everything(head)
    with visitor(site).enters_as(PROVINCE) as head:
        office.approve_everything(head)
        head.sees("Disetujui provinsi")


def officer_instructs(site, visitor):
    with visitor(site).enters_as(OFFICER) as officer:
        officer.opens("Pembayaran", "Tahap 2 tahun 2024", "Buat perintah bayar")
        officer.writes("Tanggal bayar", office.today())
        officer.presses("Buat perintah bayar")
        officer.sees("Satu berkas terkunci untuk tiap penyalur")
        return office.take_instructions(officer)


def channels_answer(site, visitor, archives):
    """One holds another file, is refused for its totals and sends again; one sends what the coordinator takes back."""
    first, *others = archives
    with visitor(site).enters_as("Petugas bank atau pos BRI") as bank:
        bank.opens("Unduh dan periksa", "BRI")
        office.tell_which_file(bank, first.file + b"x")
        bank.sees("bukan yang dibuat di sini", "Jangan jalankan berkas itu")
    with visitor(site).enters_as(OFFICER) as officer:
        officer.opens("Lihat berkasnya", "BRI")
        officer.sees("Minta penyalur lewat telepon")
    with visitor(site).enters_as("Petugas bank atau pos BRI") as bank:
        bank.opens("Lihat berkasnya", "BRI")
        office.tell_which_file(bank, first.file)
        bank.sees("Berkas Anda sama dengan yang dibuat kantor.")
        office.upload(bank, first.answer(), rows=1)
        bank.waits_for("Berkas ditolak seluruhnya")
        bank.sees("Diketik pengirim")
        office.upload(bank, first.answer(rows=1), region=PLACES[0])
        bank.waits_for("Berkas dipakai")
    with visitor(site).enters_as(COORDINATOR) as coordinator:
        coordinator.opens("Rekonsiliasi", "Tahap 2 tahun 2024", "hasil-bri.csv", "Tarik berkas")
        coordinator.writes("Alasan", "Bank mengirim sebagian saja; berkas lengkapnya menyusul")
        coordinator.presses("Tarik berkas")
        coordinator.waits_for("Berkas ditarik")
    for archive in (first, *others):
        with office.somebody(visitor, site, site.cast.channels[archive.channel]) as bank:
            office.upload(bank, archive.answer(failed=archive is first))
            bank.waits_for("Berkas dipakai")


def operator_works_an_exception(site, visitor):
    with visitor(site).enters_as(OPERATOR) as operator:
        operator.opens("Rekonsiliasi", "Tahap 2 tahun 2024")
        operator.sees("Tersalur bersih", "Gagal salur")
        operator.opens("Pengecualian")
        family = operator.page.locator("table a").first.inner_text().split("-")[-1]
        operator.follows(operator.page.locator("table a").first)
        operator.sees("rekening tidak aktif")
        operator.opens("Memberi kode alasan")
        operator.chooses("Kode alasan", office.reason("F14"))
        operator.writes("Alasan", "Bank menyebut rekening tidak aktif")
        operator.presses("Memberi kode alasan")
        operator.sees("F14")
        operator.opens("Menanyakan ke bank")
        operator.writes("Pertanyaan kepada bank atau pos", "Minta rekening diaktifkan")
        operator.presses("Menanyakan ke bank")
        operator.sees("Menunggu bank")
        return family


def coordinator_keeps_it(site, visitor):
    with visitor(site).enters_as(COORDINATOR) as coordinator:
        coordinator.opens("Rekonsiliasi", "Tahap 2 tahun 2024", "Pengecualian")
        coordinator.follows(coordinator.page.locator("table a").first)
        coordinator.sees("Minta rekening diaktifkan")
        coordinator.opens("Mencatat")
        coordinator.writes("Catatan", "Ditunggu sampai akhir bulan")
        coordinator.presses("Mencatat")
        coordinator.sees("Ditunggu sampai akhir bulan")


def helpdesk_finds_the_family(site, visitor, family):
    with visitor(site).enters_as(HELPDESK) as helpdesk:
        helpdesk.writes("Cari keluarga", family)
        helpdesk.presses("Cari")
        helpdesk.follows(helpdesk.page.locator("table a").first)
        helpdesk.sees(f"Keluarga {family}", "Tahap 2 tahun 2024", "Hasil penyaluran", "Gagal salur")


def districts_sign(site, visitor, channels):
    cast = site.cast
    for place, district in zip(PLACES, ("6371", "6372"), strict=True):
        with office.somebody(visitor, site, cast.coordinators[district]) as coordinator:
            coordinator.opens("Rekonsiliasi", "Tahap 2 tahun 2024", "Pengesahan")
            coordinator.presses("Siapkan pernyataan")
            coordinator.presses("Tanda tangani")
            coordinator.sees("Belum")
        with office.somebody(visitor, site, cast.heads[district]) as head:
            office.sign(head, place)
    for channel in channels:
        with office.somebody(visitor, site, cast.channels[channel]) as bank:
            for place in PLACES:
                office.sign(bank, place)


def province_signs(site, visitor):
    with visitor(site).enters_as(PROVINCE) as head:
        head.opens("Rekonsiliasi", "Tahap 2 tahun 2024", "Pengesahan")
        head.sees("Lengkap")
        head.presses("Siapkan pernyataan")
        head.presses("Tanda tangani")
        head.sees("Ditandatangani lengkap")
        head.waits_for("siapa pun dapat memeriksanya")
        with head.page.expect_download() as coming:
            head.link("Berita acara (PDF)").click()
        assert Path(coming.value.path()).read_bytes().startswith(b"%PDF-")
        return re.search(r"/periksa/(\w+)", head.text())[1]


def auditor_reads(site, visitor):
    with visitor(site).enters_as("Pemeriksa") as auditor:
        auditor.opens("Pembayaran", "Tahap 2 tahun 2024", "Jurnal")
        auditor.sees("Cocok")
        auditor.opens("Jejak")
        auditor.sees("Menandatangani pernyataan rekonsiliasi", "Kepala bidang provinsi")


def anybody_checks_the_paper(site, visitor, code):
    with visitor(site) as anybody:
        anybody.page.goto("/periksa/")
        anybody.writes("Kode", code)
        anybody.presses("Periksa")
        anybody.sees("Kalimantan Selatan")


@pytest.mark.parametrize(
    ("stage", "screen"), [(3, {"scripts": False}), (4, {"width": 360})], ids=["without scripts", "on a phone"]
)
def test_the_essential_path(empty_site, visitor, stage, screen):
    """Sign in, find a family, approve a list, upload results, read the result, sign."""
    office.give_passwords(empty_site)
    cycle = office.list_stage(empty_site, (2024, stage))
    head_of_district = empty_site.cast.heads["6371"]
    with office.somebody(visitor, empty_site, head_of_district, **screen) as head:
        head.writes("Cari keluarga", office.some_family("6371"))
        head.presses("Cari")
        head.follows(head.page.locator("table a").first)
        head.sees("Anggota", f"tahun {cycle.year}")
        head.opens("Pembayaran", f"Tahap {stage} tahun 2024", "BRI")
        head.presses("Setujui daftar")
        head.sees("Kabupaten/kota", head_of_district.person_name)
    office.instruct_stage(empty_site, cycle)
    with visitor(empty_site, **screen).enters_as("Petugas bank atau pos BRI") as bank:
        bank.opens("Unduh dan periksa", "BRI")
        office.tell_which_file(bank, office.file_of("BRI", cycle), by_hand=not screen.get("scripts", True))
        bank.sees("Berkas Anda sama dengan yang dibuat kantor.")
        office.upload(bank, office.answer_of("BRI", cycle), stage=stage)
        bank.waits_for("Berkas dipakai")
        bank.opens("Rekonsiliasi", f"Tahap {stage} Tahun 2024")
        bank.sees("Tersalur bersih", "Tersalur penuh")
    with visitor(empty_site, **screen).enters_as(COORDINATOR) as coordinator:
        coordinator.opens("Rekonsiliasi", f"Tahap {stage} Tahun 2024", "Pengesahan")
        coordinator.presses("Siapkan pernyataan")
        coordinator.presses("Tanda tangani")
        coordinator.sees("Koordinator", "Kepala dinas")
