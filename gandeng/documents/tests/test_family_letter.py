"""The letter of a family."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

from pypdf import PdfReader

from gandeng.documents.family_letter import LetterPaper, write_letter

PAPER = LetterPaper("S-7K3M9-QX2TA", "https://contoh.test/lapor/keluarga/", date(2026, 11, 27))


def test_it_works():
    made = write_letter(PAPER)
    reader = PdfReader(BytesIO(made))
    text = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    for words in ("Surat keluarga", PAPER.number, PAPER.address, "27 November 2026", "kode sekali pakai"):
        assert words in text
    assert write_letter(PAPER) == made, "the same data, the same bytes"
    assert len(reader.pages) == 1
    assert "/StructTreeRoot" in reader.trailer["/Root"]


def test_the_address_and_the_picture_hold_no_number():
    assert PAPER.number not in PAPER.address
    address = "https://pengaduan.dinas-sosial.kabupaten-contoh.go.id/lapor/keluarga/"
    long = replace(PAPER, address=address)
    assert len(PdfReader(BytesIO(write_letter(long))).pages) == 1
