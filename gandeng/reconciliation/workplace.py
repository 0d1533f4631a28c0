"""Where a run works: a folder, gone afterwards, and one DuckDB for the files in it."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from django.conf import settings

from gandeng.engine import connect

_YOUNG_SECONDS = 3600
"""A folder younger than that may be about to be held."""


@dataclass(frozen=True)
class Workplace:
    """Opening a DuckDB costs more than most steps: they share one, and whoever makes a table in it drops it."""

    folder: Path
    con: duckdb.DuckDBPyConnection


@contextmanager
def workplace() -> Iterator[Workplace]:
    """For one run; what killed runs left goes first, for a bank's rows lie in it as they came."""
    home = settings.DATA_DIR / "work"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(home)
    with working_in(Path(tempfile.mkdtemp(prefix="reconcile-", dir=home))) as work:
        yield work


@contextmanager
def working_in(folder: Path) -> Iterator[Workplace]:
    """In that folder, held for as long as it takes; nothing of it stays."""
    folder.mkdir(exist_ok=True)
    try:
        with _held(folder), closing(connect(folder / "spill-between-steps")) as con:
            yield Workplace(folder, con)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(home: Path) -> None:
    """Folders that nobody holds: the hold of a process that was killed went with it."""
    for left in home.glob("reconcile-*"):
        try:
            if time.time() - left.stat().st_mtime > _YOUNG_SECONDS:
                with _held(left):
                    shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue  # somebody works there, or was quicker


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Raises BlockingIOError where another holds it."""
    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(place)
