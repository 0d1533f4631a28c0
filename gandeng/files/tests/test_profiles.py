"""Bank layouts as data: every one can be written, recognised and read back, and its totals must agree."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from gandeng.files import profiles
from gandeng.files.layouts import RESULTS
from gandeng.files.tests.tables import codes, convert, refusal, rows

DAY = date(2024, 5, 17)


def results(channel: str) -> pa.Table:
    return pa.table(
        {
            "bank_reference": ["R1", "R2"],
            "channel": [channel, channel],
            "payment_id": ["P1", "P2"],
            "account_no": ["" if channel == "POS" else "0" * 9 + "1", ""],
            "nik": ["6371014101800001", ""],
            "name": ["SITI, S.PD", 'D\'ON; "X"'],
            "event": ["CREDIT", "FAILURE"],
            "amount": pa.array([1_250_000, None], pa.int64()),
            "occurred_on": [DAY, DAY],
            "reason": ["", "F04"],
        }
    )


def written(name: str, tmp_path: Path, table: pa.Table | None = None) -> bytes:
    path = tmp_path / "report.csv"
    profiles.write_csv(results(name) if table is None else table, profiles.load(name), path)
    return path.read_bytes()


def test_it_works() -> None:
    assert profiles.names() == ("BNI", "BRI", "BSI", "BTN", "MANDIRI", "POS")
    assert {profiles.load(name).basis for name in profiles.names()} == {
        "assumed layout, no published specification known"
    }


@pytest.mark.parametrize("name", profiles.names())
def test_what_is_written_is_recognised_and_read_back(name: str, tmp_path: Path) -> None:
    profile = profiles.load(name)
    taken = convert(written(name, tmp_path), RESULTS)
    assert ("profile_found", {"profile": name}) in [(note.code, dict(note.facts)) for note in taken.notes]
    first, second = rows(taken)
    assert (first["channel"], first["event"], first["amount"], first["occurred_on"]) == (name, "CREDIT", 1_250_000, DAY)
    assert (second["event"], second["amount"], second["damage"], first["damage"]) == ("FAILURE", None, "", "")
    assert (first["name"], second["name"]) == ("SITI, S.PD", 'D\'ON; "X"')
    if "account_no" in profile.columns.values():
        assert first["account_no"] == "1".zfill(max(profile.account_digits or 0, 10))
    assert [row["row"] for row in rows(taken)] == [1, 2]


@pytest.mark.parametrize("name", [name for name in profiles.names() if profiles.load(name).trailer])
def test_it_refuses_totals_that_disagree_or_are_missing(name: str, tmp_path: Path) -> None:
    whole = written(name, tmp_path).splitlines(keepends=True)
    short = b"".join([*whole[:-2], whole[-1]])
    assert [code for code, *_ in codes(refusal(short, RESULTS))] == ["totals_rows_differ"]
    assert [code for code, *_ in codes(refusal(b"".join(whole[:-1]), RESULTS))] == ["totals_missing"]
    more = b"".join(whole).replace(b"1.250.000", b"1.250.001", 1).replace(b"1250000", b"1250001", 1)
    assert [code for code, *_ in codes(refusal(more, RESULTS))] == ["totals_rupiah_differ"]


def test_a_report_whose_totals_say_that_nothing_happened_is_taken(tmp_path: Path) -> None:
    header = written("POS", tmp_path, results("POS").slice(0, 0)).splitlines(keepends=True)
    taken = convert(b"".join(header), RESULTS)
    assert (taken.rows, taken.total_rupiah, rows(taken)) == (0, 0, [])
    assert "bankfiles.no_events" in [note.code for note in taken.notes]
    nothing = header[-1].replace(b"JUMLAH,0", b"JUMLAH,1")
    assert [code for code, *_ in codes(refusal(header[0] + nothing, RESULTS))] == ["totals_rows_differ"]
    assert [code for code, *_ in codes(refusal(header[0], RESULTS))] == ["no_rows"]


@pytest.mark.parametrize("name", [name for name in profiles.names() if profiles.load(name).trailer])
def test_it_refuses_control_totals_that_are_not_at_the_end(name: str, tmp_path: Path) -> None:
    *rows_, last = written(name, tmp_path).splitlines(keepends=True)
    for lines in ([*rows_[:-1], last, rows_[-1], last], [*rows_, last, last], [*rows_, last, rows_[-1]]):
        assert [code for code, *_ in codes(refusal(b"".join(lines), RESULTS))] == ["totals_not_last"]


def test_damaged_text_is_written_as_it_stands(tmp_path: Path) -> None:
    table = results("BSI").set_column(7, "amount", pa.array(["Rp1.250.000", "1.25"]))
    taken = convert(written("BSI", tmp_path, table), RESULTS)
    assert [row["damage"] for row in rows(taken)] == ["", "amount_unreadable"]


@pytest.mark.parametrize(
    "change",
    [
        "channel: BCA",
        "date_format: '%m/%d/%Y'",
        "columns: {A: event, B: amount}",
        "columns: {A: event, B: amount, C: occurred_on, D: nik, E: nik}",
        "events: {X: PAID}",
        "colour: red",
        "account_digits: '15'",
        "- a list",
    ],
)
def test_it_refuses_a_profile_that_cannot_be_used(change: str) -> None:
    sound = profiles.load("BRI").model_dump_json()
    assert profiles.parse(sound, "x").name == "BRI"
    with pytest.raises(profiles.BadProfile):
        profiles.parse(change if change.startswith("-") else _changed(change), "x")


def _changed(change: str) -> str:
    import json

    import yaml

    return json.dumps(json.loads(profiles.load("BRI").model_dump_json()) | yaml.safe_load(change))
