"""What every command shares: where words go, progress, and errors told with what to do. Results alone go to stdout."""

import errno
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.segment import Segment
from rich.table import Table
from xlsxwriter.exceptions import FileCreateError

from gandeng.core.calculation import CheckFailed
from gandeng.core.cycle import Cycle, UnreadableCycle
from gandeng.core.faults import FileRefused
from gandeng.engine.java import NoFittingJava
from gandeng.files.intake import explain_fault, explain_refusal
from gandeng.files.room import fault_of_disk, is_full
from gandeng.policy import PolicyGap
from gandeng.runs.publish import FolderNotOurs
from gandeng.words import say

EXIT_REFUSED = 1
EXIT_IDENTITY_BROKEN = 3
EXIT_MISSING_PART = 4
EXIT_CANNOT_WRITE = 5
EXIT_INTERRUPTED = 130

_PIPE_WIDTH = 160


_SHOWN = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"} | dict.fromkeys(
    (0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd"
)
"""Characters that would clear a screen, colour it or turn a line around, as something to read."""


class _Terminal(Console):
    """What a file says is shown and never carried out: names and ids may hold what a terminal takes as an order."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Everything that is printed comes through here; the console's own orders are no text."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=segment.text.translate(_SHOWN))


def results_console() -> Console:
    """Stdout; a pipe or file gets whole lines."""
    return _console(stderr=False)


def told() -> Console:
    """Stderr: progress, notes, errors."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    console = _Terminal(stderr=stderr, highlight=False)
    return console if console.is_terminal else _Terminal(stderr=stderr, highlight=False, width=_PIPE_WIDTH)


def tell(*lines: str) -> None:
    """Lines for a person, on stderr, as they are."""
    console = told()
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)


def stop(code: int, *lines: str) -> typer.Exit:
    """Tell the lines and give the exit to raise."""
    tell(*lines)
    return typer.Exit(code)


@contextmanager
def errors_told() -> Iterator[None]:
    """Turn what can go wrong with a person's files into words and an exit code; the unexpected stays an error."""
    try:
        yield
    except FileRefused as error:
        raise stop(EXIT_REFUSED, *explain_refusal(error)) from None
    except FolderNotOurs as error:
        code = "out_is_a_file" if error.folder.is_file() else "folder_not_ours"
        raise stop(EXIT_REFUSED, say(f"shell.{code}", folder=error.folder, names=_few(error.names))) from None
    except PolicyGap as error:
        raise stop(EXIT_REFUSED, explain_fault(error.fault)) from None
    except CheckFailed as error:
        words = say("shell.identity_broken", calculation=error.calculation, check=error.check, example=error.example)
        raise stop(EXIT_IDENTITY_BROKEN, words) from None
    except NoFittingJava:
        raise stop(EXIT_MISSING_PART, say("shell.no_java")) from None
    except ModuleNotFoundError as error:
        if error.name != "pyspark":
            raise
        raise stop(EXIT_MISSING_PART, say("shell.no_spark")) from None
    except (OSError, duckdb.IOException, FileCreateError, MemoryError, duckdb.OutOfMemoryException) as error:
        raise stop(*_of_the_machine(error)) from None
    except KeyboardInterrupt:
        raise stop(EXIT_INTERRUPTED, say("shell.interrupted")) from None


def _of_the_machine(error: Exception) -> tuple[int, str]:
    """Exit code and words: the memory that is allowed, or the disk."""
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        return EXIT_REFUSED, say("shell.out_of_memory")
    return EXIT_CANNOT_WRITE, _of_the_disk(error)


_REASONS = {
    errno.EACCES: "not_allowed",
    errno.EPERM: "not_allowed",
    errno.EROFS: "read_only",
    errno.EEXIST: "file_in_the_way",
    errno.ENOTDIR: "file_in_the_way",
    errno.ENOENT: "not_there",
    errno.ENAMETOOLONG: "name_too_long",
}
"""What people meet, in our words; anything rarer in those of the machine."""


def _of_the_disk(error: Exception) -> str:
    """Disk full or a folder that may not be written."""
    if is_full(error):
        return say("shell.disk_full")
    number, where = fault_of_disk(error)
    told = os.strerror(number) if number else str(error)
    reason = say(f"shell.{_REASONS[number]}") if number in _REASONS else told
    return say("shell.cannot_write", reason=f"{reason}: {where}" if where else reason)


def _few(names: list[str]) -> str:
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown}, …"


@contextmanager
def steps_shown() -> Iterator["Steps"]:
    """A bar on stderr for work in named steps; it goes when the work is done."""
    bar_columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = told()
    with Progress(*bar_columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        yield Steps(bars)


class Steps:
    """Progress of a run: reading files one after the other, then the steps of the calculation."""

    def __init__(self, bars: Progress) -> None:
        self.bars = bars
        self.task: TaskID | None = None

    def __call__(self, step: str, place: int, total: int) -> None:
        """Show that `step` begins; `total` 0 where nobody knows how many there are."""
        self._show(say("shell.step" if total else "shell.reading", step=step), max(place - 1, 0), total or None)

    def rows(self, words: str, done: int, total: int) -> None:
        """Show how many rows of `total` are done."""
        self._show(words, done, total)

    def _show(self, words: str, done: int, total: int | None) -> None:
        if self.task is None:
            self.task = self.bars.add_task(words)
        self.bars.update(self.task, description=words, completed=done, total=total)


def next_step(code: str, **facts: object) -> str:
    """What to try next, as the reader can type it: the command as it was called, names with a space between quotes."""
    return say(code, gandeng=as_called(), **{name: shlex.quote(str(fact)) for name, fact in facts.items()})


def as_called() -> str:
    """The command as the reader can type it again: `gandeng`, where it lies if not on the path, or its module."""
    called = Path(sys.argv[0])
    if called.name in ("__main__.py", "-c"):
        return f"{Path(sys.executable).name} -m gandeng"
    return called.name if shutil.which(called.name) else os.path.relpath(called)


def right_aligned(table: Table, *titles: str) -> None:
    """Columns of figures."""
    for title in titles:
        table.add_column(title, justify="right", no_wrap=True)


def cycle_option(text: str) -> Cycle:
    """`2024-2`, or a usage error that says the form."""
    try:
        return Cycle.parse(text)
    except UnreadableCycle:
        raise typer.BadParameter(say("shell.bad_cycle", value=text), param_hint="--cycle") from None
