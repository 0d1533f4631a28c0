from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gandeng.cli.main import app
from gandeng.runs.tests.samples import read_in_this_process
from gandeng.runs.tests.test_duplicates import TWICE, registry


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GANDENG_LANG", "id")
    read_in_this_process(monkeypatch)
    return registry(tmp_path, TWICE)


def run(office: Path, *words: str) -> Result:
    files = [f"--{name}={office / name}.csv" for name in ("families", "members")]
    return CliRunner().invoke(app, ["duplicates", *files, f"--out={office / 'out'}", *words], catch_exceptions=False)


def test_it_works(office: Path) -> None:
    said = run(office, "--at-least", "100")
    assert said.exit_code == 0
    rows = {
        cells[1].strip(): cells[2].strip() for line in said.stdout.splitlines() if len(cells := line.split("│")) > 3
    }
    assert (rows["Satu desa/kelurahan"], rows["Satu provinsi"], rows["Jumlah"]) == ("1", "0", "1")
    assert "63" in said.stderr
    assert "alike.csv" in said.stderr


def test_no_message_names_anybody(office: Path) -> None:
    said = run(office, "--at-least", "100")
    assert "AMINAH" not in said.output
    assert "63710141" not in said.output


def test_nothing_found_asks_for_nothing(office: Path) -> None:
    said = run(office, "--at-least", "100000000")
    assert said.exit_code == 0
    assert "alike.csv" not in said.stderr


@pytest.mark.parametrize("strength", ["0", "-1", "lots"])
def test_it_refuses_a_strength_that_is_none(office: Path, strength: str) -> None:
    assert run(office, "--at-least", strength).exit_code == 2
    assert not (office / "out").exists()


def test_it_refuses_a_file_that_cannot_be_trusted(office: Path) -> None:
    (office / "members.csv").write_text("nothing\n1\n", encoding="utf-8")
    assert run(office).exit_code == 1
    assert not (office / "out").exists()
