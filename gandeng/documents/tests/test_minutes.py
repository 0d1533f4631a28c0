import hashlib
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from gandeng.core.faults import FileRefused
from gandeng.documents.areas import areas
from gandeng.documents.figures import Figures, FiguresDisagree, total
from gandeng.documents.minutes import write_minutes
from gandeng.documents.minutes_data import ChannelFigures, Difference, MinutesData, districts_from_rows
from gandeng.documents.minutes_figures import balance
from gandeng.documents.minutes_text import combined_digest
from gandeng.documents.office import Office, Person, load_office
from gandeng.words import say


def pages(path: Path) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(path.read_bytes())).pages]


def written(data: MinutesData, folder: Path) -> str:
    write_minutes(data, folder / "minutes.pdf")
    return " ".join(pages(folder / "minutes.pdf"))


def test_it_works(data: MinutesData, tmp_path: Path) -> None:
    text = written(data, tmp_path)
    assert "BERITA ACARA REKONSILIASI" in text
    assert "PEMERINTAH KOTA BANJARMASIN" in text
    assert "Kamis tanggal sembilan belas bulan September tahun dua ribu dua puluh empat" in text
    assert "Peraturan Menteri Sosial Nomor 1 Tahun 2018" in text
    assert "Rp85.000.000" in text
    assert "delapan puluh lima juta rupiah" in text
    assert "2024-2-F0001" in text
    assert "••••0001" in text


def test_every_page_says_which_of_how_many(data: MinutesData, tmp_path: Path) -> None:
    write_minutes(data, tmp_path / "minutes.pdf")
    texts = pages(tmp_path / "minutes.pdf")
    for number, text in enumerate(texts, start=1):
        assert f"Halaman {number} dari {len(texts)}" in text
        assert re.search(r"lembar \d+ dari \d+", text)


def test_the_recapitulation_is_the_sum_of_its_districts(data: MinutesData) -> None:
    whole, *districts = areas(data)
    assert whole.level == "province"
    assert [area.name for area in districts] == ["Kabupaten Balangan", "Kota Banjarmasin"]
    assert whole.figures == total(area.figures for area in districts)
    assert [channel.figures.payments for channel in whole.channels] == [100, 20]


def test_a_district_alone_has_no_recapitulation(data: MinutesData, tmp_path: Path) -> None:
    assert "REKAPITULASI" not in written(replace(data, districts=data.districts[:1]), tmp_path)


