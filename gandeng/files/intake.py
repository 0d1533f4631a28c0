"""Take a file whole or not at all: the one door through which rows enter Gandeng."""

import errno
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import gandeng
from gandeng.core.faults import Fault, FileRefused
from gandeng.files import child
from gandeng.files.layouts import Layout
from gandeng.files.limits import LIMITS, Limits
from gandeng.files.profiles import Profile
from gandeng.files.taken import Taken
from gandeng.words import say

__all__ = ["Children", "Taken", "explain_damage", "explain_fault", "explain_note", "explain_refusal", "take"]

_log = logging.getLogger(__name__)
_LOGGED_BYTES = 4_000
_PLACES_LOGGED = 8
_PLACES = re.compile(
    r"File \"[^\"\n]+\", line \d+|panicked at [\w/.-]+:\d+|^[A-Za-z_.]+(?:Error|Exception)\b", re.MULTILINE
)
"""What the log keeps of a child's last words: places of code and kinds of errors. The rest may quote a row."""
_ONE_HEAP = {"MALLOC_ARENA_MAX": "2", "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""Heaps that reserve address space ahead of need would use up the child's limit with nothing in them."""

Children = list[subprocess.Popen[str]]

_TIME_IS_UP = {-signal.SIGXCPU, -signal.SIGALRM}


def take(
    path: Path,
    layout: Layout,
    workdir: Path,
    *,
    source: str | None = None,
    profile: Profile | None = None,
    limits: Limits = LIMITS,
    children: Children | None = None,
) -> Taken:
    """Read `path` as `layout` in a child process; the Parquet of its rows stays in `workdir`.

    The process is added to `children`, for a caller who may have to kill it: the file is then refused.
    Raises FileRefused: nothing of the file may then be used, and nothing of it stays. A full disk is no fault of the
    file: OSError (`room.is_full`).
    """
    name = source or path.name
    _require_file(path, name)
    _require_names(name, path.resolve(), workdir.resolve())
    workdir.mkdir(parents=True, exist_ok=True)
    out = Path(tempfile.mkdtemp(prefix="taken-", dir=workdir)).resolve()
    try:
        return _in_child(path.resolve(), layout, out, name, profile, limits, children if children is not None else [])
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise


def _require_file(path: Path, name: str) -> None:
    if not path.is_file():
        raise FileRefused(name, [Fault("not_a_file")])
    if not os.access(path, os.R_OK):
        raise FileRefused(name, [Fault("not_readable")])
    if path.stat().st_size == 0:
        raise FileRefused(name, [Fault("empty_file")])


def _require_names(name: str, *paths: Path) -> None:
    """Names that are no UTF-8, as old archives leave them, fit into no text: neither the engine's nor a manifest's."""
    try:
        for text in (name, *map(str, paths)):
            text.encode()
    except UnicodeEncodeError as error:
        raise FileRefused(name.encode("utf-8", "replace").decode(), [Fault("name_not_utf8")]) from error


def _in_child(
    path: Path,
    layout: Layout,
    out: Path,
    name: str,
    profile: Profile | None,
    limits: Limits,
    children: Children,
) -> Taken:
    job = json.dumps(
        {
            "path": str(path),
            "layout": layout.name,
            "out": str(out),
            "source": name,
            "profile": profile.model_dump_json() if profile else None,
            "limits": asdict(limits),
            "parent": os.getpid(),
        }
    )
    with tempfile.TemporaryFile() as said:
        code = _run(job, out, limits, said.fileno(), children)
        said.seek(0)
        words = said.read(_LOGGED_BYTES).decode("utf-8", "replace")
    if code == child.NO_ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(out))
    answer = out / child.ANSWER
    if code != 0 or not answer.is_file():
        _log.warning("reading ended with %s at %s", code, " ".join(_PLACES.findall(words)[-_PLACES_LOGGED:]))
        raise FileRefused(name, [Fault(_death(code))])
    return _answered(json.loads(answer.read_text(encoding="utf-8")), answer)


def _run(job: str, out: Path, limits: Limits, said: int, children: Children) -> int | None:
    """Exit code of the child; None where its time was up."""
    package_root = str(Path(gandeng.__file__).parent.parent)
    known = [package_root, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(known)} | _ONE_HEAP
    with subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", "gandeng.files.child"],
        stdin=subprocess.PIPE,
        stdout=said,
        stderr=said,
        cwd=out,
        env=environment,
        text=True,
    ) as process:
        children.append(process)
        try:
            process.communicate(job, timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
        except BaseException:
            process.kill()
            raise
        return process.returncode


def _death(code: int | None) -> str:
    """The code of what the file did to its reader."""
    if code is None or code in _TIME_IS_UP:
        return "took_too_long"
    if code in (child.OUT_OF_MEMORY, -signal.SIGKILL):
        return "needs_too_much_memory"
    return "reader_crashed"


def _answered(answer: dict[str, dict[str, object]], written: Path) -> Taken:
    written.unlink()
    if "refused" in answer:
        raise child.refused_from_json(answer["refused"])
    return child.taken_from_json(answer["taken"])


def explain_refusal(error: FileRefused) -> list[str]:
    """The refusal in words: what happened to which file, a line per fault, how many more; so for each other file,
    after an empty line."""
    lines = [say("faults.refused", source=error.source, count=error.fault_count)]
    lines += [explain_fault(fault) for fault in error.faults]
    more = error.fault_count - len(error.faults)
    lines += [say("faults.and_more", count=more)] if more > 0 else []
    return [*lines, *(line for other in error.others for line in ("", *explain_refusal(other)))]


def explain_fault(fault: Fault) -> str:
    """One fault in words on one line, with the place a person finds it at."""
    facts = {"column": fault.column or "", "row": fault.row or ""} | {
        name: " ".join(fact.splitlines()) if isinstance(fact, str) else fact for name, fact in fault.facts.items()
    }
    sentence = say(fault.code if "." in fault.code else f"faults.{fault.code}", **facts)
    if fault.row is None:
        return sentence
    if fault.column is None:
        return say("faults.at_row", row=fault.row, sentence=sentence)
    return say("faults.at_cell", row=fault.row, column=fault.column, sentence=sentence)


def explain_note(note: Fault) -> str:
    """A note in words; notes stand in the same topic as faults."""
    return explain_fault(note)


def explain_damage(damage: str) -> str:
    """A result row's `damage` in words, for the reason of its disposition; '' for a sound row."""
    return "; ".join(say(f"faults.damage_{code}") for code in damage.split(",") if code)
