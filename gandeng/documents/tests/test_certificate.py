"""The paper of a certificate."""

import hashlib
import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from gandeng.documents.certificate import CertificatePaper, write_certificate, write_certificates

PAPER = CertificatePaper(
    number="SRT-6371-2026-0001", code="ABCD EFGH JKMN PQRS TUVW XYZ2", home="https://contoh.test/periksa/sertifikat/",
    address="https://contoh.test/periksa/sertifikat/ABCDEFGHJKMNPQRSTUVWXYZ2/", digest="0123456789abcdef" * 4,
    office="Dinas Sosial Kota Banjarmasin", holder="Siti Uji", skill="Fasilitator P2K2/FDS",
    title="Telah mengikuti Diklat P2K2/FDS dengan hasil baik", event="Diklat P2K2/FDS", held_from=date(2026, 10, 10),
    held_until=date(2026, 10, 20), hours=80, place="BBPPKS Uji", issued_on=date(2026, 11, 27),
    valid_until=date(2029, 11, 27), signer_name="Kepala Uji", signer_post="Kepala Dinas Sosial Kota Banjarmasin",
)  # fmt: skip


def text_of(content):
    return re.sub(r"\s+", " ", PdfReader(BytesIO(content)).pages[0].extract_text())


def test_it_works():
    made = write_certificate(PAPER)
    text = text_of(made)
    for words in (
        "SERTIFIKAT", PAPER.number, "Siti Uji", "80 jam pelajaran", "10 Oktober 2026 sampai 20 Oktober 2026",
        "Berlaku sampai dengan 26 November 2029", "ABCD EFGH", "0123456789abcdef", "Kepala Uji",
    ):  # fmt: skip
        assert words in text
    assert write_certificate(PAPER) == made, "the same data, the same bytes"
    reader = PdfReader(BytesIO(made))
    assert len(reader.pages) == 1
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height
    marks = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in marks
    assert "<pdfuaid:part>1</pdfuaid:part>" in marks
    assert "/StructTreeRoot" in reader.trailer["/Root"]


@pytest.mark.parametrize(
    "how",
    [
        {"holder": "Raden Ajeng Kusumaningdyah " * 5, "title": "Telah mengikuti " * 18, "event": "Diklat " * 25},
        {"valid_until": None, "held_from": None, "held_until": None, "hours": None, "place": "", "event": ""},
        {"holder": "漢字 \u202e Uji #strong[x]", "certificate": "Dinas Sosial Contoh"},
    ],
)
def test_whatever_it_says_it_stays_one_page(how):
    assert len(PdfReader(BytesIO(write_certificate(replace(PAPER, **how)))).pages) == 1


def test_many_in_one_file_each_with_its_own_code():
    papers = [replace(PAPER, number=f"SRT-6371-2026-{n:04d}", holder=f"Orang {n}") for n in range(1, 4)]
    reader = PdfReader(BytesIO(write_certificates(papers, "Diklat uji")))
    assert ["Orang" in page.extract_text() for page in reader.pages] == [True] * 3
    digests = {hashlib.sha256(write_certificate(one)).hexdigest() for one in papers}
    assert len(digests) == 3
