"""The golden bank files: each gives exactly the rows and notes that stand beside it, in `<name>.rows.json`."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from gandeng.files.iso20022_reader import rows_of_message
from gandeng.files.iso20022_rows import Notes
from gandeng.files.mt940_rows import rows_of_mt940

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = ("pain002_v03.xml", "pain002_v10.xml", "camt053_v02.xml", "camt054_v08.xml", "statement.mt940")


def told(path: Path) -> dict[str, object]:
    notes = Notes()
    rows_of = rows_of_mt940 if path.suffix == ".mt940" else rows_of_message
    with path.open("rb") as stream:
        rows = [{name: value for name, value in asdict(row).items() if value} for row in rows_of(stream, notes)]
    return {"rows": rows, "notes": [{"code": note.code, **note.facts} for note in notes.all()]}


@pytest.mark.parametrize("name", CASES)
def test_it_works(name: str) -> None:
    expected = json.loads((GOLDEN / f"{name}.rows.json").read_text(encoding="utf-8"))
    assert told(GOLDEN / name) == expected


@pytest.mark.parametrize("name", [case for case in CASES if case.endswith(".xml")])
@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_another_encoding_gives_the_same_rows(name: str, encoding: str, tmp_path: Path) -> None:
    text = (GOLDEN / name).read_text(encoding="utf-8")
    declared = encoding.removesuffix("-sig").upper()
    again = tmp_path / name
    again.write_bytes(text.replace("UTF-8", declared).replace("ISO-8859-1", declared).encode(encoding))
    assert told(again) == told(GOLDEN / name)
