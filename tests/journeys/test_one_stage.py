"""One stage of a small district by the command line alone, from the registry to the story of one payment."""

import csv
import json
import os
import subprocess
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from lxml import etree
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from gandeng.core.money import format_number, format_rupiah
from gandeng.words import say
from tests.engines.entitlement_oracle import Family, Member, entitle
from tests.journeys.conftest import COMMAND, District, Gandeng

pytestmark = pytest.mark.xdist_group("district")

PAIN_001 = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
COMMANDS = ("registry", "entitle", "instruct", "results", "reconcile")
ROWS_OF_DEFECTS = {
    "MALFORMED": {"damaged_amount": 1, "damaged_date": 1, "damaged_nik": 1},
    "CONFLICTING": {"conflicting": 2},
    "REPEATED": {"told_again": 1},
    "AMBIGUOUS": {"ambiguous": 1},
    "MISDIRECTED": {"misdirected": 1, "wrong_channel": 1},
}
"""Disposition -> defect -> how many rows of that disposition each such payment has; no other payment has any."""

OUTCOMES_OF_DEFECTS = {
    "failure": "FAILED", "reversal": "RETURNED", "late_credit": "PAID", "underpaid": "UNDERPAID",
    "overpaid": "OVERPAID", "unreported": "UNREPORTED", "told_again": "PAID", "conflicting": "UNREPORTED",
    "missing_reference": "PAID", "missing_payment_id": "PAID", "only_nik": "PAID", "misdirected": "UNREPORTED",
    "wrong_channel": "UNREPORTED", "zeros_lost": "PAID", "damaged_amount": "UNREPORTED", "damaged_date": "UNREPORTED",
    "damaged_nik": "UNREPORTED", "date_out_of_range": "PAID", "ambiguous": "UNREPORTED", "none": "PAID",
}  # fmt: skip


def rows(path: Path) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return told


def truth(district: District) -> dict[str, dict[str, Any]]:
    return {row["payment_id"]: row for row in rows(district.reports / "truth.parquet")}


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_works(district: District) -> None:
    assert {name: said.exit_code for name, said in district.said.items()} == dict.fromkeys(COMMANDS, 0)
    assert {path.name for path in district.reconciled.iterdir()} == {
        "outcomes.parquet", "dispositions.parquet", "summary.csv", "exceptions.xlsx", "minutes.pdf", "manifest.json",
    }  # fmt: skip


