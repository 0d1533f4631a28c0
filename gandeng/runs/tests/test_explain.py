"""A family with three members, paid after a failure; its folders are written here by hand."""

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gandeng.core.cycle import Cycle
from gandeng.files import profiles
from gandeng.files.digests import sha256_of
from gandeng.policy import benefit_policy
from gandeng.runs.explain import NotExplained, Story, explain
from gandeng.runs.reconcile import reconcile

PAYMENT = "2024-2-F0001"
LIST_HEADER = "payment_id,stage,family_id,nik,name,channel,account_no,district_code,amount"
LIST_ROW = f"{PAYMENT},2024-2,F0001,6371014101800001,NORHASANAH,BRI,111111111111111,63.71,975000"
RESULT_HEADER = "bank_reference,channel,payment_id,account_no,nik,name,event,amount,occurred_on,reason"
RESULT_ROWS = (
    f"R1,BRI,{PAYMENT},,,,FAILURE,,2024-05-02,Rekening 111111111111111 pasif",
    f"R2,BRI,{PAYMENT},111111111111111,,,CREDIT,975000,2024-05-09,",
    f"R2,BRI,{PAYMENT},111111111111111,,,CREDIT,975000,2024-05-09,",
    "R8,BRI,2024-2-F0002,111111111111111,,,CREDIT,225000,2024-05-09,",
    "R9,BRI,2024-2-F0002,111111111111111,,,CREDIT,225000,2024-05-10,",
)


def row(number: int, event: str, amount: int | None, disposition: str, payment_id: str | None) -> dict[str, object]:
    matched = payment_id and "payment_id"
    detail = "kejadian yang sama sudah dilaporkan pada baris lain" if disposition == "REPEATED" else None
    return {
        "source": "bri.csv", "row": number, "event": event, "amount": amount, "disposition": disposition,
        "payment_id": payment_id, "matched_by": matched, "evidence": matched, "detail": detail,
    }  # fmt: skip


def manifest(folder: Path, kind: str, inputs: list[dict[str, object]], **facts: object) -> None:
    outputs = [{"name": path.name, "sha256": sha256_of(path), "rows": None} for path in sorted(folder.iterdir())]
    content = {"kind": kind, "version": "0.1.0", **facts, "inputs": inputs, "outputs": outputs}
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")


def input_entry(role: str, path: Path) -> dict[str, object]:
    return {"role": role, "source": path.name, "path": str(path), "sha256": sha256_of(path), "rows": 1}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "payments.csv").write_text(f"{LIST_HEADER}\n{LIST_ROW}\n", encoding="utf-8")
    (tmp_path / "bri.csv").write_text("\n".join((RESULT_HEADER, *RESULT_ROWS)) + "\n", encoding="utf-8")
    folder = tmp_path / "run"
    folder.mkdir()
    outcome = {
        "payment_id": PAYMENT, "stage": "2024-2", "family_id": "F0001", "channel": "BRI", "district_code": "63.71",
        "amount": 975_000, "outcome": "PAID", "credited": 975_000, "reversed": 0, "withdrawn": 0, "net": 975_000,
        "reason": "Rekening 111111111111111 pasif", "first_on": date(2024, 5, 2), "last_on": date(2024, 5, 9),
    }  # fmt: skip
    outcomes = [outcome, {**outcome, "payment_id": "2024-2-F0002"}]
    pq.write_table(pa.Table.from_pylist(outcomes), folder / "outcomes.parquet")
    told = [
        row(1, "FAILURE", None, "ACCEPTED", PAYMENT),
        row(2, "CREDIT", 975_000, "ACCEPTED", PAYMENT),
        row(3, "CREDIT", 975_000, "REPEATED", None),
        row(4, "CREDIT", 225_000, "ACCEPTED", "2024-2-F0002"),
        row(5, "CREDIT", 225_000, "MISDIRECTED", "2024-2-F0002"),
    ]
    pq.write_table(pa.Table.from_pylist(told), folder / "dispositions.parquet")
    inputs = [input_entry("payments", tmp_path / "payments.csv"), input_entry("results", tmp_path / "bri.csv")]
    manifest(folder, "reconcile", inputs)
    return folder


@pytest.fixture
def entitle(tmp_path: Path) -> Path:
    folder = tmp_path / "entitle"
    folder.mkdir()
    policy = benefit_policy(Cycle(2024, 2), 3)
    family = {
        "family_id": "F0001", "cycle": "2024-2", "months": 3, "members_counted": 2, "amount": 975_000,
        "policy_digest": policy.digest, "fixed_amount": 0, "members": 3,
    }  # fmt: skip
    pq.write_table(pa.Table.from_pylist([family]), folder / "entitlements.parquet")
    members = [
        ("M1", None, None, 0, False, "NO_COMPONENT"),
        ("M2", "PRIMARY", 900_000, 225_000, True, "COUNTED"),
        ("M3", "EARLY_CHILDHOOD", 3_000_000, 750_000, True, "COUNTED"),
    ]
    names = ("member_id", "component", "rate", "amount", "counted", "why")
    rows = [{"family_id": "F0001", **dict(zip(names, member, strict=True))} for member in members]
    pq.write_table(pa.Table.from_pylist(rows), folder / "components.parquet")
    manifest(folder, "entitle", [], cycle="2024-2", months=3)
    return folder


def codes(story: Story) -> list[str]:
    return [fault.code for fault in story.warnings]


def test_it_works(run: Path, entitle: Path) -> None:
    story = explain(PAYMENT, run, entitle)
    assert codes(story) == []
    assert story.outcome["outcome"] == "PAID"
    assert story.instructed is not None
    assert story.instructed["account_no"] == "111111111111111"
    assert [(told["row"], told["disposition"], told["occurred_on"]) for told in story.rows] == [
        (1, "ACCEPTED", date(2024, 5, 2)),
        (2, "ACCEPTED", date(2024, 5, 9)),
        (3, "REPEATED", date(2024, 5, 9)),
        (5, "MISDIRECTED", date(2024, 5, 10)),
    ]


