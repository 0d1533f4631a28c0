from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gandeng.cli.main import app
from gandeng.files.layouts import PAYMENTS, RESULTS
from gandeng.runs.tests.samples import CREDIT, PAID, SILENT, STRANGER, read_in_this_process, write


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / "payments.csv", PAYMENTS, [PAID, SILENT])
    write(tmp_path / "bri.csv", RESULTS, [CREDIT, STRANGER])
    read_in_this_process(monkeypatch)
    return tmp_path


def run(office: Path, *words: str) -> Result:
    files = [str(office / "payments.csv"), str(office / "bri.csv")]
    given = ["reconcile", *files, "--out", str(office / "out"), "--no-documents", *words]
    return CliRunner().invoke(app, given, catch_exceptions=False)


def test_it_works(office: Path) -> None:
    said = run(office)
    assert said.exit_code == 0
    for words in ("Kota Banjarmasin", "Kabupaten Tanah Laut", "BRI", "POS", "Rp675.000", "Rp225.000"):
        assert words in said.stdout
    assert not (office / "out" / "minutes.pdf").exists()


def test_figures_add_up_on_the_screen(office: Path) -> None:
    rows = [line.split("│") for line in run(office).stdout.splitlines() if "Rp" in line and line.count("│") > 4]
    districts = [row for row in rows if "Ko" in row[1] or "Ka" in row[1]]
    total = next(row for row in rows if "Jumlah" in row[1])
    assert sum(int(row[2]) for row in districts) == int(total[2]) == 2


@pytest.mark.parametrize("profile", ["NOBODY", "gone.csv=BRI", "bri.csv=NOBODY", "="])
def test_it_refuses_a_profile_or_file_it_does_not_know(office: Path, profile: str) -> None:
    said = run(office, "--profile", profile)
    assert (said.exit_code, said.stdout) == (2, "")
    assert not (office / "out").exists()


def test_a_cluster_is_named_for_spark_alone(office: Path) -> None:
    said = run(office, "--master", "spark://127.0.0.1:1")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "Alamat kluster" in said.stderr


def test_it_refuses_a_day_that_is_none(office: Path) -> None:
    assert run(office, "--as-of", "2024-02-30").exit_code == 2


def test_names_of_files_are_text_on_the_screen(office: Path) -> None:
    """Brackets are no markup, and what would move the cursor is not printed as such."""
    odd = (office / "bri.csv").rename(office / "[red]x[1].csv")
    words = ["reconcile", str(office / "payments.csv"), str(odd), "--out", str(office / "[o]"), "--no-documents"]
    said = CliRunner().invoke(app, words, catch_exceptions=False)
    assert said.exit_code == 0
    assert "[o]" in said.stderr
