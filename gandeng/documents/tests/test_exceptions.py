import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from gandeng.documents.exception_sheets import ExceptionSheet, columns_of
from gandeng.documents.exceptions import HEAD_ROWS, write_exceptions
from gandeng.documents.suggestions import SUGGESTIONS

AS_OF = date(2024, 9, 19)
FAILED = {
    "payment_id": "2024-2-F1", "district_code": "63.71", "channel": "BRI", "name": "NORHASANAH",
    "nik": "6371014101800001", "instructed": 750_000, "credited": 0, "reversed": 0, "withdrawn": 0, "net": 0,
    "at_stake": 750_000, "reason": "rekening 123456789012345 pasif", "first_on": AS_OF, "last_on": AS_OF,
}  # fmt: skip
UNKNOWN = {
    "source": "bri.csv", "row": 7, "event": "CREDIT", "channel": "BRI", "amount": 500_000, "occurred_on": AS_OF,
    "reported_name": "NURHASANAH", "nik": "", "account_no": "123456789012345", "payment_id": None, "name": None,
    "district_code": None, "matched_by": None, "evidence": None, "detail": "tidak dikenal", "reason": "",
    "bank_reference": "R1",
}  # fmt: skip


def failed(*rows: Mapping[str, object], count: int | None = None) -> ExceptionSheet:
    table = pa.Table.from_pylist([{**FAILED, **row} for row in rows])
    return ExceptionSheet("FAILED", table, count or len(rows), {"at_stake": 750_000 * len(rows)})


def written(path: Path, *sheets: ExceptionSheet, **options: int) -> dict[str, list[list[Any]]]:
    write_exceptions(path, sheets, stages=("2024-2",), as_of=AS_OF, districts={"63.71": "Kota Banjarmasin"}, **options)
    workbook = CalamineWorkbook.from_path(str(path))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def test_it_works(tmp_path: Path) -> None:
    sheets = written(tmp_path / "x.xlsx", failed({}))
    assert list(sheets) == ["Ringkasan", "Gagal salur"]
    header, row = sheets["Gagal salur"][HEAD_ROWS - 1 : HEAD_ROWS + 1]
    told = dict(zip(header, row, strict=True))
    assert told["Kabupaten/Kota"] == "Kota Banjarmasin"
    assert told["NIK"] == "••••0001"
    assert told["Nilai selisih"] == 750_000
    assert told["Alasan"] == "rekening ••••2345 pasif"
    assert told["Kejadian pertama"] == AS_OF


def test_the_overview_has_every_kind_and_what_to_do(tmp_path: Path) -> None:
    told = {"credited": 500_000, "reversed": 300_000, "withdrawn": 200_000, "other": 100_000}
    unknown = ExceptionSheet("UNKNOWN", pa.Table.from_pylist([UNKNOWN]), 4, told)
    overview = {str(row[0]): row for row in written(tmp_path / "x.xlsx", failed({}, {}), unknown)["Ringkasan"]}
    assert overview["Jenis"][1:9] == [
        "Jumlah", "Nilai selisih", "Dikreditkan", "Dibatalkan", "Ditarik", "Lainnya", "Ditampilkan", "Tidak ditampilkan"
    ]  # fmt: skip
    assert overview["Gagal salur"][1:9] == [2, 1_500_000, "", "", "", "", 2, 0]
    assert overview["Tidak dikenal"][1:9] == [4, "", 500_000, 300_000, 200_000, 100_000, 1, 3]
    assert overview["Salah tujuan"][1:9] == [0, "", 0, 0, 0, 0, 0, 0]
    assert "Pengecualian rekonsiliasi PKH Tahap 2 Tahun 2024, keadaan data per 19 September 2024" in overview
    assert "pendamping" in str(overview["Gagal salur"][10])


def test_what_is_not_listed_is_counted(tmp_path: Path) -> None:
    sheets = written(tmp_path / "x.xlsx", failed({}, count=1_001))
    assert "1.000" in str(sheets["Gagal salur"][-1][0])
    assert "outcomes.parquet" in str(sheets["Gagal salur"][-1][0])
    assert {str(row[0]): row[8] for row in sheets["Ringkasan"]}["Gagal salur"] == 1_000


def test_too_many_rows_go_on_in_a_further_sheet(tmp_path: Path) -> None:
    many = failed(*({"payment_id": f"P{number}"} for number in range(5)))
    sheets = written(tmp_path / "x.xlsx", many, sheet_rows=HEAD_ROWS + 3)
    assert list(sheets)[1:] == ["Gagal salur", "Gagal salur (2)", "Gagal salur (3)"]
    ids = [row[0] for name in list(sheets)[1:] for row in sheets[name][HEAD_ROWS:]]
    assert ids == ["P0", "P1", "P2", "P3", "P4"]


@pytest.mark.parametrize(
    "wild", ['=HYPERLINK("http://x","y")', "+1", "-1+2", "@SUM(A1)", "{=1}", "http://x.id", "0012"]
)
def test_text_is_never_a_formula_a_link_or_a_number(wild: str, tmp_path: Path) -> None:
    sheets = written(tmp_path / "x.xlsx", failed({"name": wild, "payment_id": wild}))
    assert wild in sheets["Gagal salur"][HEAD_ROWS]
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in content
    assert b"hyperlink" not in content


def test_no_full_identifier_is_anywhere(tmp_path: Path) -> None:
    unknown = ExceptionSheet("UNKNOWN", pa.Table.from_pylist([UNKNOWN]), 1, {"credited": 500_000})
    written(tmp_path / "x.xlsx", failed({}), unknown)
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"6371014101800001" not in content
    assert b"123456789012345" not in content


def test_unknown_rows_carry_suggestions(tmp_path: Path) -> None:
    near = {
        "source": "bri.csv", "row": 7, "place": 1, "payment_id": "2024-2-F1", "name": "NORHASANAH",
        "district_code": "63.71", "amount": 500_000, "score": 95,
    }  # fmt: skip
    suggestions = pa.Table.from_pylist([near], schema=SUGGESTIONS)
    sheet = ExceptionSheet("UNKNOWN", pa.Table.from_pylist([UNKNOWN]), 1, {"credited": 500_000}, suggestions)
    row = written(tmp_path / "x.xlsx", sheet)["Tidak dikenal"][HEAD_ROWS]
    place = [column.name for column in columns_of("UNKNOWN")].index("suggestion_1")
    assert row[place] == "2024-2-F1 · NORHASANAH · Kota Banjarmasin · kemiripan nama 95 dari 100"


def test_the_same_sheets_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        written(tmp_path / name, failed({}))
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