def test_the_rupiah_are_the_same_at_every_hand_over(district: District) -> None:
    paid = read_csv(district.payments)
    rupiah, count = sum(int(row["amount"]) for row in paid), len(paid)
    components = rows(district.due / "components.parquet")
    assert sum(row["amount"] for row in components if row["counted"]) == rupiah
    assert sum(row["amount"] for row in rows(district.due / "entitlements.parquet")) == rupiah
    control = Counter[str]()
    for row in read_csv(district.orders / "kendali.csv"):
        control[row["format"]] += int(row["total_rupiah"])
    assert control == dict.fromkeys(("csv", "xlsx", "pain.001"), rupiah)
    summary = read_csv(district.reconciled / "summary.csv")
    assert sum(int(row["payments"]) for row in summary) == count
    assert sum(int(row["instructed"]) for row in summary) == rupiah
    manifest = json.loads((district.reconciled / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["inputs"][0]["rows"], manifest["inputs"][0]["total_rupiah"]) == (count, rupiah)


def test_what_entitle_writes_is_the_contract_read_literally(district: District) -> None:
    """Every row and column of its files, from the registry on; the months are those of the calendar of 2024."""
    told = {name: rows(district.registry / f"{name}.parquet") for name in ("families", "members")}
    families = [Family(**row) for row in told["families"]]
    members = [Member(**row) for row in told["members"]]
    asked = entitle(families, members, [], 2024, 2, months=2)
    components, entitlements = (rows(district.due / f"{name}.parquet") for name in ("components", "entitlements"))
    digests = {row.pop("policy_digest") for row in entitlements}
    assert list(components[0]) == ["family_id", "member_id", "component", "rate", "amount", "counted", "why"]
    assert Counter(tuple(row.values()) for row in components) == Counter(asked.components)
    assert list(entitlements[0])[:5] == ["family_id", "cycle", "months", "members_counted", "amount"]
    assert Counter(tuple(row.values()) for row in entitlements) == Counter(asked.entitlements)
    assert {len(digest) for digest in digests} == {64}
    paid = [(*list(row.values())[:-1], int(row["amount"])) for row in read_csv(district.payments)]
    assert paid == sorted(asked.payments)
    manifest = json.loads((district.due / "manifest.json").read_text(encoding="utf-8"))
    assert digests == {manifest["policy_digest"]}


def test_what_is_noted_of_a_file_stays_with_the_result(district: District) -> None:
    manifest = json.loads((district.reconciled / "manifest.json").read_text(encoding="utf-8"))
    noted = [say("shell.note", file=one["source"], note=note) for one in manifest["inputs"] for note in one["notes"]]
    paper = PdfReader(district.reconciled / "minutes.pdf").pages[-3:]
    annex = "".join("".join(page.extract_text().split()) for page in paper)
    assert noted
    assert [note for note in noted if "".join(note.split()) not in annex] == []


def test_rupiah_of_report_rows_stand_event_by_event(district: District) -> None:
    """On the terminal and in the workbook as in the minutes: no rupiah that was told of twice is added up."""
    places = {"CREDIT": 1, "REVERSAL": 2, "WITHDRAWAL": 3}
    figures: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for row in rows(district.reconciled / "dispositions.parquet"):
        line = figures[say(f"outcomes.{row['disposition']}")]
        line[0] += 1
        line[places.get(row["event"], 4)] += row["amount"] or 0
    table = district.said["reconcile"].stdout.partition(say("reconcile.dispositions"))[2]
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in table.splitlines() if "│" in line]
    assert {line[0]: line[1:] for line in lines} == {
        name: [format_number(line[0]), *map(format_rupiah, line[1:])] for name, line in figures.items()
    }
    overview = CalamineWorkbook.from_path(str(district.reconciled / "exceptions.xlsx")).get_sheet_by_index(0)
    listed = {str(row[0]): [row[1], *row[3:7]] for row in overview.to_python()}
    refused = figures.keys() - {say("outcomes.ACCEPTED")}
    assert {name: listed[name] for name in refused} == {name: figures[name] for name in refused}


def test_pain_001_orders_each_payment_once(district: District) -> None:
    ordered = Counter[tuple[str, int]]()
    for path in district.orders.glob("*/*.xml"):
        root = etree.parse(path).getroot()
        amounts = [int(amount) for amount in texts(root, "InstdAmt")]
        assert texts(root, "GrpHdr", "NbOfTxs") == [str(len(amounts))]
        assert texts(root, "GrpHdr", "CtrlSum") == [str(sum(amounts))]
        ordered.update(zip(texts(root, "EndToEndId"), amounts, strict=True))
    assert ordered == Counter((row["payment_id"], int(row["amount"])) for row in read_csv(district.payments))


def texts(root: etree._Element, *path: str) -> list[str]:
    """The texts of the elements of that name, or of that path, wherever they stand."""
    steps = "/".join(f"{{{PAIN_001}}}{name}" for name in path)
    return [str(found.text) for found in root.iterfind(f".//{steps}")]


def test_every_defect_is_there(district: District) -> None:
    found = {row["defect"] for row in truth(district).values()}
    assert found >= OUTCOMES_OF_DEFECTS.keys() - {"ambiguous"}


def test_every_planted_defect_has_the_outcome_it_should(district: District) -> None:
    outcomes = {row["payment_id"]: row for row in rows(district.reconciled / "outcomes.parquet")}
    planted = truth(district)
    assert outcomes.keys() == planted.keys()
    wrong = [
        (name, row["defect"], outcomes[name]["outcome"])
        for name, row in planted.items()
        if outcomes[name]["outcome"] != OUTCOMES_OF_DEFECTS[row["defect"]]
    ]
    assert wrong == []
    assert {name: row["credited"] for name, row in planted.items()} == {
        name: row["credited"] for name, row in outcomes.items()
    }


