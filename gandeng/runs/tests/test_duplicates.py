import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gandeng.core.duplicates import PEOPLE_AT_LEAST
from gandeng.core.faults import FileRefused
from gandeng.files.layouts import FAMILIES, MEMBERS
from gandeng.runs.duplicates import ROWS, DuplicatesRun, search_duplicates
from gandeng.runs.tests.samples import COLLECTOR, FAMILY, PUPIL, content_of, with_cells, write

AGAIN = ("F2", "F2-1", "63.71.01.1001", "ACTIVE", "BRI", "001234567890124")
TWICE = with_cells(MEMBERS, COLLECTOR, family_id="F2", member_id="F2-1", nik="6371014101800010", name="ST. AMINAH")


def registry(folder: Path, *members: tuple[str, ...], again: tuple[str, ...] = AGAIN) -> Path:
    """A family and one that may be hers again, among strangers of other names and days."""
    lone = [(f"Z{no}", f"Z{no}-1", "94.01.01.2001", "ACTIVE", "BRI", f"9{no:014d}") for no in range(60)]
    strangers = [
        with_cells(
            MEMBERS, COLLECTOR, family_id=f"Z{no}", member_id=f"Z{no}-1", nik="", name="", birth_date="1950-01-01"
        )
        for no in range(60)
    ]
    write(folder / "families.csv", FAMILIES, [FAMILY, again, *lone])
    write(folder / "members.csv", MEMBERS, [COLLECTOR, PUPIL, *members, *strangers])
    return folder


def run(folder: Path, *, at_least: int = 100) -> DuplicatesRun:
    return search_duplicates(folder / "families.csv", folder / "members.csv", folder / "out", at_least=at_least)


def pairs(folder: Path) -> list[dict[str, str]]:
    with (folder / "out" / "alike.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_works(tmp_path: Path) -> None:
    told = run(registry(tmp_path, TWICE))
    assert list(content_of(tmp_path / "out")) == ["alike.csv", "alike.parquet", "manifest.json"]
    (pair,) = pairs(tmp_path)
    assert (pair["name"], pair["other_name"], pair["place_alike"]) == ("SITI AMINAH", "ST. AMINAH", "VILLAGE")
    assert (pair["nik"], pair["other_nik"], pair["nik_slip"]) == ("*" * 12 + "0001", "*" * 12 + "0010", "SWAPPED")
    assert int(pair["one_in"]) == PEOPLE_AT_LEAST**2 // (2 * 2 * 3)
    assert (told.people, told.pairs, told.strong) == (63, {"VILLAGE": 1}, {"VILLAGE": 1})


def test_the_table_holds_what_the_spreadsheet_shows(tmp_path: Path, no_child: None) -> None:
    run(registry(tmp_path, TWICE))
    table = pq.read_table(tmp_path / "out" / "alike.parquet")
    assert table.schema.equals(ROWS)
    (row,), (shown,) = table.to_pylist(), pairs(tmp_path)
    assert shown.pop("same_sex") == "true"
    assert row.pop("same_sex") is True
    assert {name: str(cell) for name, cell in row.items()} == shown


def test_the_manifest_says_how_strong_pairs_had_to_be(tmp_path: Path, no_child: None) -> None:
    run(registry(tmp_path, TWICE), at_least=40_000_000)
    told = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert (told["kind"], told["one_in_at_least"]) == ("duplicates", 40_000_000)
    assert pairs(tmp_path) == []


def test_the_strongest_pair_comes_first(tmp_path: Path, no_child: None) -> None:
    far = with_cells(MEMBERS, TWICE, member_id="F2-2", name="Adi", birth_date="2012-01-01", sex="M")
    run(registry(tmp_path, TWICE, far), at_least=1)
    strengths = [int(pair["one_in"]) for pair in pairs(tmp_path)]
    assert len(strengths) == 2
    assert strengths == sorted(strengths, reverse=True)


@pytest.mark.parametrize("status", ["ENDED", "GRADUATED"])
def test_a_family_that_is_paid_no_more_is_left_alone(tmp_path: Path, no_child: None, status: str) -> None:
    again = with_cells(FAMILIES, AGAIN, status=status)
    assert run(registry(tmp_path, TWICE, again=again)).pairs == {}


def test_a_suspended_family_is_looked_at(tmp_path: Path, no_child: None) -> None:
    again = with_cells(FAMILIES, AGAIN, status="SUSPENDED")
    assert run(registry(tmp_path, TWICE, again=again)).pairs == {"VILLAGE": 1}


def test_who_died_is_left_alone(tmp_path: Path, no_child: None) -> None:
    assert run(registry(tmp_path, with_cells(MEMBERS, TWICE, deceased_on="2024-01-01"))).pairs == {}


@pytest.mark.parametrize("sign", ["=", "+", "@", "＝"])
def test_a_name_is_never_a_formula(tmp_path: Path, no_child: None, sign: str) -> None:
    run(registry(tmp_path, with_cells(MEMBERS, TWICE, name=f"{sign}SITI AMINAH")))
    assert [pair["other_name"] for pair in pairs(tmp_path)] == [f"'{sign}SITI AMINAH"]


def test_the_order_of_rows_changes_no_byte(tmp_path: Path, no_child: None) -> None:
    run(registry(tmp_path, TWICE))
    first = content_of(tmp_path / "out")["alike.csv"]
    lines = (tmp_path / "members.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "members.csv").write_text("".join([lines[0], *reversed(lines[1:])]), encoding="utf-8")
    run(tmp_path)
    assert content_of(tmp_path / "out")["alike.csv"] == first


def test_it_refuses_a_member_without_a_family(tmp_path: Path, no_child: None) -> None:
    with pytest.raises(FileRefused) as refused:
        run(registry(tmp_path, with_cells(MEMBERS, TWICE, family_id="LOST")))
    assert refused.value.faults[0].code == "faults_between.family_not_listed"
    assert not (tmp_path / "out").exists()
