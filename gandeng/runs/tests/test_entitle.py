import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gandeng.core.cycle import Cycle
from gandeng.core.faults import FileRefused
from gandeng.files.intake import take
from gandeng.files.layouts import FAMILIES, MEMBERS, PAYMENTS, RESULTS, VERDICTS
from gandeng.policy import PolicyGap
from gandeng.runs.entitle import EntitleRun, entitle
from gandeng.runs.reconcile import reconcile
from gandeng.runs.tests.samples import (
    COLLECTOR,
    CREDIT,
    FAMILY,
    PUPIL,
    VERDICT,
    content_of,
    with_cells,
    write,
)  # fmt: skip

CYCLE = Cycle(2024, 2)
FILES = (FAMILIES, MEMBERS, VERDICTS)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """One family: the collector and a pupil who missed school."""
    for layout, rows in ((FAMILIES, [FAMILY]), (MEMBERS, [COLLECTOR, PUPIL]), (VERDICTS, [VERDICT])):
        write(tmp_path / f"{layout.name}.csv", layout, rows)
    return tmp_path


def run(registry: Path, out: Path, *, cycle: Cycle = CYCLE, months: int | None = None) -> EntitleRun:
    families, members, verdicts = (registry / f"{layout.name}.csv" for layout in FILES)
    return entitle(families, members, out, cycle=cycle, months=months, verdicts=verdicts)


def payments(out: Path) -> list[dict[str, str]]:
    with (out / "payments.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_works(registry: Path) -> None:
    out = registry / "out"
    told = run(registry, out)
    assert list(content_of(out)) == [
        "components.parquet", "entitlements.parquet", "manifest.json", "payments.csv", "recommendations.parquet",
    ]  # fmt: skip
    assert [(row["payment_id"], row["amount"]) for row in payments(out)] == [("2024-2-F1", "250000")]
    assert pq.read_table(out / "recommendations.parquet").to_pylist()[0]["recommendation"] == "SUSPEND"
    assert told.by_channel == [{"district_code": "63.71", "channel": "BRI", "payments": 1, "rupiah": 250_000}]


def test_names_of_folders_say_nothing_of_the_rows(registry: Path, no_child: None) -> None:
    named = registry / "family_id=F9" / "amount=1" / "channel=BNI"
    run(registry, registry / "plain")
    run(registry, named)
    assert payments(named) == payments(registry / "plain")


def test_what_is_due_is_what_is_counted_is_what_is_paid(registry: Path, no_child: None) -> None:
    out = registry / "out"
    run(registry, out)
    counted = sum(row["amount"] for row in pq.read_table(out / "components.parquet").to_pylist() if row["counted"])
    due = sum(row["amount"] for row in pq.read_table(out / "entitlements.parquet").to_pylist())
    assert counted == due == sum(int(row["amount"]) for row in payments(out)) > 0


def test_the_same_registry_gives_the_same_ids_and_bytes(registry: Path, no_child: None) -> None:
    run(registry, registry / "out")
    first = content_of(registry / "out")["payments.csv"]
    run(registry, registry / "out")
    assert content_of(registry / "out")["payments.csv"] == first


def test_the_manifest_carries_cycle_months_and_the_digest_of_the_policy(registry: Path, no_child: None) -> None:
    out = registry / "out"
    run(registry, out, months=3)
    told = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (told["kind"], told["cycle"], told["months"]) == ("entitle", "2024-2", 3)
    assert told["policy_digest"] == pq.read_table(out / "entitlements.parquet").to_pylist()[0]["policy_digest"]
    assert [(row["payment_id"], row["amount"]) for row in payments(out)] == [("2024-2-F1", "375000")]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "＝1"])
def test_a_name_is_never_a_formula_in_the_list(registry: Path, no_child: None, name: str) -> None:
    write(registry / "members.csv", MEMBERS, [with_cells(MEMBERS, COLLECTOR, name=name), PUPIL])
    run(registry, registry / "out")
    assert [row["name"] for row in payments(registry / "out")] == [f"'{name}"]
    read = take(registry / "out" / "payments.csv", PAYMENTS, registry / "work")
    assert pq.read_table(read.paths[0])["name"].to_pylist() == [name]


@pytest.mark.parametrize("apostrophe", ["'Aisyah", "'", "''=1", "SITI '=1"])
def test_an_apostrophe_of_the_name_itself_stays(registry: Path, no_child: None, apostrophe: str) -> None:
    write(registry / "members.csv", MEMBERS, [with_cells(MEMBERS, COLLECTOR, name=apostrophe), PUPIL])
    run(registry, registry / "out")
    assert [row["name"] for row in payments(registry / "out")] == [apostrophe]


def test_a_status_that_is_nearly_active_is_told(registry: Path, no_child: None) -> None:
    others = [with_cells(FAMILIES, FAMILY, family_id=f"F{n}", status=status)
              for n, status in enumerate(("active", "Aktif", "Aktif", "ENDED"), start=2)]  # fmt: skip
    write(registry / "families.csv", FAMILIES, [FAMILY, *others])
    told = [(note.code, note.facts["found"], note.facts["count"]) for _, note in run(registry, registry / "out").notes]
    assert told == [("status_like_active", "Aktif", 2), ("status_like_active", "active", 1)]