@pytest.mark.parametrize("disposition", ROWS_OF_DEFECTS)
def test_every_planted_defect_has_the_rows_it_should(district: District, disposition: str) -> None:
    planted = Counter(row["defect"] for row in truth(district).values())
    expected = sum(planted[defect] * count for defect, count in ROWS_OF_DEFECTS[disposition].items())
    told = [row for row in rows(district.reconciled / "dispositions.parquet") if row["disposition"] == disposition]
    assert len(told) == expected
    assert all(row["detail"] for row in told)


def test_a_day_before_the_stage_is_told_and_counted(district: District) -> None:
    early = [row for row in truth(district).values() if row["defect"] == "date_out_of_range"]
    told = rows(district.reconciled / "dispositions.parquet")
    noted = [row for row in told if row["disposition"] == "ACCEPTED" and row["detail"]]
    assert {row["payment_id"] for row in noted} == {row["payment_id"] for row in early}


def test_every_row_of_every_file_has_one_disposition(district: District) -> None:
    manifest = json.loads((district.reconciled / "manifest.json").read_text(encoding="utf-8"))
    given = {one["source"]: one["rows"] for one in manifest["inputs"] if one["role"] == "results"}
    told = Counter((row["source"], row["row"]) for row in rows(district.reconciled / "dispositions.parquet"))
    assert set(told.values()) == {1}
    assert Counter(source for source, _ in told) == given


@pytest.mark.parametrize("command", COMMANDS)
def test_results_alone_go_to_stdout(district: District, command: str) -> None:
    said = district.said[command]
    assert said.stdout.strip()
    assert "\x1b" not in said.stdout
    told = [line.strip() for line in said.stderr.splitlines() if line.strip()]
    assert told, "what to do next goes to stderr"
    assert not [line for line in told if line in said.stdout]


@pytest.mark.parametrize("defect", ["reversal", "misdirected"])
def test_one_payments_story_ends_as_the_run_did(district: District, gandeng: Gandeng, defect: str) -> None:
    payment = next(name for name, row in truth(district).items() if row["defect"] == defect)
    listed = next(row for row in read_csv(district.payments) if row["payment_id"] == payment)
    said = gandeng("explain", payment, "--run", district.reconciled, "--entitle", district.due)
    assert said.exit_code == 0
    assert say(f"outcomes.{OUTCOMES_OF_DEFECTS[defect]}") in said.stdout
    assert f"{int(listed['amount']):,d}".replace(",", ".") in said.stdout
    assert listed["nik"] not in said.stdout
    assert not listed["account_no"] or listed["account_no"] not in said.stdout


def test_a_refused_file_says_why_and_changes_nothing(district: District, gandeng: Gandeng, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in district.reconciled.iterdir()}
    broken = tmp_path / "bri.csv"
    broken.write_text("channel;amuont\nBRI;1\n", encoding="utf-8")
    said = gandeng("reconcile", district.payments, broken, "--out", district.reconciled)
    assert (said.exit_code, said.stdout) == (1, "")
    assert "bri.csv" in said.stderr
    assert {path.name: path.read_bytes() for path in district.reconciled.iterdir()} == before


def test_a_folder_of_others_is_left_alone(district: District, gandeng: Gandeng, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"dear")
    said = gandeng("reconcile", district.payments, *district.results, "--out", tmp_path)
    assert (said.exit_code, said.stdout) == (1, "")
    assert "thesis.docx" in said.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_it_speaks_english_where_asked_to(district: District, tmp_path: Path) -> None:
    """A process of its own, as an office starts it: the same figures, other words."""
    files = [str(path) for path in (district.payments, *district.results)]
    command = [*COMMAND, "reconcile", *files, "--out", str(tmp_path / "out"), "--as-of", "2024-09-19"]
    said = subprocess.run(
        command, env=os.environ | {"GANDENG_LANG": "en"}, capture_output=True, text=True, check=True, timeout=120
    )
    assert "Payments" in said.stdout
    assert "Perintah" not in said.stdout
    assert (tmp_path / "out" / "summary.csv").read_bytes() == (district.reconciled / "summary.csv").read_bytes()
    details = {row["detail"] for row in rows(tmp_path / "out" / "dispositions.parquet")} - {None}
    assert not details & {row["detail"] for row in rows(district.reconciled / "dispositions.parquet")}
