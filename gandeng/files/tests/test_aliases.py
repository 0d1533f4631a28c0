"""Columns that go by several headers, and choices in people's own words."""

from pathlib import Path

import duckdb
import pytest

from gandeng.core.faults import FileRefused
from gandeng.files.conversion import convert
from gandeng.files.layouts import CASELOAD, STAFF, Layout
from gandeng.files.readers import Reading

OWN = ";".join(STAFF.names)
THEIRS = ";".join(field.aliases[0] for field in STAFF.fields)
ROW = "P000001;Siti Uji;2020-01-01;63.71;63.71.01;{};{};;;{};01/02/2020;;;;"


def read(tmp_path: Path, header: str, *rows: str, layout: Layout = STAFF) -> list[tuple[str, ...]]:
    """The rows, or FileRefused."""
    path, out = tmp_path / "list.csv", tmp_path / "out"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    out.mkdir()
    taken = convert(Reading(path, layout), out)
    with duckdb.connect() as con:
        return con.execute(f"select education, employment, role from ({taken.select})").fetchall()


@pytest.mark.parametrize("header", [OWN, THEIRS, THEIRS.upper()])
@pytest.mark.parametrize(
    "words", [("S1", "CONTRACT", "FACILITATOR"), ("d-iv/s-1 atau lebih", "KONTRAK", "Pendamping Sosial")]
)
def test_it_works(tmp_path: Path, header: str, words: tuple[str, ...]) -> None:
    assert read(tmp_path, header, ROW.format(*words)) == [("S1", "CONTRACT", "FACILITATOR")]


def test_the_careful_reader_agrees(tmp_path: Path) -> None:
    """A blank row sends the file there."""
    told = read(tmp_path, THEIRS, ROW.format("SMA", "pppk", "Supervisor"), "", ROW.format("SMA", "pppk", "Supervisor"))
    assert told == [("SMA", "PPPK", "SUPERVISOR")] * 2


def test_it_refuses_with_the_header_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, THEIRS, ROW.format("S9", "Kontrak", "Pendamping sosial"))
    [fault] = refused.value.faults
    assert (fault.code, fault.row, fault.column) == ("not_a_choice", 2, "Pendidikan")
    assert "SMA sederajat" in str(fault.facts["choices"])


def test_it_refuses_a_column_under_two_names_and_names_a_missing_one(tmp_path: Path) -> None:
    header = THEIRS.replace("Pendidikan", "nama").replace("Tugas", "Tugass")
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, f"{header};NIP", ROW.format("S1", "Kontrak", "x") + ";")
    told = {(fault.code, fault.column) for fault in refused.value.faults}
    assert ("duplicate_column", "service_no") in told
    assert ("misnamed_column", "Tugas") in told
    assert ("missing_column", "Pendidikan") in told


@pytest.mark.parametrize("place", ["6371", "63.71.01.1001", "63,71", "x"])
def test_it_refuses_codes_that_are_none(tmp_path: Path, place: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, OWN, ROW.format("S1", "Kontrak", "Supervisor").replace("63.71;", f"{place};", 1))
    assert [(fault.code, fault.column) for fault in refused.value.faults] == [("place_unreadable", "region_code")]


@pytest.mark.parametrize(("told", "code"), [(";6,37E+15;", "nik_damaged"), (";;637101", "family_card_damaged")])
def test_it_refuses_a_damaged_number_and_masks_it(tmp_path: Path, told: str, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, THEIRS, ROW.format("S1", "Kontrak", "Supervisor").removesuffix(";;") + told)
    (fault,) = refused.value.faults
    assert fault.code == code and "•" in str(fault.facts["found"])


def test_nik_and_family_card_may_be_left_out(tmp_path: Path) -> None:
    header = THEIRS.removesuffix(";NIK;Nomor KK")
    row = ROW.format("S1", "Kontrak", "Supervisor").removesuffix(";;")
    assert header != THEIRS and read(tmp_path, header, row) == [("S1", "CONTRACT", "SUPERVISOR")]


def test_a_family_stands_in_a_list_once(tmp_path: Path) -> None:
    rows = ("K630000001;P000001;2024-01-01", "K630000001;P000002;2024-01-01")
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, "Nomor keluarga;Nomor pendamping;Didampingi mulai", *rows, layout=CASELOAD)
    assert [(fault.code, fault.row, fault.column) for fault in refused.value.faults] == [
        ("duplicate_key", 3, "Nomor keluarga")
    ]
