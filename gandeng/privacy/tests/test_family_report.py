import io
import re

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.payments.tests.factories import make_cycle
from gandeng.privacy.models import FamilyReport
from gandeng.reconciliation.tests.world import identifiers, payments_of, send, told
from gandeng.registry.actions import Proof, Wanted, export_families, request_change, reveal_identifier
from gandeng.registry.models import Family, Member
from gandeng.registry.queries import families_visible_to
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.runs.tests.samples import read_in_this_process

pytestmark = pytest.mark.django_db

ASKED = {
    "asked_by": "Ibu Uji", "relation": "COLLECTOR", "identity": "KTP", "purpose": "Ingin tahu siapa membuka data",
}  # fmt: skip


def typed(**changed):
    return ASKED | {"asked_on": timezone.localdate().isoformat()} | changed


@pytest.fixture
def family(db):
    return make_family(members=2)


def made(browser, family):
    answer = browser.post(reverse("privacy:ask", args=[family.pk]), typed())
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def words_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def entries(action):
    with in_territory(EVERYWHERE):
        return list(AuditEntry.objects.filter(action=action))


def test_it_works(client_of, operator, family):
    """From the family's page over the request to the report, on the screen and on paper."""
    browser = client_of(operator)
    page = browser.get(reverse("registry:family", args=[family.pk])).content.decode()
    assert reverse("privacy:ask", args=[family.pk]) in page
    address = made(browser, family)
    shown = browser.get(address)
    assert shown.status_code == 200
    pdf = browser.post(f"{address}unduh/")
    assert pdf["Content-Type"] == "application/pdf"
    paper = words_of(pdf.content)
    for text in (shown.content.decode(), paper):
        assert "Ibu Uji" in text
        assert family.family_no in text
        assert "KTP-el asli" in text
        assert "Siti Uji" in text
        assert "Dinas Sosial di Kota Banjarmasin" in text
    assert [(one.reason, one.object_id) for one in entries("family.reported")] == [
        (ASKED["purpose"], str(family.pk))
    ]  # fmt: skip
    assert len(entries("family.report_fetched")) == 1


@pytest.fixture
def lived(cast, operator, monkeypatch):
    """A family with a payment a bank could not make, a change asked for, a number looked at, a list taken away."""
    read_in_this_process(monkeypatch)
    cycle = make_cycle([("6371011001", "BRI", 225_000)] * 2)
    payment = payments_of(cycle)[0]
    send(cast("PROVINCE_OFFICER", "63", name="Petugas Bank Uji"), cycle, [
        told(payment, "FAILURE", reason="rekening pasif sekali"), told(payments_of(cycle)[1])
    ])  # fmt: skip
    with in_territory(EVERYWHERE):
        family = Family.objects.get(pk=payment.family_id)
        member = Member.objects.get(family=family)
    facilitator = cast("FACILITATOR", "6371011001", name="Pendamping Uji")
    with in_territory(facilitator):
        request_change(
            facilitator, family, "DISABILITY", member, Wanted({"severe_disability": True}), "Dilihat waktu kunjungan",
            Proof("Surat dokter nomor tujuh"),
        )  # fmt: skip
    looker = cast("DISTRICT_COORDINATOR", "6371", name="Koordinator Pembuka")
    with in_territory(looker):
        reveal_identifier(looker, family, f"nik:{member.pk}", "Mencocokkan dengan KTP")
    taker = cast("PROVINCE_OFFICER", "63", name="Petugas Pengunduh")
    with in_territory(taker):
        export_families(taker, families_visible_to(taker, {}), "Rapat dengan gubernur", {})
    return family, payment, member


def test_it_tells_where_from_who_looked_and_who_received(client_of, operator, lived):
    family, _, _ = lived
    browser = client_of(operator)
    address = made(browser, family)
    paper = words_of(browser.post(f"{address}unduh/").content)
    for words in (
        "Rp225.000", "rekening pasif sekali", "Gagal salur",
        "Disabilitas berat: tidak menjadi ya", "Pendamping Uji", "Surat dokter nomor tujuh",
        "Koordinator Pembuka", "Membuka NIK lengkap", "Mencocokkan dengan KTP",
        "Petugas Pengunduh", "Mengunduh daftar keluarga (2 baris, Kalimantan Selatan)", "Rapat dengan gubernur",
        "Membuat laporan data keluarga",
    ):  # fmt: skip
        assert words in paper, words


