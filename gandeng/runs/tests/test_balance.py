import csv
from pathlib import Path

import pytest

from gandeng.balancing.refusals import CannotBalance
from gandeng.core.faults import FileRefused
from gandeng.core.region_code import RegionCode
from gandeng.files.intake import explain_refusal
from gandeng.files.layouts import ASSIGNMENTS, FACILITATORS, FAMILIES, LEAVE, LOCKS, NEEDS, SKILLS, VILLAGES, Layout
from gandeng.runs.balance import BalanceFiles, Question, WhatIf, balance
from gandeng.runs.tests.samples import FAMILY, content_of, read_in_this_process, with_cells, write

ROWS: dict[Layout, list[tuple[str, ...]]] = {
    VILLAGES: [("63.72.02.1003", "40"), ("63.72.02.1004", "30"), ("63.72.03.1001", "30"), ("63.71.01.1001", "9")],
    FACILITATORS: [("P1", "63.72.02"), ("P2", "63.72.03"), ("P3", "63.71.01"), ("P4", "")],
    ASSIGNMENTS: [("P1", "63.72.02.1003", "40"), ("P1", "63.72.02.1004", "30"), ("P4", "63.72.03.1001", "30")],
    SKILLS: [("P2", "DIFABEL")],
    NEEDS: [("63.72.02.1003", "DIFABEL", "5")],
    LOCKS: [("STAYS", "63.72.02.1004", "P1", "")],
    LEAVE: [("P4",)],
}
ASKED = Question(norm=20, others=False, seconds=10)


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    read_in_this_process(monkeypatch)


def files(folder: Path, **rows: list[tuple[str, ...]]) -> BalanceFiles:
    content = {layout: rows.get(layout.name, each) for layout, each in ROWS.items()}
    given = {layout: each for layout, each in content.items() if each}
    paths = {layout.name: write(folder / f"{layout.name}.csv", layout, each) for layout, each in given.items()}
    return BalanceFiles(**paths)


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_works(tmp_path: Path) -> None:
    run = balance(files(tmp_path), tmp_path / "out", ASKED, form="csv", workers=1)
    assert [one.district.dotted() for one in run.chosen] == ["63.71", "63.72"]
    rows = table(tmp_path / "out", "assignments")
    assert sum(int(row["families"]) for row in rows) == 109
    assert {row["facilitator_id"] for row in rows if row["village_code"] == "63.72.02.1004"} == {"P1"}
    assert "P4" not in {row["facilitator_id"] for row in rows}
    handed = table(tmp_path / "out", "hand_overs")
    assert [row["to_facilitator_id"] for row in handed if row["skill"] == "DIFABEL"] == ["P2"]
    assert sum(int(row["families"]) for row in handed if not row["from_facilitator_id"]) == 9
    assert {row["state"] for row in table(tmp_path / "out", "districts")} == {"BEFORE", "AFTER"}
    needed = {row["district_code"]: row["lacking_norm"] for row in table(tmp_path / "out", "staffing")}
    assert needed == {"63.71": "0", "63.72": "3"}


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    given = files(tmp_path)
    for name in ("one", "other"):
        balance(given, tmp_path / name, ASKED, workers=1)
    assert content_of(tmp_path / "one") == content_of(tmp_path / "other")


def test_its_assignments_can_be_balanced_again(tmp_path: Path) -> None:
    given = files(tmp_path, facilitators=ROWS[FACILITATORS][:3], leave=[])
    balance(given, tmp_path / "out", ASKED, form="csv", workers=1)
    again = BalanceFiles(given.facilitators, given.villages, assignments=tmp_path / "out" / "assignments.csv")
    run = balance(again, tmp_path / "again", Question(norm=20, share=0.0, others=False), workers=1)
    assert [one.moved + one.forced for one in run.chosen] == [0, 0]


def test_families_are_counted_where_nobody_counted_them(tmp_path: Path) -> None:
    given = files(tmp_path, facilitators=ROWS[FACILITATORS][:3])
    rows = [with_cells(FAMILIES, FAMILY, family_id=f"F{number}") for number in range(4)]
    rows.append(with_cells(FAMILIES, FAMILY, family_id="F9", status="ENDED"))
    counted = BalanceFiles(given.facilitators, families=write(tmp_path / "families.csv", FAMILIES, rows))
    run = balance(counted, tmp_path / "out", ASKED, workers=1)
    assert [(one.district.dotted(), one.after.families) for one in run.chosen] == [("63.71", 4)]


def test_what_if_changes_people_and_families(tmp_path: Path) -> None:
    what_if = WhatIf(more_families=10, more_people=2, leavers=frozenset({"P1"}))
    given = files(tmp_path, locks=[])
    asked = Question(norm=20, others=False, region=RegionCode("6372"), what_if=what_if)
    (found,) = balance(given, tmp_path / "out", asked, workers=1).chosen
    assert found.after.families == 110
    assert {load.facilitator_id for load in found.loads} == {"P2", "BARU-6372-1", "BARU-6372-2"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"locks": [("NEVER", "63.72.02.1003", "P9", "")]}, "facilitator_not_listed"),
        ({"leave": [("P9",)]}, "facilitator_not_listed"),
        ({"needs": [("63.72.02.1009", "DIFABEL", "5")]}, "village_not_listed"),
        ({"facilitators": [*ROWS[FACILITATORS], ("P5", "")]}, "facilitator_belongs_nowhere"),
        ({"villages": [("63.72.02.1003", "4,5")]}, "count_unreadable"),
    ],
)
def test_it_refuses_rows_that_name_nothing(
    tmp_path: Path, changed: dict[str, list[tuple[str, ...]]], code: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        balance(files(tmp_path, **changed), tmp_path / "out", ASKED, workers=1)
    assert {fault.code.rpartition(".")[2] for fault in refused.value.faults} == {code}
    assert all(explain_refusal(refused.value))
    assert not (tmp_path / "out").exists()


def test_it_refuses_every_district_that_has_no_answer_at_once(tmp_path: Path) -> None:
    given = files(tmp_path, facilitators=ROWS[FACILITATORS][:1], skills=[], leave=[])
    asked = Question(norm=20, others=False, what_if=WhatIf(leavers=frozenset({"P1"})))
    with pytest.raises(CannotBalance) as refused:
        balance(given, tmp_path / "out", asked, workers=1)
    assert [fault.code for fault in refused.value.faults] == ["balance.no_facilitators"] * 2
    assert not (tmp_path / "out").exists()
