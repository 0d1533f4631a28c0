"""Files that outlive a power cut: what is only in the memory of the machine goes with it."""

import os
from pathlib import Path


def flush(path: Path) -> None:
    """A file, or a folder with all that is in it, is on the disk when this returns, and so is its name."""
    within = sorted(path.rglob("*")) if path.is_dir() else []
    for each in (*within, path, path.parent):
        if not each.is_symlink():
            settle(each)


def settle(path: Path) -> None:
    """The bytes of one file are on the disk, or of one folder the names in it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
