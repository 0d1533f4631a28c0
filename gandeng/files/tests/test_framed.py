"""A layout whose file has lines above the header, and the same titles for each of three months."""

from contextlib import closing

import pytest
import xlsxwriter

from gandeng.core.faults import FileRefused
from gandeng.engine import connect
from gandeng.files.intake import explain_refusal, take
from gandeng.files.layouts import EDUCATION

ABOVE = [["NAMA SEKOLAH", "SDN Uji"], ["NPSN", "30301234"], ["BULAN", "Juli 2026", "Agustus 2026", "September 2026"]]
PERSON = ["NO", "NIK PENGURUS", "NAMA PENGURUS", "NIK SISWA", "NISN", "NAMA SISWA", "BENTUK PENDIDIKAN",
          "TINGKAT PENDIDIKAN"]  # fmt: skip
HEADER = [*PERSON, *["ALPA", "IZIN", "SAKIT", "JML", "%"] * 3, "KET", "NAMA PENDAMPING"]
ROW = ["1", "", "Rina", "6371010203140001", "", "Siti", "SD", "3", *["1", "2", "0", "17", "85"] * 3, "", "Budi"]


def _csv(tmp_path, lines, name="isi.csv"):
    path = tmp_path / name
    path.write_text("".join(";".join(line) + "\r\n" for line in lines), encoding="utf-8-sig")
    return path


def _xlsx(tmp_path, lines):
    path = tmp_path / "isi.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(lines):
            for place, cell in enumerate(line):
                sheet.write_string(number, place, cell)
    return path


@pytest.mark.parametrize("made", [_csv, _xlsx])
def test_it_works(tmp_path, made):
    taken = take(made(tmp_path, [*ABOVE, [], HEADER, ROW]), EDUCATION, tmp_path / "work")
    assert [list(filter(None, line)) for line in taken.above if any(line)] == ABOVE
    assert (taken.rows, taken.header_row) == (1, 5)
    with closing(connect(tmp_path / "spill", memory_limit="200MB")) as con:
        row = con.execute(f"select nik, absent_1, leave_2, sick_3, attended_3, percent_3 from ({taken.select}) t")
        assert row.fetchall() == [("6371010203140001", 1, 2, 0, 17, "85")]


def test_titles_that_are_numbered_already_are_read_too(tmp_path):
    months = [f"{title} {month}" for month in (1, 2, 3) for title in ("ALPA", "IZIN", "SAKIT", "JML", "%")]
    taken = take(_csv(tmp_path, [[*PERSON, *months, "KET", "NAMA PENDAMPING"], ROW]), EDUCATION, tmp_path / "work")
    assert (taken.rows, taken.above) == (1, ())


def test_every_fault_at_once_with_row_and_column(tmp_path):
    wrong = [*ROW[:8], "satu", *ROW[9:13], "2.5", *ROW[14:]]
    damaged = [*ROW[:3], "6,37101E+15", *ROW[4:]]
    with pytest.raises(FileRefused) as refused:
        take(_csv(tmp_path, [*ABOVE, HEADER, wrong, damaged]), EDUCATION, tmp_path / "work")
    named = {(fault.row, fault.column) for fault in refused.value.faults}
    assert named == {(5, "ALPA 1"), (5, "ALPA 2"), (6, "NIK SISWA")}
    assert len(explain_refusal(refused.value)) >= 4


def test_a_missing_month_is_named(tmp_path):
    with pytest.raises(FileRefused) as refused:
        take(_csv(tmp_path, [*ABOVE, HEADER[:18] + HEADER[23:], ROW[:18] + ROW[23:]]), EDUCATION, tmp_path / "work")
    assert {fault.column for fault in refused.value.faults} == {"ALPA 3", "IZIN 3", "SAKIT 3", "JML 3", "% 3"}
