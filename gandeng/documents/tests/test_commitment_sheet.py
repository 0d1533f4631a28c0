"""The paper of a sheet of commitments."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from gandeng.documents.commitment_sheet import ROWS_A_LEAF, Leaf, Pupil, write_sheets

PUPIL = Pupil("0001", "", "Siti Uji", "SD", date(2014, 3, 2))
LEAF = Leaf(
    facility="SDN Uji", number="30301234", village="Kelayan Barat", quarter="Triwulan 3 tahun 2026",
    months=(date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)), duty="education", first_row=15, pupils=[PUPIL],
    code="7F3A9-C12E4-263-01K", address="https://contoh.test/komitmen/lembar/x/2026-3/?bagian=1",
)  # fmt: skip
DAY = date(2026, 11, 27)


def pages_of(content):
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(BytesIO(content)).pages]


def test_it_works():
    made = write_sheets([LEAF], by="Rina Uji", day=DAY)
    (text,) = pages_of(made)
    for words in ("pendidikan", "15 ••••0001", "27 November 2026, oleh Rina Uji", "Juli 2026", "7F3A9-C12E4-263-01K"):
        assert words in text
    assert write_sheets([LEAF], by="Rina Uji", day=DAY) == made, "the same data, the same bytes"
    reader = PdfReader(BytesIO(made))
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height
    assert "<pdfuaid:part>1</pdfuaid:part>" in reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()


@pytest.mark.parametrize("duty", ["education", "health", "welfare"])
def test_a_full_page_with_long_names_and_the_schools_own_code_stays_one_page(duty):
    pupil = replace(PUPIL, name="Raden Ajeng Kusumaningdyah Putri Wulandari", asked=(3, "infant"))
    leaf = replace(
        LEAF, duty=duty, pupils=[pupil] * ROWS_A_LEAF, confirm="https://contoh.test/sekolah/" + "x" * 43 + "/",
        confirm_until=date(2026, 12, 31),
    )  # fmt: skip
    (text,) = pages_of(write_sheets([leaf], by="Rina Uji", day=DAY))
    assert "31 Desember 2026" in text
    assert ("3 (0–11 bulan)" in text) == (duty == "health")


def test_what_does_not_fit_goes_on_under_the_same_code():
    pupil = replace(PUPIL, name="漢字 #strong[x] " + "Sangat Panjang Namanya " * 12)
    pages = pages_of(write_sheets([replace(LEAF, pupils=[pupil] * ROWS_A_LEAF)], by="Rina Uji", day=DAY))
    assert len(pages) > 1 and all("7F3A9-C12E4-263-01K" in page for page in pages)
    assert "#strong[x]" in pages[0]
