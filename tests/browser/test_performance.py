"""A facilitator's month: figures that open into records, her report as papers, her supervisor's word, and the like."""

import io
import zipfile
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password

from conftest import Cast
from gandeng.accounts.models import User
from gandeng.performance.tests.factories import ask_changes, days_of, last_month, make_worker, picture
from tests.browser import office
from tests.browser.test_ethics_case import look

PLACE, NAME = 4, "Kinerja Layar"


@pytest.fixture(scope="module")
def people(empty_site):
    """Five facilitators alike, of whom the last did most; who reviews them."""
    cast = Cast()
    workers = [make_worker(cast) for _one in range(PLACE + 1)]
    for place, worker in enumerate(workers):
        ask_changes(worker, *days_of(last_month(), place + 1))
    made = SimpleNamespace(
        she=workers[PLACE].acting, staff=workers[PLACE].staff, head=cast("DISTRICT_HEAD", "6371", name=NAME)
    )
    persons = [made.she.person_id, made.head.person_id]
    User.objects.filter(person_id__in=persons).update(password=make_password(office.PASSWORD))
    return made


def report(she) -> None:
    """From records to what lies before the supervisor."""
    she.page.goto("/kinerja/laporan/")
    she.page.get_by_label("Bulan").select_option(f"{last_month():%Y-%m-%d}")
    look(she)
    she.presses("Susun laporan bulan ini")
    she.sees("Rancangan: hanya Anda yang melihatnya", f"({PLACE + 1})")
    she.writes("Kendala", "Jalan ke satu desa putus")
    she.writes("Kesimpulan", "Bulan ini berjalan baik")
    she.presses("Simpan tulisan")
    she.field("Foto").set_input_files({"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    she.page.get_by_role("textbox", name="Keterangan").fill("Kunjungan di balai desa")
    she.presses("Tambah foto")
    she.sees("Keluarkan foto ini")
    look(she)
    she.follows(she.page.locator(".g-confirm").get_by_role("button", name="Serahkan"))
    she.sees("isinya tidak berubah lagi")
    look(she)


def test_from_records_to_a_report_that_is_agreed_to(people, empty_site, visitor):
    year = last_month().year
    with office.somebody(visitor, empty_site, people.she) as she:
        she.page.goto(f"/kinerja/saya/?year={year}")
        she.sees("belum tercatat di sistem")
        look(she)
        figure = she.page.locator("main table").first.locator("tr", has_text="RHK 5").get_by_role("link")
        assert figure.inner_text() == str(PLACE + 1)
        she.follows(figure)
        she.sees(f"{PLACE + 1} catatan")
        assert she.page.locator("main table tbody tr").count() == PLACE + 1, "the figure is its rows"
        look(she)
        report(she)
        assert she.downloads("Unduh PDF").read_bytes().startswith(b"%PDF-")
    with office.somebody(visitor, empty_site, people.head) as head:
        head.page.goto("/kinerja/tinjauan/")
        head.sees("Menunggu tinjauan Anda")
        look(head)
        head.follows(head.page.locator("main table").first.get_by_role("link").first)
        head.sees("Jalan ke satu desa putus")
        docx = zipfile.ZipFile(io.BytesIO(head.downloads("Unduh DOCX").read_bytes()))
        assert any(name.startswith("word/media/") for name in docx.namelist()), "with its photos"
        head.page.get_by_label("Setujui laporan ini").check()
        head.writes("Komentar", "Bagus, lanjutkan")
        look(head)
        head.follows(head.page.locator("form[action$='/tinjau/'] button"))
        head.sees("Tidak ada laporan yang menunggu Anda")
    with office.somebody(visitor, empty_site, people.she) as she:
        she.page.goto("/kinerja/laporan/")
        she.sees("Disetujui")
        she.follows(she.page.locator("main table").get_by_role("link").first)
        she.sees(NAME, "Bagus, lanjutkan")
        look(she)


def test_she_sees_herself_beside_the_like_without_their_names(people, empty_site, visitor):
    with office.somebody(visitor, empty_site, people.she) as she:
        she.page.goto(f"/kinerja/saya/?year={last_month().year}")
        she.opens("Bandingkan dengan yang sebanding")
        she.sees("Saya sendiri", "tanpa keluarga dampingan", "Median")
        row = she.page.locator("main table tr", has_text="RHK 5").locator("td")
        told = [float(text.replace(",", ".")) for text in row.all_inner_texts()]
        assert told[0] == PLACE + 1 and told[1] < told[2] < told[3] < told[0], "she did most of them"
        assert "Facilitator" not in she.page.locator("main table").inner_text(), "no names"
        look(she)
