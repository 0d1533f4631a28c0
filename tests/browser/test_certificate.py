"""A certificate is issued, anybody with its code finds it true, it is revoked, and the same page then says so."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password

from conftest import Cast
from gandeng.accounts.models import User
from gandeng.certificates.tests.factories import make_certificate, make_skill
from gandeng.facilitators.tests.factories import make_staff
from tests.browser import office
from tests.browser.test_ethics_case import look

WHY = "Nilai ujiannya ternyata milik peserta lain"


@pytest.fixture(scope="module")
def people(empty_site):
    """Who signs certificates; a paper of somebody she does not hold one for yet."""
    head = Cast()("DISTRICT_HEAD", "6371", name="Kepala Sertifikat")
    skill = make_skill(Cast()("PROVINCE_OFFICER", "63"), name="Keahlian Uji Layar")
    paper = make_certificate(head, make_staff("6371", name="Rahmawati Sertifikat"), skill)
    User.objects.filter(person_id=head.person_id).update(password=make_password(office.PASSWORD))
    return SimpleNamespace(head=head, paper=paper)


def test_anybody_learns_that_it_holds_and_then_that_it_is_revoked(people, empty_site, visitor):
    number = people.paper.number
    with office.somebody(visitor, empty_site, people.head) as head:
        head.page.goto("/sertifikat/")
        head.opens(number)
        head.sees("Rahmawati Sertifikat", "Berlaku")
        look(head)
        with head.page.expect_download() as coming:
            head.link("Unduh PDF").click()
        assert coming.value.path().read_bytes().startswith(b"%PDF-")
        address = head.link("Halaman pemeriksaan").get_attribute("href")
    with visitor(empty_site) as anybody:
        anybody.page.goto("/periksa/sertifikat/")
        look(anybody)
        anybody.writes("Kode sertifikat", address.rstrip("/").rpartition("/")[2].lower())
        anybody.presses("Periksa")
        anybody.sees("Asli dan berlaku", number, "Rahmawati Sertifikat")
        look(anybody)
    with office.somebody(visitor, empty_site, people.head) as head:
        head.page.goto("/sertifikat/")
        head.opens(number, "Cabut")
        look(head)
        head.writes("Alasan", WHY)
        head.presses("Cabut")
        head.sees(f"Sertifikat {number} dicabut", WHY)
        look(head)
    with visitor(empty_site) as anybody:
        anybody.page.goto(address)
        anybody.sees("Dicabut pada", "Sertifikat ini tidak berlaku lagi")
        assert WHY not in anybody.text()
        look(anybody)
