import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gandeng.cli.main import app
from gandeng.simulation.defects import ALL_RATES, RATES
from gandeng.words import sentences


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("GANDENG_LANG", "id")
    return CliRunner()


def test_it_works(run: CliRunner, tmp_path: Path) -> None:
    out = tmp_path / "banjarbaru"
    told = run.invoke(app, ["simulate", "registry", "--region", "63.72", "--families", "200", "--out", str(out)])
    assert told.exit_code == 0
    assert "1 kabupaten/kota, 5 kecamatan, 20 desa/kelurahan" in told.stdout
    assert "gandeng entitle" in told.stderr and "gandeng entitle" not in told.stdout
    assert json.loads((out / "manifest.json").read_text())["seed"] == 1


def test_it_answers_a_list(run: CliRunner, tmp_path: Path) -> None:
    paid = tmp_path / "payments.csv"
    paid.write_text(
        "payment_id,stage,family_id,nik,name,channel,account_no,district_code,amount\n"
        "P1,2024-2,F1,6371015203880007,Noor Hidayah,POS,,63.71,225000\n"
    )
    words = ["simulate", "results", str(paid), "--out", str(tmp_path / "out")]
    rates = [f"--rate={name}=0" for name in RATES if name != "failure"]
    told = run.invoke(app, [*words, "--rate", "failure=1", *rates])
    assert told.exit_code == 0
    assert "gagal salur (failure)" in told.stdout and "results-pos.xlsx" in told.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["registry", "--region", "63.99"],
        ["registry", "--region", "63", "--families", "10"],
        ["results", __file__, "--rate", "failure"],
        ["results", __file__, "--rate", "nothing=0.1"],
        ["results", __file__, "--rate", "failure=2"],
    ],
)
def test_it_refuses_what_cannot_be_meant(run: CliRunner, words: list[str], tmp_path: Path) -> None:
    told = run.invoke(app, ["simulate", *words, "--out", str(tmp_path / "out")])
    assert told.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_it_refuses_a_list_that_is_none(run: CliRunner, tmp_path: Path) -> None:
    told = run.invoke(app, ["simulate", "results", __file__, "--out", str(tmp_path / "out")])
    assert told.exit_code == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_defect_has_words(lang: str) -> None:
    known = {name.removeprefix("defect_") for name in sentences(lang, "simulate") if name.startswith("defect_")}
    assert known == {*RATES, "none", "ambiguous"}
    assert set(RATES) < set(ALL_RATES)
