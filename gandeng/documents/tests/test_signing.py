from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pypdf import PdfReader

from gandeng.documents.minutes import write_minutes
from gandeng.documents.signing import CertificateUnreadable, read_certificate, sign_file, sign_pdf, timestamper_at
from gandeng.documents.tests.certificates import (
    OFFICE,
    PASSWORD,
    detached,
    issue,
    looked_at,
    office_file,
    stamping_authority,
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return read_certificate(office_file(tmp_path_factory.mktemp("office") / "office.p12"), PASSWORD)


@pytest.fixture
def plain(data, tmp_path):
    write_minutes(data, tmp_path / "plain.pdf")
    return (tmp_path / "plain.pdf").read_bytes()


@pytest.fixture
def paper(plain, tmp_path):
    path = tmp_path / "minutes.pdf"
    path.write_bytes(plain)
    return path


def test_it_works(paper, certificate):
    assert sign_pdf(paper, certificate, reason="uji") is False
    told = looked_at(paper)
    assert told.bottom_line and told.intact and told.valid and told.trusted
    assert told.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert certificate.subject == OFFICE
    with paper.open("rb") as file:
        signature = PdfReader(file).get_fields()["Gandeng"]["/V"]
    assert (signature["/SubFilter"], signature["/Name"]) == ("/ETSI.CAdES.detached", OFFICE)


def test_what_was_typeset_stays_as_it_is(paper, plain, certificate):
    """Appended, so the tags and marks of an archive stay, and a reader sees the same page."""
    sign_pdf(paper, certificate, reason="uji")
    assert paper.read_bytes().startswith(plain)
    before, after = PdfReader(paper), paper.read_bytes()
    root = before.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert all(
        mark in after[len(plain) :] for mark in (b'pdfaid:part="2"', b'pdfaid:conformance="A"', b'pdfuaid:part="1"')
    )
    assert before.pages[0].extract_text().startswith("PEMERINTAH")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_byte_changed_is_seen(paper, plain, certificate, data):
    """Anywhere in what was typeset."""
    paper.write_bytes(plain)
    sign_pdf(paper, certificate, reason="uji")
    content = bytearray(paper.read_bytes())
    place = data.draw(st.integers(1100, len(plain) - 400))
    content[place] ^= 1
    paper.write_bytes(content)
    try:
        assert not looked_at(paper).bottom_line
    except Exception as broken:  # noqa: BLE001 (a file no reader opens any more is seen too)
        assert not isinstance(broken, AssertionError)


def test_it_certifies_and_others_may_sign_after_it(paper, certificate):
    """Whatever else is written into the file is against what the first signature says may follow."""
    sign_pdf(paper, certificate, reason="uji")
    only_ours = paper.read_bytes()
    later = PdfSigner(PdfSignatureMetadata("Saksi"), certificate.signer, new_field_spec=SigFieldSpec("Saksi"))
    paper.write_bytes(later.sign_pdf(IncrementalPdfFileWriter(BytesIO(only_ours))).getvalue())
    ours, theirs = (looked_at(paper, place=place) for place in (0, 1))
    assert ours.bottom_line and theirs.bottom_line
    with paper.open("rb") as file:
        assert [each.docmdp_level for each in PdfFileReader(file).embedded_signatures] == [MDPPerm.FILL_FORMS, None]
    changed = IncrementalPdfFileWriter(BytesIO(only_ours))
    page = changed.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(180)
    changed.update_container(page)
    with paper.open("wb") as file:
        changed.write(file)
    assert not looked_at(paper).docmdp_ok


def test_another_s_certificate_is_not_ours(paper, certificate):
    sign_pdf(paper, certificate, reason="uji")
    assert not looked_at(paper, roots=[issue("Akar Lain", None, ca=True).asn1]).trusted


def test_with_an_authority_the_time_is_in_it(paper, certificate):
    assert sign_pdf(paper, certificate, reason="uji", timestamper=stamping_authority()) is True
    told = looked_at(paper)
    assert told.bottom_line
    assert told.timestamp_validity.intact and told.timestamp_validity.trusted


def test_an_authority_that_does_not_answer_costs_the_time_alone(paper, certificate, monkeypatch):
    silent = stamping_authority()

    async def nothing(*_):
        raise TimestampRequestError("nobody there")

    monkeypatch.setattr(silent, "async_request_tsa_response", nothing)
    assert sign_pdf(paper, certificate, reason="uji", timestamper=silent) is False
    assert looked_at(paper).bottom_line


def test_a_file_is_signed_beside_itself(tmp_path, certificate):
    path = tmp_path / "order.zip"
    path.write_bytes(bytes(range(256)) * 1000)
    before = path.read_bytes()
    signature = sign_file(path, certificate)
    assert path.read_bytes() == before and len(signature) < 10_000
    told = detached(path, signature)
    assert told.intact and told.valid and told.trusted
    assert not detached(path, signature, roots=[issue("Akar Lain", None, ca=True).asn1]).trusted
    for place in (0, 77_777, len(before) - 1):
        path.write_bytes(before[:place] + bytes([before[place] ^ 1]) + before[place + 1 :])
        assert not detached(path, signature).intact
    path.write_bytes(before[:-1])
    assert not detached(path, signature).intact


def test_a_file_s_signature_holds_the_time_where_there_is_one(tmp_path, certificate, monkeypatch):
    path, stamps = tmp_path / "order.zip", stamping_authority()
    path.write_bytes(b"x")
    told = detached(path, sign_file(path, certificate, timestamper=stamps))
    assert told.bottom_line and told.timestamp_validity.intact

    async def nothing(*_):
        raise TimestampRequestError("nobody there")

    monkeypatch.setattr(stamps, "async_request_tsa_response", nothing)
    told = detached(path, sign_file(path, certificate, timestamper=stamps))
    assert told.bottom_line and told.timestamp_validity is None


def test_no_address_asks_nobody():
    assert timestamper_at("") is None
    assert isinstance(timestamper_at("https://waktu.contoh.test/"), HTTPTimeStamper)


@pytest.mark.parametrize(("days", "why"), [((-30, 30), None), ((-30, -1), "expired"), ((1, 30), "not_yet")])
def test_days_of_a_certificate(tmp_path, days, why):
    assert read_certificate(office_file(tmp_path / "o.p12", days=days), PASSWORD).unfit(datetime.now(UTC)) == why


def test_it_ends_at_the_instant_it_says(tmp_path):
    found = read_certificate(office_file(tmp_path / "o.p12"), PASSWORD)
    assert found.unfit(found.valid_until) == "expired"
    assert found.unfit(found.valid_until - timedelta(seconds=1)) is None


def test_it_refuses_what_it_cannot_read_and_says_nothing_of_it(tmp_path, caplog):
    wrong = office_file(tmp_path / "o.p12")
    (tmp_path / "no.p12").write_bytes(b"no PKCS#12")
    for path, password in ((wrong, "lain"), (wrong, ""), (tmp_path / "no.p12", ""), (tmp_path / "gone.p12", "")):
        with pytest.raises(CertificateUnreadable) as refused:
            read_certificate(path, password)
        assert PASSWORD not in str(refused.value)
    assert caplog.text == ""


def test_the_key_is_not_shown(certificate):
    assert "signer" not in repr(certificate)
