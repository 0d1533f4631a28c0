"""Minutes with the office's electronic signature, and without it where it cannot be."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.documents.tests.certificates import OFFICE, PASSWORD, looked_at, office_file, stamping_authority
from gandeng.files.digests import sha256_of
from gandeng.reconciliation.actions import minutes as minutes_action
from gandeng.reconciliation.models import Statement
from gandeng.reconciliation.tests.test_statements import cycle, offices, sent, sign_district, typeset  # noqa: F401
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


@pytest.fixture
def office(settings, tmp_path):
    def given(name="office.p12", **told):
        settings.SIGNING_CERTIFICATE = office_file(tmp_path / name, **told)
        settings.SIGNING_PASSWORD = PASSWORD

    given()
    return given


@pytest.fixture
def signed_by_all(sent, cycle, offices):  # noqa: F811
    return sign_district(offices, cycle, "6371")


def pages(statement, client, reader):
    """The public page and the statement's own."""
    public = client.get(reverse("verification:verify", args=[statement.code])).content.decode()
    return public, reader.get(reverse("reconciliation:statement", args=[statement.pk])).content.decode()


@pytest.fixture
def reader(cast, client_of):
    return client_of(cast("AUDITOR", "6371"))


def facts():
    with in_territory(EVERYWHERE):
        return AuditEntry.objects.get(action="minutes.written").facts


def test_it_works(office, signed_by_all, client, reader):
    statement = typeset(signed_by_all)
    path = Path(statement.minutes_path)
    assert looked_at(path).bottom_line
    assert sha256_of(path) == statement.minutes_sha256
    serial = statement.minutes_certificate["serial"]
    for page in pages(statement, client, reader):
        assert OFFICE in page and serial in page and "berlaku sampai" in page and "cap waktu" not in page
    assert f"{OFFICE}, nomor seri {serial}" in " ".join(
        " ".join(page.extract_text() for page in PdfReader(path).pages).split()
    )
    assert facts()["certificate"]["serial"] == serial
    got = reader.get(reverse("reconciliation:minutes", args=[statement.pk]))
    assert b"".join(got.streaming_content) == path.read_bytes()


def test_the_paper_is_made_and_signed_once(office, signed_by_all):
    first = typeset(signed_by_all)
    again = typeset(first)
    assert (again.minutes_sha256, again.minutes_certificate) == (first.minutes_sha256, first.minutes_certificate)


def test_with_an_authority_pages_say_so(office, signed_by_all, client, reader, monkeypatch):
    monkeypatch.setattr(minutes_action, "timestamper_at", lambda _: stamping_authority())
    statement = typeset(signed_by_all)
    assert looked_at(Path(statement.minutes_path)).timestamp_validity.trusted
    assert all("cap waktu pihak ketiga" in page for page in pages(statement, client, reader))


def test_without_a_certificate_the_paper_is_as_before_and_says_so(signed_by_all, client, reader):
    statement = typeset(signed_by_all)
    assert b"/ByteRange" not in Path(statement.minutes_path).read_bytes()
    assert all("Kantor belum memakai sertifikat elektronik" in page for page in pages(statement, client, reader))
    assert facts()["certificate"] == {"without": "none"}


def test_nothing_is_signed_with_an_expired_certificate_and_people_s_signatures_stand(
    office, signed_by_all, client, reader
):
    office("old.p12", days=(-30, -1))
    statement = typeset(signed_by_all)
    assert b"/ByteRange" not in Path(statement.minutes_path).read_bytes()
    for page in pages(statement, client, reader):
        assert "berakhir pada" in page and OFFICE in page
    assert facts()["certificate"]["without"] == "expired"
    with in_territory(EVERYWHERE):
        assert statement.signatures.count() == 3


@pytest.mark.parametrize(("broken", "words"), [("password", "tidak dapat dibaca"), ("library", "gagal dibubuhkan")])
def test_whatever_else_goes_wrong_is_said_on_the_pages(
    office, signed_by_all, client, reader, settings, monkeypatch, caplog, broken, words
):
    if broken == "password":
        office("other.p12", password="lain")  # noqa: S106
    else:
        monkeypatch.setattr(minutes_action, "sign_pdf", lambda *_, **__: 1 / 0)
    statement = typeset(signed_by_all)
    assert all(words in page for page in pages(statement, client, reader))
    assert b"/ByteRange" not in Path(statement.minutes_path).read_bytes()
    assert "tanda tangan elektronik kantor:" not in PdfReader(statement.minutes_path).pages[-1].extract_text()
    assert PASSWORD not in caplog.text


def test_the_log_says_it_in_words(office, signed_by_all, cast, client_of):
    typeset(signed_by_all)
    log = reverse("audit:entries")
    browser = client_of(cast("AUDITOR", "6371"))
    assert f"sertifikat: Ditandatangani dengan sertifikat {OFFICE}." in browser.get(log).content.decode()


def test_nor_does_it_hide_that_there_is_none(settings, signed_by_all, cast, client_of):
    settings.SIGNING_CERTIFICATE = None
    typeset(signed_by_all)
    page = client_of(cast("AUDITOR", "6371")).get(reverse("audit:entries")).content.decode()
    assert "sertifikat: Kantor belum memakai sertifikat elektronik." in page
    assert "without" not in page


def test_one_byte_changed_and_the_file_is_not_given_out(office, signed_by_all, reader):
    statement = typeset(signed_by_all)
    path = Path(statement.minutes_path)
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)
    assert not looked_at(path).bottom_line
    assert reader.get(reverse("reconciliation:minutes", args=[statement.pk])).status_code == 403


def test_what_is_said_of_the_paper_stays(office, signed_by_all):
    statement = typeset(signed_by_all)
    with in_territory(EVERYWHERE):
        for changed in ({"minutes_certificate": {}}, {"minutes_sha256": "0" * 64}, {"minutes_path": "/x"}):
            with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
                Statement.objects.filter(pk=statement.pk).update(**changed)
        Statement.objects.filter(pk=statement.pk).update(voided_at=timezone.now() - timedelta(1))
