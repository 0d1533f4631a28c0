"""One small simulated district, from registry to minutes, made once for a test module by the command line."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gandeng.cli.main import app
from gandeng.runs.tests import samples

LOUD = {
    "failure": 0.06, "reversal": 0.04, "late_credit": 0.04, "underpaid": 0.04, "overpaid": 0.04, "unreported": 0.04,
    "told_again": 0.04, "conflicting": 0.04, "missing_reference": 0.04, "missing_payment_id": 0.04, "only_nik": 0.04,
    "misdirected": 0.04, "wrong_channel": 0.04, "zeros_lost": 0.04, "damaged_amount": 0.04, "damaged_date": 0.04,
    "damaged_nik": 0.04, "date_out_of_range": 0.04, "unknown": 0.04, "replayed_tail": 0.0,
}  # fmt: skip
"""Every defect, often enough that three hundred families have each."""

COMMAND = (sys.executable, "-c", "from gandeng.cli.main import main; main()")
"""`gandeng` as a process of its own."""

Gandeng = Callable[..., Result]


@dataclass(frozen=True)
class District:
    """The folders of one stage, and what each command said."""

    registry: Path
    due: Path
    orders: Path
    reports: Path
    reconciled: Path
    said: dict[str, Result]

    @property
    def payments(self) -> Path:
        return self.due / "payments.csv"

    @property
    def results(self) -> list[Path]:
        return sorted(self.reports.glob("results-*"))


def run_gandeng(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture(scope="session")
def gandeng() -> Gandeng:
    return run_gandeng


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    """Banjarbaru with 300 families, through stage 2 of 2024."""
    home = tmp_path_factory.mktemp("district")
    registry, due, orders, reports, reconciled = (home / name for name in ("r", "due", "orders", "reports", "rec"))
    said = {"registry": run_gandeng("simulate", "registry", "--region", "63.72", "--families", 300, "--out", registry)}
    tables = [
        part for name in ("families", "members", "verdicts") for part in (f"--{name}", registry / f"{name}.parquet")
    ]
    said["entitle"] = run_gandeng("entitle", *tables, "--cycle", "2024-2", "--out", due)
    said["instruct"] = run_gandeng("instruct", due / "payments.csv", "--out", orders)
    rates = [part for name, rate in LOUD.items() for part in ("--rate", f"{name}={rate}")]
    said["results"] = run_gandeng("simulate", "results", due / "payments.csv", "--out", reports, "--seed", 5, *rates)
    results = sorted(reports.glob("results-*"))
    said["reconcile"] = run_gandeng(
        "reconcile", due / "payments.csv", *results, "--out", reconciled, "--as-of", "2024-09-19"
    )
    return District(registry, due, orders, reports, reconciled, said)


@pytest.fixture
def no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process: for tests of what is read, told a hundred times over."""
    samples.read_in_this_process(monkeypatch)