def test_the_same_data_give_the_same_bytes(data: MinutesData, tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        write_minutes(data, tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_it_is_an_archive_file_with_tags_and_own_fonts(data: MinutesData, tmp_path: Path) -> None:
    write_minutes(data, tmp_path / "minutes.pdf")
    reader = PdfReader(tmp_path / "minutes.pdf")
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"].startswith("id")
    assert b"pdfaid" in catalog["/Metadata"].get_object().get_data()
    fonts = {str(font) for page in reader.pages for font in _font_names(page)}
    assert fonts
    assert all("Libertinus" in font or "DejaVu" in font for font in fonts)


def _font_names(page: Any) -> list[object]:
    found = page["/Resources"]["/Font"].values()
    return [font.get_object()["/BaseFont"] for font in found]


def test_digests_of_every_file_are_there(data: MinutesData, tmp_path: Path) -> None:
    text = written(data, tmp_path)
    listing = "".join(f"{file.sha256}  {file.name}\n" for file in (*data.files_in, *data.files_out))
    assert combined_digest(data) == hashlib.sha256(listing.encode()).hexdigest()
    assert text.count(combined_digest(data)) == 4  # recapitulation, two districts, annex
    assert all("".join([letter] * 32) in text for letter in "abc")


def test_what_was_not_read_of_a_file_stands_below_it(data: MinutesData, tmp_path: Path) -> None:
    text = written(data, tmp_path)
    assert text.count("bri.csv: 1 mutasi, Rp6.500, adalah biaya ••••5678") == 1
    bare = replace(data, files_in=tuple(replace(file, notes=()) for file in data.files_in))
    assert say("minutes.files_notes")[:30] in text
    assert say("minutes.files_notes")[:30] not in written(bare, tmp_path)


def test_more_withdrawn_than_there_was_is_said_so(data: MinutesData) -> None:
    (one, *_) = data.districts
    assert balance(one.figures).endswith("dan Rp0 (nol rupiah) belum.")
    assert "lebih banyak Rp5.000.000 (lima juta rupiah) daripada" in balance(replace(one.figures, net=0))


def test_money_drawn_that_was_never_credited_is_told_where_the_net_says_nothing(
    data: MinutesData, difference: Difference, tmp_path: Path
) -> None:
    drawn = replace(difference, outcome="INCONSISTENT", reason="", net=0, withdrawn=650_000)
    paid = replace(difference, outcome="OVERPAID", net=800_000, withdrawn=700_000)
    text = written(replace(data, districts=(replace(data.districts[1], differences=(drawn, paid)),)), tmp_path)
    assert "Rp750.000 Rp0 ditarik Rp650.000" in text
    assert "Rp700.000" not in text


def test_what_rows_say_is_added_up_by_event(data: MinutesData, tmp_path: Path) -> None:
    text = written(data, tmp_path)
    assert "Diterima 98 Rp79.250.000 Rp1.000.000 Rp70.000.000 Rp3.500.000" in text
    assert "Tidak dikenal 2 Rp1.000.000 Rp0 Rp0 Rp0" in text
    assert "Baris rusak 1 Rp0 Rp0 Rp0 Rp400.000" in text
    assert "Jumlah 101 Rp80.250.000 Rp1.000.000 Rp70.000.000 Rp3.900.000" in text


def test_it_refuses_figures_that_do_not_add_up(data: MinutesData, tmp_path: Path) -> None:
    wrong = ChannelFigures("BRI", Figures(payments=2, instructed=10, counts={"PAID": 1}, amounts={"PAID": 10}))
    broken = replace(data, districts=(replace(data.districts[0], channels=(wrong,)),))
    with pytest.raises(FiguresDisagree, match="payments"):
        write_minutes(broken, tmp_path / "minutes.pdf")
    assert not (tmp_path / "minutes.pdf").exists()


def test_a_name_is_text_and_never_a_program(data: MinutesData, tmp_path: Path) -> None:
    wild = replace(
        data.districts[1].differences[0], name='#read("/etc/hostname") $x$ *b* 漢 \x07', reason="<img src=x>"
    )
    text = written(replace(data, districts=(replace(data.districts[1], differences=(wild,)),)), tmp_path)
    assert "#read" in text
    assert "$x$ *b* ? ?" in text
    assert "<img" in text


def test_large_figures_and_long_names_stay_on_the_page(data: MinutesData, tmp_path: Path) -> None:
    amount = 999_999_999_999
    paid = Figures(1, amount, amount, 0, {"PAID": 1}, {"PAID": amount})
    name = "Kabupaten " + "Kepulauan Tanimbar Selatan Sekali " * 3
    long = Difference("2024-2-" + "X" * 80, "N" * 90, "••••0001", "MANDIRI", "INCONSISTENT", amount, -amount, "Y" * 120)
    district = replace(data.districts[0], name=name, channels=(ChannelFigures("MANDIRI", paid),), differences=(long,))
    unpaid = Figures(1, amount, 0, 0, {"FAILED": 1}, {"FAILED": amount})
    district = replace(district, channels=(*district.channels, ChannelFigures("BNI", unpaid)))
    write_minutes(replace(data, districts=(district,)), tmp_path / "minutes.pdf")
    right_edges = [edge for page in PdfReader(tmp_path / "minutes.pdf").pages for edge in _right_edges(page)]
    assert max(right_edges) < 595 - 40


def _right_edges(page: Any) -> list[float]:
    """Where each piece of text begins, at least: nothing may begin in the right margin."""
    edges: list[float] = []

    def visit(text: str, _: object, matrix: list[float], *rest: object) -> None:
        if text.strip():
            edges.append(matrix[4])

    page.extract_text(visitor_text=visit)
    return edges


def test_more_districts_than_one_file_holds_go_to_one_per_province(data: MinutesData, tmp_path: Path) -> None:
    aceh = replace(data.districts[0], code="11.71", name="Kota Sabang")
    many = replace(data, districts=(aceh, *data.districts), province_names={"63": "Kalimantan Selatan", "11": "Aceh"})
    paths = write_minutes(many, tmp_path / "minutes.pdf", together_max=2)
    assert [path.name for path in paths] == ["minutes-11.pdf", "minutes-63.pdf", "minutes.pdf"]
    text = " ".join(pages(tmp_path / "minutes.pdf"))
    assert "KEMENTERIAN SOSIAL" in text
    assert "minutes-63.pdf" in text
    assert hashlib.sha256((tmp_path / "minutes-63.pdf").read_bytes()).hexdigest()[:32] in text
    assert "Kota Sabang" in " ".join(pages(tmp_path / "minutes-11.pdf"))


def test_names_of_the_office_are_printed(data: MinutesData, tmp_path: Path) -> None:
    people = {"63.71/social_office_head": Person(name="Hj. Contoh Sintetis", number="19700101 199503 2 001")}
    office: Office = load_office().model_copy(update={"people": people, "place": "Banjarmasin"})
    text = written(replace(data, office=office), tmp_path)
    assert "Hj. Contoh Sintetis" in text
    assert "Banjarmasin, 19 September 2024" in text


def test_it_refuses_a_setting_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_text("signatories: {district: [mayor]}\ncolour: red\n", encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        load_office(tmp_path / "office.yaml")
    assert {fault.column for fault in refused.value.faults} == {"signatories.district.0", "colour"}


def test_rows_of_the_summary_become_districts() -> None:
    outcomes = ("unreported", "inconsistent", "paid", "overpaid", "underpaid", "returned", "failed")
    row = {"district_code": "63.71", "channel": "BRI", "payments": "1", "instructed": "5", "net": "5", "withdrawn": "0"}
    row |= {f"{name}_count": str(int(name == "paid")) for name in outcomes}
    row |= {f"{name}_amount": str(5 * (name == "paid")) for name in outcomes}
    difference = {
        "payment_id": "P1", "district_code": "63.71", "name": "AMINAH", "nik": "6371014101800001", "channel": "BRI",
        "outcome": "FAILED", "amount": 5, "net": 0, "withdrawn": 3,
        "reason": "rekening 1234567890123 pasif",
    }  # fmt: skip
    (district,) = districts_from_rows([row], [difference], names={"63.71": "Kota Banjarmasin"})
    assert district.figures.count("PAID") == 1
    assert district.differences[0].nik == "••••0001"
    assert district.differences[0].reason == "rekening ••••0123 pasif"
    assert district.differences[0].withdrawn == 3


def test_english_by_switch(data: MinutesData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANDENG_LANG", "en")
    text = written(data, tmp_path)
    assert "MINUTES OF RECONCILIATION" in text
    assert "eighty-five million rupiah" in text
