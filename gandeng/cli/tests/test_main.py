import logging
import re
import shutil
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gandeng
from gandeng.cli import nik, start
from gandeng.cli.main import app, main
from gandeng.cli.shell import EXIT_INTERRUPTED, as_called, next_step
from gandeng.words import LANGUAGES, say, sentences

COMMANDS = ("demo", "simulate", "entitle", "instruct", "reconcile", "explain", "duplicates", "policy", "nik")


def run(*words: str) -> tuple[int, str, str]:
    said = CliRunner().invoke(app, list(words), env={"COLUMNS": "200", "TERM": "dumb"})
    return said.exit_code, said.stdout, said.stderr


def test_settings_mean_the_same_whatever_reads_their_file() -> None:
    """Podman keeps quotes and spaces around a value, a shell the end of a line of Windows."""
    told = {
        "GANDENG_HTTPS": "1 ", "GANDENG_DATA": '"/srv/office files"', "DATABASE_URL": "postgres://a/b\r",
        "GANDENG_FILES": "", "GANDENG_EMAIL_FROM": "'x'", "OTHER": " as it is ",
    }  # fmt: skip
    start.as_systemd_reads(told)
    assert told == {
        "GANDENG_HTTPS": "1", "GANDENG_DATA": "/srv/office files", "DATABASE_URL": "postgres://a/b",
        "GANDENG_EMAIL_FROM": "x", "OTHER": " as it is ",
    }  # fmt: skip


