"""A facilitator prints a family's letter and says a code; the family reads its news; a desk works cases on a phone."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.facilitators.act_queries import accompanied_by
from gandeng.facilitators.queries import own_record
from gandeng.helpdesk.models import Letter
from gandeng.helpdesk.tests.factories import filed
from gandeng.payments.models import Payment
from gandeng.registry.models import Family
from tests.browser import office
from tests.browser.test_complaint import NAMES
from tests.browser.test_ethics_case import look
from tests.browser.test_training import look_narrow


@pytest.fixture(scope="module")
def family(filled_site):
    """One she accompanies that was paid in the stage before."""
    with in_territory(office.EVERYWHERE):
        facilitator = acting_for(Letter.objects.get().by_id, timezone.localdate())
    with in_territory(facilitator):
        hers = accompanied_by(own_record(facilitator), timezone.localdate()).values_list("family_id", flat=True)
        own = list(hers)
    with in_territory(office.EVERYWHERE):
        paid = Payment.objects.filter(family_id__in=own, list__state="INSTRUCTED").order_by("payment_id").first()
        return Family.objects.get(pk=paid.family_id)


def letter_and_code(filled_site, visitor, family) -> tuple[str, str]:
    """The number on the paper, the code as it is said."""
    with visitor(filled_site).enters_as(office.FACILITATOR) as facilitator:
        facilitator.page.goto(reverse("registry:family", args=[family.pk]))
        facilitator.page.get_by_text("Surat keluarga").first.scroll_into_view_if_needed()
        facilitator.sees("Surat tidak memuat nama")
        facilitator.page.goto(reverse("helpdesk:family", args=[family.pk]))
        look(facilitator)
        paper = PdfReader(facilitator.downloads("Cetak surat")).pages[0].extract_text()
        facilitator.page.reload()
        facilitator.presses("Buat kode sekali pakai")
        facilitator.sees("Sampaikan kepada keluarga sekarang")
        look(facilitator)
        code = facilitator.page.locator("main strong").first.inner_text()
    return re.search(r"S-\w{5}-\w{5}", paper)[0], code


def ask(anybody, number: str, code: str) -> None:
    anybody.page.goto("/lapor/keluarga/")
    anybody.writes("Nomor surat", number.lower())
    anybody.writes("Kode sekali pakai", code)
    asked = re.search(r"Berapa (\w+) ditambah (\w+)", anybody.page.locator("main").inner_text())
    anybody.writes("Pertanyaan hitungan", str(sum(NAMES.index(one) + 1 for one in asked.groups())))
    anybody.presses("Lihat kabar")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_family_reads_its_news_once(filled_site, visitor, family, scripts):
    number, code = letter_and_code(filled_site, visitor, family)
    anybody = visitor(filled_site, width=360, scripts=scripts)
    anybody.page.goto("/lapor/")
    anybody.opens("Punya surat keluarga?")
    if scripts:
        look_narrow(anybody)
    ask(anybody, number, code)
    anybody.sees("Apakah sudah dikirim", "Melalui", "Jumlah yang dikirim", "Yang perlu dilakukan")
    told = anybody.page.locator("main").inner_text()
    assert family.family_no not in told and number not in told
    if scripts:
        look_narrow(anybody)
    ask(anybody, number, code)
    anybody.sees("Nomor surat atau kode tidak cocok")
    if scripts:
        look_narrow(anybody)


def test_a_desk_merges_links_and_answers_on_a_phone(filled_site, visitor, family):
    main, other = filed(kind="CARD"), filed(kind="CARD")
    with visitor(filled_site, width=360).enters_as(office.HELPDESK) as desk:
        desk.page.goto("/pengaduan/")
        look_narrow(desk)
        search = desk.field("Cari nomor laporan")
        search.focus()
        desk.page.keyboard.type(other.number.lower())
        with desk.page.expect_navigation(wait_until="domcontentloaded"):
            desk.page.keyboard.press("Enter")
        desk.opens(other.number)
        desk.opens("Gabungkan ke laporan lain")
        look_narrow(desk)
        desk.writes("Nomor", main.number)
        desk.presses("Gabungkan ke laporan lain")
        desk.sees("Digabung ke", main.number)
        look_narrow(desk)
        desk.opens(main.number, "Hubungkan dengan keluarga atau pembayaran")
        desk.writes("Nomor", family.family_no)
        desk.presses("Hubungkan dengan keluarga atau pembayaran")
        desk.sees(family.family_no)
        desk.opens("Mulai kerjakan")
        desk.presses("Mulai kerjakan")
        desk.opens("Jawab", "Mengganti kartu")
        look_narrow(desk)
        desk.presses("Jawab")
        desk.sees("Datanglah ke bank", "Dijawab")


def test_figures_on_a_map_and_their_rows(filled_site, visitor):
    with visitor(filled_site).enters_as(office.OFFICER) as officer:
        officer.page.goto("/pengaduan/")
        officer.opens("Angka pengaduan")
        officer.sees("Menurut jenis", "Setengahnya dijawab dalam", "Rata-rata")
        look(officer)
        officer.follows(officer.page.locator("table a").first)
        officer.sees("Daftar ini membuka sebuah angka")
        look(officer)
        assert officer.downloads("Unduh CSV").read_bytes().startswith(b"\xef\xbb\xbfNomor;Jenis")
