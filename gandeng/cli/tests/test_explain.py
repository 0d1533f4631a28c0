import errno
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from gandeng.cli.explain import explain, parts
from gandeng.cli.main import app as gandeng
from gandeng.core.cycle import Cycle
from gandeng.core.faults import Fault
from gandeng.policy import benefit_policy, sources_of
from gandeng.runs.explain import Entitlement, Story

OUTCOME: dict[str, object] = {
    "payment_id": "P1", "stage": "2024-2", "family_id": "F1", "channel": "BRI", "district_code": "63.71",
    "amount": 750_000, "outcome": "FAILED", "credited": 0, "reversed": 0, "withdrawn": 0, "net": 0,
    "reason": "Rekening 111111111111111 pasif", "first_on": date(2024, 5, 2), "last_on": date(2024, 5, 2),
}  # fmt: skip
ROW: dict[str, object] = {
    "source": "bri[1].csv", "row": 1, "event": "FAILURE", "amount": None, "disposition": "ACCEPTED",
    "payment_id": "P1", "matched_by": "payment_id", "evidence": "payment_id+nik", "detail": None,
    "occurred_on": date(2024, 5, 2), "reason": "NIK 6371014101800001 tidak padan",
}  # fmt: skip
LISTED = {"name": "NORHASANAH", "nik": "6371014101800001", "account_no": "111111111111111"}


@pytest.fixture
def story() -> Story:
    family = {"family_id": "F1", "cycle": "2024-2", "months": 3, "members_counted": 1, "amount": 750_000}
    member = {
        "member_id": "M1", "component": "EARLY_CHILDHOOD", "rate": 3_000_000, "amount": 750_000, "counted": True,
        "why": "COUNTED",
    }  # fmt: skip
    entitlement = Entitlement(family, (member,), sources_of(benefit_policy(Cycle(2024, 2), 3)))
    warning = Fault("changed_input", facts={"name": "bni.csv"})
    return Story("P1", OUTCOME, entitlement, LISTED, (ROW,), (warning,), all_files_read=False)


def told(story: Story) -> str:
    console = Console(file=StringIO(), width=200, record=True)
    for part in parts(story):
        console.print(part, markup=False)
    return console.export_text()


def test_it_works(story: Story) -> None:
    text = told(story)
    assert "Gagal salur" in text
    assert "Rp750.000" in text
    assert "component/order = Ibu hamil atau nifas, Anak usia dini, " in text
    assert "rounding/cycle_amount = ke bawah" in text
    assert "dianggap tetap berlaku" in text
    assert "benefit/early_childhood = 3.000.000" in text
    assert "Jumlah anggota yang dihitung Rp750.000 + bantuan tetap Rp0 = Rp750.000." in text
    assert "dicocokkan lewat ID pembayaran (sesuai: ID pembayaran, NIK)" in text
    assert "bri[1].csv" in text
    assert "2 Mei 2024" in text
    assert "tugaskan pendamping" in text
    assert "bni.csv BERUBAH" in text


def test_money_of_another_payment_that_went_to_this_account_is_told_as_such(story: Story) -> None:
    astray = {**ROW, "event": "CREDIT", "disposition": "MISDIRECTED", "payment_id": "P2"}
    assert "milik pembayaran P2, tetapi menyebut" in told(replace(story, rows=(astray,)))
    assert "milik pembayaran" not in told(story)


def test_a_coded_reason_says_what_to_do(story: Story) -> None:
    coded = replace(story, outcome={**OUTCOME, "reason": "F14 rekening pasif"})
    assert "F14 Rekening pasif: Minta bank mengaktifkan rekening kembali" in told(coded)
    assert "F14" not in told(story)


def test_an_amount_that_is_not_what_is_due_comes_first_of_what_to_do(story: Story) -> None:
    assert "Telusuri dahulu" not in told(story)
    other = replace(story, outcome={**OUTCOME, "amount": 600_000})
    assert told(other).split("5. Yang perlu dilakukan")[1].strip().startswith("Telusuri dahulu")


def test_no_full_identifier_is_told(story: Story) -> None:
    text = told(story)
    assert "6371014101800001" not in text
    assert "111111111111111" not in text
    assert "••••0001" in text


def test_english_by_switch(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANDENG_LANG", "en")
    text = told(story)
    assert "matched by payment ID" in text
    assert "taken to go on" in text


def test_it_refuses_a_folder_that_is_not_ours(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(explain)
    result = CliRunner().invoke(app, ["P1", "--run", str(tmp_path)])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "manifest.json" in result.stderr


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (OSError(errno.ENOSPC, "full"), 5)])
def test_it_says_what_stopped_it(monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int) -> None:
    def stopped(*_: object, **__: object) -> Story:
        raise error

    monkeypatch.setattr("gandeng.cli.explain.tell", stopped)
    said = CliRunner().invoke(gandeng, ["explain", "P1", "--run", "x"])
    assert (said.exit_code, said.stdout) == (code, "")
    assert said.stderr.strip()
