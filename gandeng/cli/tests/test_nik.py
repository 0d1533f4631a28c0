import pytest
from typer.testing import CliRunner

from gandeng.cli.main import app

NIK = "6371015203880007"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("GANDENG_LANG", "id")
    return CliRunner()


def test_it_works(run: CliRunner) -> None:
    told = run.invoke(app, ["nik", NIK, "--born", "1988-03-12", "--sex", "F", "--region", "63.71.01.1001"])
    assert told.exit_code == 0
    assert "Banjarmasin Selatan, Kota Banjarmasin, Kalimantan Selatan" in told.stdout
    assert "12 Maret 1988" in told.stdout and "perempuan" in told.stdout and "0007" in told.stdout
    assert "Tidak ada yang perlu diperhatikan" in told.stdout
    assert NIK not in told.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--born", "1988-03-13"], "Tanggal tidak cocok: catatan menyebut 13 Maret 1988"),
        (["--sex", "M"], "catatan menyebut laki-laki"),
        (["--region", "32.71"], "sekarang tinggal di Kota Bogor"),
    ],
)
def test_a_difference_is_told_and_nothing_is_refused(run: CliRunner, options: list[str], words: str) -> None:
    told = run.invoke(app, ["nik", NIK, *options])
    assert told.exit_code == 0
    assert words in told.stdout


def test_a_code_of_old_is_told_with_its_successor(run: CliRunner) -> None:
    told = run.invoke(app, ["nik", "9101010402820001"])
    assert "91.01.01 Merauke, Kabupaten Merauke, Papua Selatan (sekarang 93.01.01)" in told.stdout


@pytest.mark.parametrize(
    "words", [["637101520388000"], [NIK, "--born", "12-03-1988"], [NIK, "--sex", "X"], [NIK, "--region", "63.7"]]
)
def test_it_refuses_what_it_cannot_read(run: CliRunner, words: list[str]) -> None:
    told = run.invoke(app, ["nik", *words])
    assert told.exit_code == 2
    assert NIK not in told.output
