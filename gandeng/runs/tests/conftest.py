from pathlib import Path

import pytest

from gandeng.files.layouts import PAYMENTS, RESULTS
from gandeng.runs.tests import samples


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A payment list and a result file."""
    payments = samples.write(tmp_path / "payments.csv", PAYMENTS, [samples.PAID, samples.SILENT])
    return payments, samples.write(tmp_path / "bri.csv", RESULTS, [samples.CREDIT, samples.STRANGER])


@pytest.fixture
def no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    samples.read_in_this_process(monkeypatch)
