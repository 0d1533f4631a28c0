"""The frozen registry of a cycle: two Parquet files of `registry.snapshots`, known by the digest of their bytes."""

import hashlib
from pathlib import Path

from gandeng.registry.snapshots import SEALS

FILES = ("families.parquet", "members.parquet")
_CHUNK = 1 << 20


class FrozenChanged(Exception):
    """The files are no longer those that were frozen."""


def digest_of(folder: Path) -> str:
    """SHA-256 over the bytes of both files, families first. Raises FrozenChanged where one is missing."""
    digest = hashlib.sha256()
    for name in FILES:
        try:
            with (folder / name).open("rb") as file:
                while block := file.read(_CHUNK):
                    digest.update(block)
        except OSError as error:
            raise FrozenChanged(name) from error
    return digest.hexdigest()


def prove(folder: Path, digest: str) -> None:
    """Raises FrozenChanged where the files are not those of that digest, or the seals beside them are gone."""
    for name in SEALS:
        if not (folder / name).exists():
            raise FrozenChanged(name)
    if digest_of(folder) != digest:
        raise FrozenChanged(folder.name)
