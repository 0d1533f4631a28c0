"""Files of keys: readable by their owner alone, written whole or not at all."""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gandeng.files.flushed import flush

_OTHERS = 0o077


class OpenToOthers(ValueError):
    """Others than its owner may read or write the file."""


def write_once(path: Path, make: Callable[[], dict[str, object]]) -> None:
    """Write what `make` gives as JSON. An existing file is left: its loss is loss of data."""
    if not path.exists():
        write_new(path, json.dumps(make()).encode())


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, readable by its owner alone. Raises FileExistsError.

    Where it cannot be written nothing is left in its place, which would be taken for keys.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        flush(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def changing(path: Path) -> Iterator[dict[str, Any]]:
    """What the file holds, to be changed by the block; then it is replaced whole, and stays its owner's.

    One at a time; where the block fails the file stays as it was. Raises OpenToOthers, OSError.
    """
    path = path.resolve()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        found = path.stat()
        if found.st_mode & _OTHERS:
            raise OpenToOthers(str(path))
        for left in path.parent.glob(f".{path.name}.*"):  # of one that was killed: it holds keys
            left.unlink()
        told = json.loads(path.read_text(encoding="utf-8"))
        yield told
        _replace(path, told, found)
        os.fsync(folder)
    finally:
        os.close(folder)


def _replace(path: Path, told: dict[str, Any], found: os.stat_result) -> None:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(told, file)
            file.flush()
            own = os.fstat(file.fileno())
            if (own.st_uid, own.st_gid) != (found.st_uid, found.st_gid):
                os.fchown(file.fileno(), found.st_uid, found.st_gid)
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
