from pathlib import Path

import pytest
from typer.testing import CliRunner

from gandeng.cli.main import app

VILLAGES = "village_code,families\n63.72.02.1003,40\n63.72.02.1004,30\n63.72.03.1001,30\n"
FACILITATORS = "facilitator_id,home_sub_district\nP1,63.72.02\nP2,63.72.03\n"
ASSIGNMENTS = "facilitator_id,village_code,families\nP1,63.72.02.1003,40\nP1,63.72.02.1004,30\nP2,63.72.03.1001,30\n"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("GANDENG_LANG", "id")
    return CliRunner()


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    texts = {"villages": VILLAGES, "facilitators": FACILITATORS, "assignments": ASSIGNMENTS}
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    given = [word for name in texts for word in (f"--{name}", str(tmp_path / f"{name}.csv"))]
    return ["balance", *given, "--workers", "1", "--out", str(tmp_path / "out")]


def test_it_works(run: CliRunner, words: list[str], tmp_path: Path) -> None:
    told = run.invoke(app, [*words, "--format", "csv", "--alarm", "60", "--as-of", "2026-01-31"])
    assert told.exit_code == 0, told.output
    assert "Kota Banjarbaru" in told.stdout and "Pilihan" in told.stdout and "Kurang ke batas bahaya" in told.stdout
    assert "HiGHS" not in told.output
    assert "Norma 200 keluarga" in told.stderr and "W29" in told.stderr and "tidak ada sumbernya" in told.stderr
    assert (tmp_path / "out" / "hand_overs.csv").is_file()


def test_a_norm_without_source_says_so(run: CliRunner, words: list[str]) -> None:
    told = run.invoke(app, [*words, "--no-alternatives", "--as-of", "2020-01-31"])
    assert told.exit_code == 0, told.output
    assert "TANPA SUMBER" in told.stderr


def test_at_most_so_many_families_change_hands(run: CliRunner, words: list[str]) -> None:
    told = run.invoke(app, [*words, "--moves-max", "0", "--norm", "50"])
    assert told.exit_code == 0, told.output
    assert "ditentukan pada perintah ini" in told.stderr


@pytest.mark.parametrize(
    "more", [["--region", "63.72.02"], ["--region", "x"], ["--seconds", "0"], ["--moves-max", "101"]]
)
def test_it_refuses_what_cannot_be_meant(run: CliRunner, words: list[str], more: list[str], tmp_path: Path) -> None:
    assert run.invoke(app, [*words, *more]).exit_code == 2
    assert not (tmp_path / "out").exists()


def test_it_refuses_without_any_count_of_families(run: CliRunner, words: list[str]) -> None:
    told = run.invoke(app, [word for word in words if "villages" not in word and "assignments" not in word])
    assert told.exit_code == 2


def test_it_refuses_in_words_what_has_no_answer(run: CliRunner, words: list[str], tmp_path: Path) -> None:
    told = run.invoke(app, [*words, "--without", "P1", "--without", "P2"])
    assert told.exit_code == 1
    assert "tidak ada pendamping sama sekali" in told.stderr
    told = run.invoke(app, [*words, "--without", "P9"])
    assert told.exit_code == 1
    assert "P9" in told.stderr
    assert not (tmp_path / "out").exists()
