"""A run's folder appears whole or not at all: written beside, flushed, then swapped in."""

import ctypes
import errno
import json
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from gandeng.files.digests import sha256_of
from gandeng.files.flushed import flush, settle

MANIFEST = "manifest.json"
_WORK_NAME = re.compile(r"\.gandeng-(?P<pid>[0-9]+)-(?P<out>.+)-[a-z0-9_]{8}(?:-[a-z]+)?", re.DOTALL)
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_OLD_SUFFIX = "-old"


class FolderNotOurs(Exception):
    """The folder to write holds files that no run of this kind has written, or not so; it is left alone."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        self.folder = folder
        self.names = names
        super().__init__(f"{folder}: {', '.join(names)}")


@contextmanager
def published(out: Path, kind: str) -> Iterator[Path]:
    """Give a working folder beside `out`; when the block ends well its content replaces `out` in one step.

    A kill at any moment leaves the old folder or the new one. An `out` that holds anything but an earlier run of
    this kind, as its manifest lists it and as it was written, raises FolderNotOurs: before work begins, and again
    before the swap. So no run replaces the files it was given, nor what somebody has written into a result.
    """
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    _put_back(out)
    _refuse_foreign(out, kind)
    _sweep(out)
    work = _made_beside(out)
    work.chmod(0o755)
    try:
        with _terminated_like_interrupted():
            yield work
            flush(work)
            _refuse_foreign(out, kind)
            _swap_in(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _refuse_foreign(out: Path, kind: str) -> None:
    if out.exists() and not out.is_dir():
        raise FolderNotOurs(out, [out.name])
    ours = _written(out, kind)
    folders = {str(folder) for name in ours for folder in PurePosixPath(name).parents}
    for foreign in (_others(out, folder, ours.keys() | folders) for folder in sorted(folders | {"."})):
        if foreign:
            raise FolderNotOurs(out, foreign)
    if changed := [name for name, digest in ours.items() if digest and _changed(out / name, out / MANIFEST, digest)]:
        raise FolderNotOurs(out, sorted(changed))


def _written(out: Path, kind: str) -> dict[str, str]:
    """The files of the run of that kind that wrote `out`, each with its digest where the manifest has one."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        told = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        if told.get("kind", told.get("made_by")) == kind:
            return {str(entry["name"]): str(entry.get("sha256", "")) for entry in told["outputs"]} | {MANIFEST: ""}
    return {}


def _others(out: Path, folder: str, ours: Collection[str]) -> list[str]:
    """What stands in a folder of the result and is no part of it."""
    there = out / folder
    found = [entry.relative_to(out).as_posix() for entry in there.iterdir()] if there.is_dir() else []
    return sorted(name for name in found if name not in ours)


def _changed(file: Path, manifest: Path, digest: str) -> bool:
    """The file was written after its manifest and is another by now; only such a one is read."""
    later = file.is_file() and file.stat().st_mtime_ns > manifest.stat().st_mtime_ns
    return later and sha256_of(file) != digest


def _made_beside(out: Path) -> Path:
    """A new folder on the same disk as `out`, named for it and for this process."""
    return Path(tempfile.mkdtemp(prefix=f".gandeng-{os.getpid()}-{out.name}-", dir=out.parent))


def _put_back(out: Path) -> None:
    """Where folders cannot be exchanged, a kill between the two renames of `_exchange` leaves the old one beside."""
    kept = [left for left in _left_behind(out) if left.name.endswith(_OLD_SUFFIX)]
    if kept and not out.exists():
        kept[0].rename(out)


def _sweep(out: Path) -> None:
    """Remove what runs into `out` that were killed have left beside it."""
    for left in _left_behind(out):
        shutil.rmtree(left, ignore_errors=True)


def _left_behind(out: Path) -> list[Path]:
    """Folders for `out` of processes that are no more."""
    found = ((left, _WORK_NAME.fullmatch(left.name)) for left in sorted(out.parent.iterdir()))
    return [left for left, name in found if name and name["out"] == out.name and not _is_alive(int(name["pid"]))]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _swap_in(work: Path, out: Path) -> None:
    if out.exists():
        _exchange(work, out)
    else:
        work.rename(out)
    settle(out.parent)


def _exchange(work: Path, out: Path) -> None:
    """Swap two folders in one step (Linux renameat2); elsewhere by two renames, the old one kept until the second."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        done = libc.renameat2(_AT_FDCWD, os.fsencode(work), _AT_FDCWD, os.fsencode(out), _RENAME_EXCHANGE)
        if done == 0:
            return
        code = ctypes.get_errno()
        if code not in (errno.EINVAL, errno.ENOSYS, errno.EPERM):
            raise OSError(code, os.strerror(code), str(out))
    old = work.with_name(f"{work.name}{_OLD_SUFFIX}")
    out.rename(old)
    work.rename(out)
    shutil.rmtree(old)


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """SIGTERM unwinds like Ctrl-C, so that a stopped run takes its working folder away."""
    try:
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    except ValueError:  # not the main thread: whoever runs us there owns the signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def scratch(out: Path) -> Iterator[Path]:
    """A folder for what a run needs on its way, beside `out` and gone afterwards, also when the run is killed later."""
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    work = _made_beside(out)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
