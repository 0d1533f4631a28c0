"""`gandeng instruct`: results on stdout, everything else on stderr, an exit code that tells."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gandeng.cli.instruct import instruct

HEADER = "payment_id,stage,family_id,nik,name,channel,account_no,district_code,amount\n"
ROW = "2024-2-F1,2024-2,F1,6371014107900001,SITI,BRI,000201000001501,63.71,750000\n"


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.command()(instruct)
    return made


@pytest.fixture
def payments(tmp_path: Path) -> Path:
    path = tmp_path / "payments.csv"
    path.write_text(HEADER + ROW, encoding="utf-8")
    return path


def test_it_works(app: typer.Typer, payments: Path, tmp_path: Path) -> None:
    created = ["--created", "2024-05-15T08:00+07:00", "--account", "BRI=0099"]
    done = CliRunner().invoke(app, [str(payments), "--out", str(tmp_path / "out"), *created])
    assert done.exit_code == 0
    assert "Rp750.000" in done.stdout
    assert "Rp750.000" not in done.stderr
    assert (tmp_path / "out" / "BRI" / "BRI-2024-2.pain.001.xml").is_file()


def test_help_has_examples(app: typer.Typer) -> None:
    assert "gandeng instruct" in CliRunner().invoke(app, ["--help"]).stdout


def test_it_refuses_a_bad_list_with_words(app: typer.Typer, payments: Path, tmp_path: Path) -> None:
    payments.write_text(HEADER + ROW + ROW, encoding="utf-8")
    done = CliRunner().invoke(app, [str(payments), "--out", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "payments.csv" in done.stderr
    assert "6371014107900001" not in done.stderr


@pytest.mark.parametrize(
    "option",
    [
        ["--created", "2024-05-15T08:00"],
        ["--created", "kemarin"],
        ["--created", "0001-01-01T00:00+14:00"],
        ["--execute-on", "15/05/2024"],
        ["--account", "BCA=1"],
        ["--account", "BRI="],
        ["--format", "pdf"],
    ],
)
def test_it_refuses_an_option_it_cannot_read(
    option: list[str], app: typer.Typer, payments: Path, tmp_path: Path
) -> None:
    done = CliRunner().invoke(app, [str(payments), "--out", str(tmp_path / "out"), *option])
    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()