def test_no_full_identifier_is_on_it(client_of, operator, lived):
    family, payment, _ = lived
    browser = client_of(operator)
    address = made(browser, family)
    nik, account = identifiers(payment)
    for text in (browser.get(address).content.decode(), words_of(browser.post(f"{address}unduh/").content)):
        assert nik not in text
        assert account not in text
        assert f"•••• {nik[-4:]}" in text
        assert not re.search(r"(?<![0-9a-f-])[0-9]{16}(?![0-9a-f-])", text)


def test_nothing_of_another_family_is_on_it(client_of, operator, lived):
    family, _, _ = lived
    with in_territory(EVERYWHERE):
        other = Family.objects.exclude(pk=family.pk).select_related("collector").get()
    browser = client_of(operator)
    text = browser.get(made(browser, family)).content.decode()
    assert other.family_no not in text
    assert other.collector.name not in text


def test_it_refuses_whoever_may_not(client_of, cast, stranger, family):
    """Another district, and every role without the right."""
    address = reverse("privacy:ask", args=[family.pk])
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(stranger).post(address, typed()).status_code == 404
    for role in ("FACILITATOR", "SUB_DISTRICT_LEAD", "DISTRICT_HEAD", "HELPDESK", "AUDITOR"):
        region = {"FACILITATOR": "6371011001", "SUB_DISTRICT_LEAD": "637101"}.get(role, "6371")
        assert client_of(cast(role, region)).post(address, typed()).status_code == 403
    assert entries("family.reported") == []


def test_it_refuses_another_officer_s_report(client_of, cast, operator, family):
    address = made(client_of(operator), family)
    colleague = client_of(cast("DISTRICT_OPERATOR", "6371"))
    assert colleague.get(address).status_code == 404
    assert colleague.post(f"{address}unduh/").status_code == 404
    assert colleague.get(reverse("privacy:ask", args=[family.pk])).content.decode().count("Ibu Uji") == 1


def test_it_refuses_a_report_of_the_day_before(client_of, operator, family, monkeypatch):
    browser = client_of(operator)
    address = made(browser, family)
    monkeypatch.setattr("gandeng.privacy.queries.OPEN_HOURS", 0)
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"asked_by": ""}, "Tulis nama yang meminta"),
        ({"identity": ""}, "Pilih apa yang Anda periksa"),
        ({"relation": "PROXY"}, "menunjukkan surat kuasanya"),
        ({"asked_on": "2999-01-01"}, "tidak boleh sesudah hari ini"),
        ({"asked_on": "2001-01-01"}, "lebih dari setahun"),
        ({"purpose": "x"}, "Tulis keperluannya dengan jelas"),
    ],
)
def test_it_refuses_what_is_not_clear(client_of, operator, family, changed, words):
    answer = client_of(operator).post(reverse("privacy:ask", args=[family.pk]), typed(**changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with in_territory(EVERYWHERE):
        assert not FamilyReport.objects.exists()


def test_it_is_never_changed(client_of, operator, family):
    made(client_of(operator), family)
    for statement in ("update privacy_familyreport set purpose = 'lain'", "delete from privacy_familyreport"):
        stopped = pytest.raises((ProgrammingError, IntegrityError))
        with in_territory(EVERYWHERE), stopped, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_hostile_name_is_text(client_of, operator, family):
    browser = client_of(operator)
    answer = browser.post(
        reverse("privacy:ask", args=[family.pk]),
        typed(asked_by="<b>#let x = 1</b> \\ $ @ *", purpose="=1+1 <script>ya"),
    )
    shown = browser.get(answer.url).content.decode()
    assert "<script>ya" not in shown
    assert "<b>#let" not in shown
    assert "#let x = 1" in words_of(browser.post(f"{answer.url}unduh/").content)


def test_reading_it_asks_little_of_the_database(client_of, operator, lived, django_assert_max_num_queries):
    family, _, _ = lived
    browser = client_of(operator)
    address = made(browser, family)
    with django_assert_max_num_queries(14):
        browser.get(address)