def test_it_works() -> None:
    assert run("--version") == (0, f"{gandeng.__version__}\n", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does(command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"gandeng {command}" in out or f"{command} [PILIHAN]" in out
    assert command in run("--help")[1]


@pytest.mark.parametrize("command", ["", "entitle", "policy show", "keys"])
def test_the_frame_of_the_help_is_ours(command: str) -> None:
    theirs = ("Usage", "Options", "Arguments", "Commands", "[OPTIONS]", "[required]", "[default", "Show ", "Install")
    told = run(*command.split(), "--help")[1]
    assert "Bentuk: " in told and "Pilihan" in told and [word for word in theirs if word in told] == []


def test_whoever_stops_a_quick_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(nik, "explain_nik", stopped)
    code, out, told = run("nik", "6371015203880007")
    assert (code, out) == (EXIT_INTERRUPTED, "") and "Dihentikan" in told


@pytest.mark.parametrize("command", ["entitle", "instruct", "reconcile", "explain", "duplicates"])
def test_help_shows_an_example(command: str) -> None:
    assert f"gandeng {command} " in run(command, "--help")[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("entitle --cycle 2024-2", "--families belum disebutkan. Berkas keluarga (CSV, XLSX, atau Parquet)."),
        ("reconcile a.csv", "RESULTS belum disebutkan. Laporan bank dan pos"),
        ("reconcil", "Tidak ada perintah 'reconcil'. Barangkali yang dimaksud: reconcile."),
        ("xyzzy", "Tidak ada perintah 'xyzzy'."),
        ("nik 6371015203880007 [b] c", "Ada kata yang tidak diminta: [b] c."),
        ("explain P --rum x", "Tidak ada pilihan --rum. Barangkali yang dimaksud: --run."),
        ("explain P --run", "Pilihan --run memerlukan nilai sesudahnya."),
        ("demo --no-site=1", "Pilihan --no-site tidak memakai nilai."),
        ("policy show --year 1999", "--year: '1999' tidak dapat dipakai. Sebutkan bilangan 2017 sampai 2026."),
        ("demo --families x", "--families: 'x' tidak dapat dipakai. Sebutkan bilangan mulai 1."),
        ("serve --port x", "--port: 'x' tidak dapat dipakai. Sebutkan bilangan."),
        (
            "simulate registry --format pdf",
            "--format: 'pdf' tidak dapat dipakai. Sebutkan salah satu dari: parquet, ",
        ),
        ("reconcile a b --as-of 30-02-2024", "--as-of: '30-02-2024' tidak dapat dipakai. Sebutkan tanggal seperti"),
        ("reconcile a b --office gone", "--office: 'gone' tidak dapat dipakai. Sebutkan berkas yang ada"),
        ("restore gone", "FOLDER: 'gone' tidak dapat dipakai. Sebutkan folder yang ada"),
        ("nik 12", "NIK: NIK harus 16 angka tanpa tanda lain."),
    ],
)
def test_it_says_in_our_words_what_is_wrong_with_a_command_line(words: str, told: str) -> None:
    code, out, err = run(*words.split())
    assert (code, out) == (2, "")
    assert err.startswith(told)
    assert not re.search(r"Usage|Try|Error|Missing|Invalid|No such|does not|should be", err)


def test_a_command_alone_shows_its_help() -> None:
    code, out, err = run("reconcile")
    assert (code, err) == (2, "")
    assert "gandeng reconcile" in out


@pytest.mark.parametrize(
    "words",
    [
        "reconcile nowhere.csv no-result.csv",
        "entitle --families nowhere.csv --members no-member.csv --cycle 2024-2",
        "instruct nowhere.csv",
        "duplicates --families nowhere.csv --members no-member.csv",
        "balance --facilitators nowhere.csv --assignments no-village.csv",
        "simulate results nowhere.csv",
    ],
)
def test_a_file_that_is_not_there_is_refused_like_a_file(words: str, tmp_path: Path) -> None:
    """In our words, and every one of them at once."""
    code, out, err = run(*words.split(), "--out", str(tmp_path / "out"))
    named = [word for word in words.split() if word.endswith(".csv")]
    assert (code, out) == (1, "")
    assert [name for name in named if f"Berkas {name} ditolak" in err] == named
    assert err.count("Berkas tidak ditemukan") == len(named)
    assert not (tmp_path / "out").exists()


EXAMPLES = [
    example
    for lang in LANGUAGES
    for topic in ("entitle", "instruct", "reconcile", "explain", "balance", "duplicates", "simulate")
    for text in sentences(lang, topic).values()
    for example in re.findall(r"^ +gandeng (.+)$|`gandeng ([a-z]+ .+?)`", text, re.MULTILINE)
    if "registry" not in "".join(example)
]


@pytest.mark.parametrize("example", ["".join(example) for example in EXAMPLES])
def test_an_example_of_the_help_is_understood(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files are not here, which is no fault of the command line."""
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*example.split())
    assert (code, out) == (1, ""), err


def test_a_demo_of_fewer_families_than_villages_says_how_many_it_takes(tmp_path: Path) -> None:
    code, out, err = run("demo", "--families", "800", "--out", str(tmp_path / "demo"))
    assert code == 2
    assert "2.016" in out + err


@pytest.mark.parametrize("memory", ["lots", "0MB", "-1GB", "600", "1.5GB"])
def test_it_refuses_a_memory_that_is_none(memory: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("in") / "a.csv"
    file.write_text("x", encoding="utf-8")
    code, out, err = run("reconcile", str(file), str(file), "--out", str(file.parent / "out"), "--memory", memory)
    assert (code, out) == (2, "")
    assert memory in err
    assert not (file.parent / "out").exists()


def test_logs_are_not_messages(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What a reader's crash leaves for a log stays off the screen."""
    monkeypatch.setattr("sys.argv", ["gandeng", "--version"])
    monkeypatch.setattr(logging.getLogger("gandeng"), "handlers", [])
    monkeypatch.setattr(logging.getLogger("gandeng"), "propagate", False)
    with pytest.raises(SystemExit) as ended:
        main()
    logging.getLogger("gandeng.files.intake").warning("Traceback of a child")
    assert ended.value.code == 0
    assert capsys.readouterr().err == ""


def test_whoever_stops_the_command_while_it_starts_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Stopped(MetaPathFinder):
        def find_spec(self, name: str, *_: object) -> None:
            if name == "gandeng.cli.main":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "gandeng.cli.main")
    monkeypatch.setattr(sys, "meta_path", [Stopped(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        start.main()
    assert (ended.value.code, capsys.readouterr().err) == (130, f"{say('shell.interrupted')}\n")


@pytest.mark.parametrize(
    ("called", "told"),
    [("/nowhere/gandeng", "gandeng"), ("/nowhere/gandeng/__main__.py", "-m gandeng"), ("-c", "-m gandeng")],
)
def test_what_to_try_next_can_be_typed(called: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [called])
    monkeypatch.setattr(shutil, "which", lambda name: name)
    assert as_called().endswith(told) and "__main__" not in as_called()
    following = next_step("entitle.next", out=Path("a folder of ours"))
    assert f"{told} instruct 'a folder of ours'/payments.csv" in following
