"""No full NIK or account number leaves a run but in its tables: canaries in every column a bank can write into."""

import re
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner, Result

from gandeng.cli.main import app
from gandeng.files.layouts import PAYMENTS, RESULTS
from gandeng.runs.tests.samples import CREDIT, PAID, with_cells, write

NIKS = ("6371014101800001", "6371014101800002", "9171234567890127", "3273015507990003", "6371016203780004")
ACCOUNTS = ("001234567890123", "001234567890777", "7001234567", "440012345678901")


def list_of(folder: Path) -> Path:
    rows = [
        PAID,
        with_cells(PAYMENTS, PAID, payment_id="2024-2-F2", family_id="F2", nik=NIKS[1], account_no=ACCOUNTS[1]),
        with_cells(PAYMENTS, PAID, payment_id="2024-2-F3", family_id="F3", nik=NIKS[4], channel="POS", account_no=""),
        with_cells(PAYMENTS, PAID, payment_id="2024-2-F4", family_id="F4", nik=NIKS[0], account_no=ACCOUNTS[0]),
    ]
    return write(folder / "payments.csv", PAYMENTS, rows)


def report_of(folder: Path) -> Path:
    told = f"Rek {ACCOUNTS[1]} a.n. NIK {NIKS[2]} pasif"
    blank = dict.fromkeys(("payment_id", "account_no", "nik"), "")
    rows = [
        with_cells(RESULTS, CREDIT, event="FAILURE", reason=told, bank_reference=f"R-{NIKS[2]}"),
        with_cells(RESULTS, CREDIT, bank_reference="M1", payment_id="2024-2-F2", account_no=ACCOUNTS[2], nik=NIKS[2]),
        with_cells(RESULTS, CREDIT, **{**blank, "bank_reference": "A1", "account_no": ACCOUNTS[0]}),
        with_cells(RESULTS, CREDIT, **{**blank, "bank_reference": "U1", "nik": NIKS[3], "name": f"SITI {NIKS[3]}"}),
        with_cells(
            RESULTS, CREDIT, **{**blank, "bank_reference": "U2", "account_no": ACCOUNTS[3], "payment_id": NIKS[3]}
        ),
        with_cells(RESULTS, CREDIT, bank_reference="B1", amount=ACCOUNTS[0], event=NIKS[1]),
        with_cells(RESULTS, CREDIT, bank_reference="B2", channel=NIKS[0], occurred_on=NIKS[2]),
        with_cells(RESULTS, CREDIT, bank_reference="C1"),
        with_cells(RESULTS, CREDIT, bank_reference="C1", amount="1", reason=told),
    ]
    return write(folder / "bri.csv", RESULTS, rows)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("canary")
    words = ["reconcile", list_of(folder), report_of(folder), "--out", folder / "out", "--as-of", "2024-09-19"]
    return folder / "out", CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def canaries_in(text: str) -> list[str]:
    """Also where the digits are set apart, as `6371 0141 0180 0001`."""
    joined = re.sub(r"(?<=[0-9])[ .\u00a0\n-](?=[0-9])", "", text)
    return [one for one in (*NIKS, *ACCOUNTS) if one in text or one in joined]


def texts_of(path: Path) -> list[str]:
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
    if path.suffix == ".pdf":
        reader = PdfReader(path)
        return [page.extract_text() for page in reader.pages] + [str(reader.metadata)]
    return [path.read_text(encoding="utf-8")]


def test_it_works(run: tuple[Path, Result]) -> None:
    """The run is one with every kind of row, and a canary would be seen."""
    out, said = run
    assert said.exit_code == 0
    assert canaries_in("NIK 6371 0141 0180 0001") == [NIKS[0]]
    assert any("SITI AMINAH" in text for text in texts_of(out / "exceptions.xlsx"))


@pytest.mark.parametrize("name", ["exceptions.xlsx", "minutes.pdf", "manifest.json", "summary.csv"])
def test_no_paper_holds_one(run: tuple[Path, Result], name: str) -> None:
    assert [canary for text in texts_of(run[0] / name) for canary in canaries_in(text)] == []


def test_no_message_holds_one(run: tuple[Path, Result]) -> None:
    assert canaries_in(run[1].stdout + run[1].stderr) == []


def test_no_refusal_holds_one(tmp_path: Path) -> None:
    """A list with everything in the wrong column is refused in words that mask what they quote."""
    turned = [(*PAID[:3], PAID[6], *[PAID[3]] * 3, PAID[6], f"{PAID[3]},5"), (PAID[3],) * 9, (PAID[3],) * 9]
    write(tmp_path / "payments.csv", PAYMENTS, turned)
    said = CliRunner().invoke(
        app, ["reconcile", str(tmp_path / "payments.csv"), str(report_of(tmp_path)), "--out", str(tmp_path / "out")]
    )
    assert said.exit_code == 1
    assert canaries_in(said.stdout + said.stderr) == []


@pytest.mark.parametrize("payment", ["2024-2-F1", "2024-2-F2", "2024-2-F3"])
def test_no_story_holds_one(run: tuple[Path, Result], payment: str) -> None:
    said = CliRunner().invoke(app, ["explain", payment, "--run", str(run[0])])
    assert said.exit_code == 0
    assert canaries_in(said.stdout + said.stderr) == []
