import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gandeng.core.calculation import Calculation, Check, CheckFailed
from gandeng.core.faults import FileRefused
from gandeng.core.matching import reconciliation
from gandeng.core.matching_tables import SUMMARY_ROWS
from gandeng.files.digests import sha256_of
from gandeng.files.layouts import PAYMENTS, RESULTS
from gandeng.files.profiles import load, write_csv
from gandeng.runs import reconcile as module
from gandeng.runs.publish import FolderNotOurs
from gandeng.runs.reconcile import parts_for, reconcile, stage_days
from gandeng.runs.tests.samples import CREDIT, PAID, STRANGER, content_of, with_cells, write

Files = tuple[Path, Path]


def dispositions(out: Path) -> dict[tuple[str, int], str]:
    rows = pq.read_table(out / "dispositions.parquet").to_pylist()
    return {(row["source"], row["row"]): row["disposition"] for row in rows}


def outcomes(out: Path) -> dict[str, str]:
    return {row["payment_id"]: row["outcome"] for row in pq.read_table(out / "outcomes.parquet").to_pylist()}


def test_it_works(files: Files, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = reconcile(files[0], [files[1]], out)
    assert outcomes(out) == {"2024-2-F1": "PAID", "2024-2-F2": "UNREPORTED"}
    assert dispositions(out) == {("bri.csv", 1): "ACCEPTED", ("bri.csv", 2): "UNKNOWN"}
    assert run.stages == ("2024-2",)
    assert run.rows == {"outcomes.parquet": 2, "dispositions.parquet": 2, "summary.csv": 2}
    names = ["dispositions.parquet", "manifest.json", "outcomes.parquet", "summary.csv"]
    assert list(content_of(out)) == names


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_names_of_folders_say_nothing_of_the_rows(files: Files, tmp_path: Path, no_child: None, ending: str) -> None:
    """Data folders are often named `channel=BNI`; DuckDB reads a column from such a name if it may."""
    reconcile(files[0], [files[1]], tmp_path / "plain", documents=None)
    named = tmp_path / "channel=BNI" / "stage=2023-4" / "amount=1" / "net=7" / "[a]?*"
    named.mkdir(parents=True)
    given = [as_it_is(file, named / file.with_suffix(ending).name) for file in files]
    reconcile(given[0], [given[1]], named / "out", documents=None)
    plain, found = content_of(tmp_path / "plain"), content_of(named / "out")
    assert found["summary.csv"] == plain["summary.csv"]
    for name in ("outcomes.parquet", "dispositions.parquet"):
        tables = (pq.ParquetFile(folder / name).read() for folder in (tmp_path / "plain", named / "out"))
        first, second = ([row | {"source": ""} for row in table.to_pylist()] for table in tables)
        assert first == second


def as_it_is(file: Path, path: Path) -> Path:
    """The table under another name: the same bytes, or Parquet of the same cells."""
    if path.suffix == file.suffix:
        path.write_bytes(file.read_bytes())
        return path
    header, *rows = csv.reader(file.read_text(encoding="utf-8").splitlines())
    pq.write_table(pa.table([list(column) for column in zip(*rows, strict=True)], names=header), path)
    return path


def test_the_summary_has_the_columns_of_the_contract_in_order(files: Files, tmp_path: Path, no_child: None) -> None:
    reconcile(files[0], [files[1]], tmp_path / "out")
    with (tmp_path / "out" / "summary.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header[:6] == ["district_code", "channel", "payments", "instructed", "net", "withdrawn"]
    outcomes = "unreported", "inconsistent", "paid", "overpaid", "underpaid", "returned", "failed"
    assert header[6:] == [f"{name}_{what}" for name in outcomes for what in ("count", "amount")]
    assert header == list(SUMMARY_ROWS.column_names())
    assert [row[:5] for row in rows] == [
        ["63.01", "POS", "1", "450000", "0"],
        ["63.71", "BRI", "1", "225000", "225000"],
    ]


def test_the_manifest_names_every_file_by_digest(files: Files, tmp_path: Path, no_child: None) -> None:
    out = tmp_path / "out"
    reconcile(files[0], [files[1]], out)
    told = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert [(one["role"], one["sha256"]) for one in told["inputs"]] == [
        ("payments", sha256_of(files[0])),
        ("results", sha256_of(files[1])),
    ]
    assert {one["name"]: one["sha256"] for one in told["outputs"]} == {
        path.name: sha256_of(path) for path in out.iterdir() if path.name != "manifest.json"
    }


def test_the_same_file_twice_is_told_again(files: Files, tmp_path: Path, no_child: None) -> None:
    reconcile(files[0], [files[1], files[1]], tmp_path / "out")
    assert outcomes(tmp_path / "out")["2024-2-F1"] == "PAID"
    found = dispositions(tmp_path / "out")
    assert found["bri.csv", 1] == "ACCEPTED"
    assert found["bri.csv (2)", 1] == found["bri.csv (2)", 2] == "REPEATED"


def test_a_file_name_is_only_text(files: Files, tmp_path: Path, no_child: None) -> None:
    odd = files[1].rename(tmp_path / "it's {b} [red]\u202e\n.csv")
    reconcile(files[0], [odd], tmp_path / "o'ut {1}")
    assert dispositions(tmp_path / "o'ut {1}") == {(odd.name, 1): "ACCEPTED", (odd.name, 2): "UNKNOWN"}


def test_each_damage_of_a_row_is_told_in_words(files: Files, tmp_path: Path, no_child: None) -> None:
    damaged = [with_cells(RESULTS, CREDIT, amount="1.25"), with_cells(RESULTS, CREDIT, occurred_on="30/02/2024")]
    write(files[1], RESULTS, [*damaged, with_cells(RESULTS, CREDIT, nik="6.37101E+15")])
    reconcile(files[0], [files[1]], tmp_path / "out")
    rows = pq.read_table(tmp_path / "out" / "dispositions.parquet").sort_by("row").to_pylist()
    assert {row["disposition"] for row in rows} == {"MALFORMED"}
    assert len({row["detail"] for row in rows}) == 3


@pytest.mark.parametrize("broken", [0, 1], ids=["payments", "results"])
def test_it_refuses_a_file_whole_and_keeps_the_earlier_result(
    files: Files, tmp_path: Path, no_child: None, broken: int
) -> None:
    out = tmp_path / "out"
    reconcile(files[0], [files[1]], out)
    before = content_of(out)
    files[broken].write_text("payment_id;stage\nx;y\n", encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        reconcile(files[0], [files[1]], out)
    assert refused.value.source == files[broken].name
    assert content_of(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bri.csv", "out", "payments.csv"]


def test_it_refuses_a_list_that_names_a_payment_twice(files: Files, tmp_path: Path, no_child: None) -> None:
    write(files[0], PAYMENTS, [PAID, PAID])
    with pytest.raises(FileRefused) as refused:
        reconcile(files[0], [files[1]], tmp_path / "out")
    assert [(fault.code, fault.row) for fault in refused.value.faults] == [("duplicate_key", 3)]
    assert not (tmp_path / "out").exists()


def test_a_broken_identity_publishes_nothing(
    files: Files, tmp_path: Path, no_child: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*given: Any, **named: Any) -> Calculation:
        right = reconciliation(*given, **named)
        never = Check("two and two are five", "select 4 as four")
        return Calculation(right.name, right.reads, right.steps, (never,), right.gives, right.parameters)

    out = tmp_path / "out"
    reconcile(files[0], [files[1]], out)
    before = content_of(out)
    monkeypatch.setattr(module, "reconciliation", wrong)
    with pytest.raises(CheckFailed, match="two and two"):
        reconcile(files[0], [files[1]], out)
    assert content_of(out) == before


def test_it_refuses_a_folder_of_others_before_any_work(files: Files, tmp_path: Path) -> None:
    with pytest.raises(FolderNotOurs):
        reconcile(files[0], [files[1]], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bri.csv", "payments.csv"]


def test_papers_that_fail_publish_nothing(files: Files, tmp_path: Path, no_child: None) -> None:
    def fail(folder: Path, _sources: object, _run: object) -> None:
        (folder / "half.pdf").write_bytes(b"%PDF")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        reconcile(files[0], [files[1]], tmp_path / "out", documents=fail)
    assert not (tmp_path / "out").exists()


def test_a_stage_begins_by_the_calendar_of_its_year() -> None:
    assert stage_days("2024-2").starts_on == date(2024, 3, 1)
    assert stage_days("2021-2").starts_on == date(2021, 4, 1)
    assert stage_days("2024-2").late_after == date(2025, 4, 5)


@pytest.mark.parametrize("stage", ["1999-1", "2024-13", "9998-1"])
def test_a_stage_no_calendar_knows_begins_with_the_year(stage: str) -> None:
    assert stage_days(stage).starts_on == date(int(stage[:4]), 1, 1)


@pytest.mark.parametrize(
    ("payments", "memory", "parts"), [(0, "600MB", 1), (1_000_000, "2gb", 1), (10_000_000, "600MB", 4)]
)
def test_the_join_is_shared_out_by_memory(payments: int, memory: str, parts: int) -> None:
    assert parts_for(payments, memory) == parts


def test_a_join_in_parts_gives_the_same_rows(
    files: Files, tmp_path: Path, no_child: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(files[1], RESULTS, [CREDIT, STRANGER, with_cells(RESULTS, CREDIT, bank_reference="R7", payment_id="")])
    reconcile(files[0], [files[1]], tmp_path / "whole")
    monkeypatch.setattr(module, "parts_for", lambda _count, _limit: 3)
    reconcile(files[0], [files[1]], tmp_path / "parts")
    assert dispositions(tmp_path / "whole") == dispositions(tmp_path / "parts")
    assert content_of(tmp_path / "whole")["summary.csv"] == content_of(tmp_path / "parts")["summary.csv"]


@pytest.mark.parametrize("day", ["03/01/0000", "03-01-0000", "0000-01-03"])
def test_the_year_nought_is_no_day(files: Files, tmp_path: Path, no_child: None, day: str) -> None:
    write(files[1], RESULTS, [with_cells(RESULTS, CREDIT, occurred_on=day)])
    reconcile(files[0], [files[1]], tmp_path / "out")
    assert dispositions(tmp_path / "out") == {("bri.csv", 1): "MALFORMED"}


@pytest.mark.parametrize(("payment_id", "event"), [("", "CREDIT"), ("2024-2-F1", "CREDIT"), ("", "FAILURE")])
def test_a_reason_is_told_of_failures_and_reversals_alone(
    files: Files, tmp_path: Path, no_child: None, payment_id: str, event: str
) -> None:
    write(files[1], RESULTS, [with_cells(RESULTS, CREDIT, payment_id=payment_id, event=event, reason="BERHASIL")])
    reconcile(files[0], [files[1]], tmp_path / "out")
    told = {
        row["payment_id"]: row["reason"] for row in pq.read_table(tmp_path / "out" / "outcomes.parquet").to_pylist()
    }
    assert told["2024-2-F1"] == ("BERHASIL" if event == "FAILURE" else None)


def test_zeros_a_spreadsheet_dropped_from_the_list_are_no_contradiction(
    files: Files, tmp_path: Path, no_child: None
) -> None:
    """The bank's profile says how long its numbers are: that holds for what it was sent as for what it answers."""
    profile = load("BRI")
    paid = with_cells(PAYMENTS, PAID, account_no=PAID[6].lstrip("0"))
    write(files[0], PAYMENTS, [paid])
    told = dict(zip(RESULTS.names, CREDIT, strict=True)) | {"amount": 225_000, "occurred_on": date(2024, 5, 17)}
    report = tmp_path / "report.csv"
    write_csv(pa.Table.from_pylist([told]), profile, report)
    reconcile(files[0], [report], tmp_path / "out")
    assert outcomes(tmp_path / "out") == {"2024-2-F1": "PAID"}
    drawn = with_cells(RESULTS, CREDIT, bank_reference="R9", event="WITHDRAWAL", account_no=paid[6])
    write(files[1], RESULTS, [drawn])
    reconcile(files[0], [report, files[1]], tmp_path / "out")
    assert set(dispositions(tmp_path / "out").values()) == {"ACCEPTED"}, "nor are those of another file of the run"
    write(files[1], RESULTS, [CREDIT])
    reconcile(files[0], [files[1]], tmp_path / "out")
    assert outcomes(tmp_path / "out") == {"2024-2-F1": "UNREPORTED"}, "without a profile nobody knows the length"
