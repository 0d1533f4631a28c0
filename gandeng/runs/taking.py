"""The files of one run, taken side by side: each has a child process, and starting it is most of a small file."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from gandeng.core.faults import FileRefused, all_refused
from gandeng.engine import Progress
from gandeng.files.intake import Children, Taken, take
from gandeng.files.layouts import Layout
from gandeng.files.profiles import Profile

AT_ONCE = 2
"""Children that read at the same time; each may take the memory `files.limits` allows one."""

_MOMENT_SECONDS = 0.02


@dataclass(frozen=True)
class Given:
    """A file a run was given: what it is read as, the name it goes by, and the profile a person chose, if any."""

    path: Path
    layout: Layout
    source: str
    profile: Profile | None = None


def take_all(given: Sequence[Given], work: Path, progress: Progress) -> list[Taken]:
    """Take the files in their order. Raises FileRefused with the faults of every file refused; none is then used."""
    children: Children = []
    taken: list[Taken] = []
    refused: list[FileRefused] = []
    with ThreadPoolExecutor(AT_ONCE) as readers:
        waiting = [readers.submit(_take, one, work, children) for one in given]
        try:
            for one, file in zip(given, waiting, strict=True):
                progress(one.source, 0, 0)
                try:
                    taken.append(file.result())
                except FileRefused as refusal:
                    refused.append(refusal)
        except BaseException:
            readers.shutdown(wait=False, cancel_futures=True)
            _stop(waiting, children)
            raise
    if refused:
        raise all_refused(refused)
    return taken


def _take(one: Given, work: Path, children: Children) -> Taken:
    return take(one.path, one.layout, work, source=one.source, profile=one.profile, children=children)


def _stop(waiting: Sequence[Future[Taken]], children: Children) -> None:
    """Nobody who stops a run waits for the reading of a file."""
    while not all(file.done() for file in waiting):
        for child in children:
            child.kill()
        time.sleep(_MOMENT_SECONDS)