def test_every_figure_of_the_amount_has_its_source(run: Path, entitle: Path) -> None:
    entitlement = explain(PAYMENT, run, entitle, read_files=False).entitlement
    assert entitlement is not None
    assert [member["member_id"] for member in entitlement.members] == ["M2", "M3", "M1"]
    figures = {basis.figure: basis.dated.value for basis in entitlement.bases}
    assert figures["benefit/primary_school"] == 900_000
    assert figures["benefit/early_childhood"] == 3_000_000
    assert "benefit/elderly" not in figures
    assert "sanction/not_met" not in figures
    assert len(figures) == len(entitlement.bases)


def test_without_files_the_matched_rows_remain(run: Path) -> None:
    story = explain(PAYMENT, run, read_files=False)
    assert [told["row"] for told in story.rows] == [1, 2]
    assert not story.all_files_read
    assert story.instructed is None


def test_a_changed_result_file_is_told_and_not_used(run: Path, tmp_path: Path) -> None:
    (tmp_path / "bri.csv").write_text("something else\n", encoding="utf-8")
    story = explain(PAYMENT, run)
    assert codes(story) == ["changed_input"]
    assert [told["occurred_on"] for told in story.rows] == [None, None]


def test_a_missing_input_is_told(run: Path, tmp_path: Path) -> None:
    (tmp_path / "payments.csv").unlink()
    assert codes(explain(PAYMENT, run)) == ["missing_input"]


@pytest.mark.parametrize("name", ["outcomes.parquet", "dispositions.parquet"])
@pytest.mark.parametrize("cut", [True, False], ids=["cut", "another table"])
def test_an_output_changed_beyond_reading_is_told(run: Path, name: str, cut: bool) -> None:
    path = run / name
    if cut:
        path.write_bytes(path.read_bytes()[:100])
    else:
        pq.write_table(pa.table({"payment_id": [PAYMENT]}), path)
    with pytest.raises(NotExplained) as told:
        explain(PAYMENT, run, read_files=False)
    assert [(fault.code, fault.facts["name"]) for fault in told.value.faults] == [("changed_output", name)]


def test_a_changed_output_is_told(run: Path) -> None:
    path = run / "dispositions.parquet"
    pq.write_table(pq.read_table(path).slice(0, 1), path)
    assert codes(explain(PAYMENT, run, read_files=False)) == ["changed_output"]


def test_other_figures_than_those_of_the_run_are_told(run: Path, entitle: Path) -> None:
    path = entitle / "entitlements.parquet"
    table = pq.read_table(path)
    place = table.column_names.index("policy_digest")
    pq.write_table(table.set_column(place, "policy_digest", pa.array(["0" * 64])), path)
    assert codes(explain(PAYMENT, run, entitle, read_files=False)) == ["changed_output", "policy_changed"]


def test_it_refuses_an_unknown_payment_and_names_the_nearest(run: Path) -> None:
    with pytest.raises(NotExplained) as refused:
        explain("2024-2-F001", run)
    assert [fault.code for fault in refused.value.faults] == ["unknown_payment", "nearest"]
    assert PAYMENT in str(refused.value.faults[1].facts["ids"])


@pytest.mark.parametrize("content", ["", "[]", "{}", "\x00"])
def test_it_refuses_a_folder_without_a_manifest(run: Path, content: str) -> None:
    (run / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(NotExplained, match="no_manifest"):
        explain(PAYMENT, run)


def test_it_refuses_the_folder_of_another_kind_of_run(run: Path, entitle: Path) -> None:
    with pytest.raises(NotExplained, match="wrong_kind"):
        explain(PAYMENT, entitle)
    with pytest.raises(NotExplained, match="wrong_kind"):
        explain(PAYMENT, run, run)


def test_it_refuses_a_folder_with_a_file_missing(run: Path) -> None:
    (run / "outcomes.parquet").unlink()
    with pytest.raises(NotExplained, match="file_missing"):
        explain(PAYMENT, run)


def test_rows_that_were_read_by_a_chosen_layout_are_told_as_the_run_read_them(tmp_path: Path) -> None:
    """The list lost the zeros of its accounts, the message names no bank: both are known by the layout alone."""
    listed = LIST_ROW.replace("BRI,111111111111111", "BSI,1234567")
    (tmp_path / "payments.csv").write_text(f"{LIST_HEADER}\n{listed}\n", encoding="utf-8")
    entry = (
        '<Ntry><Amt Ccy="IDR">975000</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        "<BookgDt><Dt>2024-05-17</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><CdtrAcct><Id><Othr><Id>0001234567"
        "</Id></Othr></Id></CdtrAcct></RltdPties></TxDtls></NtryDtls></Ntry>"
    )
    told = f"<BkToCstmrDbtCdtNtfctn><Ntfctn>{entry * 2}</Ntfctn></BkToCstmrDbtCdtNtfctn>"
    message = tmp_path / "n.xml"
    namespace = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
    message.write_text(f'<Document xmlns="{namespace}">{told}</Document>', encoding="utf-8")
    bsi = profiles.load("BSI")
    reconcile(tmp_path / "payments.csv", [message], tmp_path / "run", profiles={message: bsi})
    story = explain(PAYMENT, tmp_path / "run")
    assert story.outcome["outcome"] == "PAID"
    assert [(row["disposition"], row["occurred_on"]) for row in story.rows] == [
        ("ACCEPTED", date(2024, 5, 17)),
        ("REPEATED", date(2024, 5, 17)),
    ]
