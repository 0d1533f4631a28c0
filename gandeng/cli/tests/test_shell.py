"""What can go wrong, in words on stderr and by a number that scripts can read."""

import errno
import os
import re
from pathlib import Path

import duckdb
import pytest
import typer
from rich.table import Table
from rich.text import Text
from xlsxwriter.exceptions import FileCreateError

from gandeng.cli import shell
from gandeng.cli.shell import cycle_option, errors_told, results_console, steps_shown, tell
from gandeng.core.calculation import CheckFailed
from gandeng.core.cycle import Cycle
from gandeng.core.faults import Fault, FileRefused
from gandeng.engine.java import NoFittingJava
from gandeng.files.intake import explain_fault
from gandeng.policy import PolicyGap
from gandeng.runs.publish import FolderNotOurs
from gandeng.words import say

Capture = pytest.CaptureFixture[str]

DISK_FULL = OSError(errno.ENOSPC, "No space left on device")
DUCKDB_FULL = duckdb.IOException('IO Error: {"exception_message":"Could not write","errno":"28"}')


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (FileRefused("bri.csv", [Fault("empty_file")]), 1, ["bri.csv", say("faults.empty_file")]),
        (FolderNotOurs(Path("out"), ["a.doc"]), 1, ["out", "a.doc"]),
        (PolicyGap("no_such_stage", stage=9, year=2024, months=3), 1, ["Tahap 9 tahun 2024"]),
        (CheckFailed("reconciliation", "net over payments", "{'net': 1}"), 3, ["net over payments", "{'net': 1}"]),
        (NoFittingJava(), 4, ["Java"]),
        (ModuleNotFoundError("x", name="pyspark"), 4, ["gandeng[spark]"]),
        (DISK_FULL, 5, [say("shell.disk_full")]),
        (FileCreateError(DISK_FULL), 5, [say("shell.disk_full")]),
        (DUCKDB_FULL, 5, [say("shell.disk_full")]),
        (duckdb.OutOfMemoryException("failed to allocate"), 1, [say("shell.out_of_memory")]),
        (MemoryError(), 1, [say("shell.out_of_memory")]),
        (PermissionError(errno.EACCES, "Permission denied", "/out"), 5, ["(tidak diizinkan bagi akun ini: /out)"]),
        (
            FileExistsError(errno.EEXIST, "File exists", "/out"),
            5,
            ["(ada berkas di tempat", "/out", "Pilih folder lain"],
        ),
        (OSError(errno.EIO, "x", "/out"), 5, [f"({os.strerror(errno.EIO)}: /out)"]),
        (KeyboardInterrupt(), 130, [say("shell.interrupted")]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_it_works(capsys: Capture, error: BaseException, code: int, words: list[str]) -> None:
    with pytest.raises(typer.Exit) as stopped, errors_told():
        raise error
    said = capsys.readouterr()
    assert (stopped.value.exit_code, said.out) == (code, "")
    assert [word for word in words if word not in said.err] == []


@pytest.mark.parametrize("error", [ValueError("x"), ModuleNotFoundError("x", name="duckdb"), AssertionError()])
def test_the_unexpected_stays_an_error(error: Exception) -> None:
    with pytest.raises(type(error)), errors_told():
        raise error


def test_a_file_is_not_called_a_folder(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "r.csv").touch()
    with pytest.raises(typer.Exit), errors_told():
        raise FolderNotOurs(tmp_path / "r.csv", ["r.csv"])
    assert "adalah sebuah berkas" in capsys.readouterr().err


def test_facts_are_never_markup(capsys: Capture) -> None:
    tell("[bold]x[/bold] [/] {y}")
    assert capsys.readouterr().err == "[bold]x[/bold] [/] {y}\n"


HOSTILE = "\x1b[2J\x1b]0;title\x07a\x9bb\u202ec\r"


@pytest.mark.parametrize("terminal", ["", "1"])
def test_what_a_file_says_moves_no_cursor(capsys: Capture, monkeypatch: pytest.MonkeyPatch, terminal: str) -> None:
    """In a sentence, a table, a title; on a screen rich itself may colour."""
    monkeypatch.setenv("FORCE_COLOR", terminal)
    monkeypatch.setenv("TERM", "xterm")
    table = Table(HOSTILE, title=HOSTILE)
    table.add_row(Text(HOSTILE, style="bold red"))
    results_console().print(table)
    tell(HOSTILE)
    said = "".join(capsys.readouterr())
    told = re.sub(r"\x1b\[[0-9;]*m", "", said)
    assert not [mark for mark in ("\x1b", "\x07", "\x9b", "\u202e", "\r") if mark in told]
    assert "␛[2J" in told
    assert ("\x1b[" in said) == bool(terminal)


def test_a_fault_is_one_line() -> None:
    fault = Fault("village_unreadable", 2, "village_code", {"found": "A\nBerkas diterima."})
    assert explain_fault(fault).count("\n") == 0


def test_of_many_names_a_few_are_told(capsys: Capture) -> None:
    with pytest.raises(typer.Exit), errors_told():
        raise FolderNotOurs(Path("out"), [f"file-{number}" for number in range(40)])
    said = capsys.readouterr().err
    assert "file-4" in said
    assert "file-5" not in said


def test_a_pipe_gets_whole_lines(capsys: Capture) -> None:
    results_console().print("x" * 150)
    assert capsys.readouterr().out == "x" * 150 + "\n"


def test_progress_leaves_nothing_on_stdout(capsys: Capture) -> None:
    with steps_shown() as progress:
        progress("payments.csv", 0, 0)
        progress("matched", 1, 20)
        progress.rows("rows", 3, 10)
    assert capsys.readouterr().out == ""


def test_a_cycle_is_read_or_the_form_is_told() -> None:
    assert cycle_option("2024-2") == Cycle(2024, 2)
    with pytest.raises(typer.BadParameter, match="2024-T2"):
        cycle_option("2024-T2")


def test_exit_codes_are_apart() -> None:
    codes: dict[str, object] = {name: value for name, value in vars(shell).items() if name.startswith("EXIT_")}
    assert len(set(codes.values())) == len(codes)
    assert not {0, 2} & set(codes.values()), "0 is well, 2 is a wrong command line"