def test_who_is_due_nothing_may_lack_account_and_collector(registry: Path, no_child: None) -> None:
    bare = {"collector_member_id": "", "account_no": ""}
    others = [with_cells(FAMILIES, FAMILY, family_id=f"F{n}", status=status, **bare)
              for n, status in ((2, "ENDED"), (3, "ACTIVE"))]  # fmt: skip
    write(registry / "families.csv", FAMILIES, [FAMILY, *others])
    run(registry, registry / "out")
    assert [row["family_id"] for row in payments(registry / "out")] == ["F1"]
    write(registry / "families.csv", FAMILIES, [with_cells(FAMILIES, FAMILY, account_no=""), *others])
    with pytest.raises(FileRefused) as refused:
        run(registry, registry / "out")
    assert [(fault.row, fault.code) for fault in refused.value.faults] == [(2, "faults_between.account_missing")]


def test_its_list_is_one_that_reconcile_takes(registry: Path, no_child: None) -> None:
    run(registry, registry / "out")
    taken = take(registry / "out" / "payments.csv", PAYMENTS, registry / "work")
    assert (taken.rows, taken.total_rupiah, taken.notes) == (1, 250_000, ())
    paid = write(registry / "bri.csv", RESULTS, [with_cells(RESULTS, CREDIT, amount="250000")])
    reconcile(registry / "out" / "payments.csv", [paid], registry / "rec")
    assert pq.read_table(registry / "rec" / "outcomes.parquet")["outcome"].to_pylist() == ["PAID"]


def test_a_collector_who_died_is_paid_and_told(registry: Path, no_child: None) -> None:
    write(registry / "members.csv", MEMBERS, [with_cells(MEMBERS, COLLECTOR, deceased_on="2024-01-05"), PUPIL])
    assert run(registry, registry / "out").deceased_collectors == 1


def test_without_verdicts_nothing_is_recommended(registry: Path, no_child: None) -> None:
    entitle(registry / "families.csv", registry / "members.csv", registry / "out", cycle=CYCLE)
    assert pq.read_metadata(registry / "out" / "recommendations.parquet").num_rows == 0


@pytest.mark.parametrize(
    ("name", "row", "changed", "code"),
    [
        ("members", PUPIL, {"family_id": "LOST"}, "family_not_listed"),
        ("families", FAMILY, {"collector_member_id": "F1-9"}, "collector_not_in_family"),
        ("families", FAMILY, {"collector_member_id": ""}, "collector_missing"),
        ("families", FAMILY, {"account_no": ""}, "account_missing"),
        ("members", COLLECTOR, {"nik": ""}, "collector_without_nik"),
        ("verdicts", VERDICT, {"member_id": "X"}, "member_not_listed"),
    ],
)
def test_it_refuses_files_that_do_not_fit_each_other(
    registry: Path, no_child: None, name: str, row: tuple[str, ...], changed: dict[str, str], code: str
) -> None:
    layout = next(layout for layout in FILES if layout.name == name)
    others = [other for other in (COLLECTOR, PUPIL) if name == "members" and other is not row]
    write(registry / f"{name}.csv", layout, [*others, with_cells(layout, row, **changed)])
    with pytest.raises(FileRefused) as refused:
        run(registry, registry / "out")
    assert refused.value.faults[0].code == f"faults_between.{code}"
    assert (refused.value.faults[0].row or 0) >= 2
    assert not (registry / "out").exists()


def test_everything_that_does_not_fit_is_told_at_once(registry: Path, no_child: None) -> None:
    lost = with_cells(MEMBERS, PUPIL, family_id="LOST", member_id="F1-8", nik="")
    odd = with_cells(FAMILIES, FAMILY, collector_member_id="F1-9", account_no="")
    write(registry / "members.csv", MEMBERS, [COLLECTOR, PUPIL, lost])
    write(registry / "families.csv", FAMILIES, [odd])
    write(registry / "verdicts.csv", VERDICTS, [with_cells(VERDICTS, VERDICT, member_id="X")])
    with pytest.raises(FileRefused) as refused:
        run(registry, registry / "out")
    told = [refused.value, *refused.value.others]
    assert [(one.source, [fault.code.partition(".")[2] for fault in one.faults], one.fault_count) for one in told] == [
        ("families.csv", ["collector_not_in_family", "account_missing"], 2),
        ("members.csv", ["family_not_listed"], 1),
        ("verdicts.csv", ["member_not_listed"], 1),
    ]


def test_a_commitment_has_no_two_verdicts(registry: Path, no_child: None) -> None:
    """Two people may tell the same; of two that differ nobody knows which is right."""
    write(registry / "verdicts.csv", VERDICTS, [VERDICT, VERDICT, ("GONE", "HEALTH", "MET")])
    assert run(registry, registry / "out").rows["recommendations.parquet"] == 1
    write(registry / "verdicts.csv", VERDICTS, [VERDICT, with_cells(VERDICTS, VERDICT, verdict="MET")])
    with pytest.raises(FileRefused) as refused:
        run(registry, registry / "out")
    assert [(fault.row, fault.code) for fault in refused.value.faults] == [
        (row, "faults_between.verdicts_differ") for row in (2, 3)
    ]


@pytest.mark.parametrize(("cycle", "months"), [(Cycle(1999, 1), None), (Cycle(2024, 7), None), (CYCLE, 5)])
def test_it_refuses_a_cycle_without_figures(registry: Path, cycle: Cycle, months: int | None) -> None:
    with pytest.raises(PolicyGap):
        run(registry, registry / "out", cycle=cycle, months=months)
    assert not (registry / "out").exists()
