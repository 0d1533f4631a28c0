"""Files of the office with sealed values in them: lists that came in, and what payment lists are made from.

All are Parquet with a column of sealed bytes; a file is replaced whole or not at all. No digest covers the bytes.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import time

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, transaction

from gandeng.audit.sealing import Place, version_of
from gandeng.facilitators.identities import NUMBERS, seals_of
from gandeng.facilitators.identities import TABLE as IDENTITIES
from gandeng.files.flushed import settle
from gandeng.registry.snapshots import ACCOUNT_SEALS, NIK_SEALS

type Again = Callable[[str, bytes, Place], bytes]
"""Gets the kind of file, a sealed value and its place; gives the value sealed again."""

_ROWS = 20_000
_FORGOTTEN_SECONDS = 86_400

UNREADABLE = 0
"""Counted as the version of a file that is being written, or damaged."""


@dataclass(frozen=True)
class _File:
    """A file, which value of a row is sealed, and in which column stands what its place is told by."""

    path: Path
    column: str
    key: str
    place: Callable[[str], Place]


@dataclass(frozen=True)
class _Kind:
    """Folders `<folder>/<id>` or below, each belonging to a row of `table`, and their files."""

    name: str
    table: str
    folders: str
    files: Callable[[Path], list[_File]]
    row: Callable[[Path], str]


def _seals(folder: Path) -> list[_File]:
    return [
        _File(folder / ACCOUNT_SEALS, "account_sealed", "account_uuid",
              lambda row: Place("registry_account", "account", row)),
        _File(folder / NIK_SEALS, "nik_sealed", "member_uuid",
              lambda row: Place("registry_member", "nik", row)),
    ]  # fmt: skip


def _numbers(folder: Path) -> list[_File]:
    return [
        _File(seals_of(folder, number), "sealed", "own", partial(Place, IDENTITIES, number)) for number in NUMBERS
    ]  # fmt: skip


_KINDS = (
    _Kind("lists", "registry_intake", "lists/*", _seals, lambda folder: folder.name),
    _Kind("staff-lists", "facilitators_import", "staff-lists/*", _numbers, lambda folder: folder.name),
    _Kind("frozen", "payments_cycle", "cycles/*/frozen-*", _seals, lambda folder: folder.parent.name),
)
KINDS = frozenset(kind.name for kind in _KINDS)


def held() -> dict[str, Counter[int]]:
    """How many values each version seals, by kind of file."""
    told: dict[str, Counter[int]] = {}
    for kind in _KINDS:
        count = told.setdefault(kind.name, Counter())
        for folder in _folders(kind):
            for file in kind.files(folder):
                count += _versions(file)
    return told


def _versions(file: _File) -> Counter[int]:
    count: Counter[int] = Counter()
    try:
        for values in _values(file):
            count.update(version_of(value) for value in values if value)
    except FileNotFoundError:  # gone meanwhile
        return Counter()
    except (pa.ArrowInvalid, OSError):
        return Counter({UNREADABLE: 1})
    return count


def reseal(again: Again) -> Iterator[tuple[str, int]]:
    """Every file with older seals written again; gives the kind and the values. One in use is left for later."""
    for kind in _KINDS:
        for folder in _folders(kind):
            for file in kind.files(folder):
                if count := _file_again(kind, folder, file, again):
                    yield kind.name, count


def _folders(kind: _Kind) -> list[Path]:
    """Those of a row there is, and young ones whose row may come; what a killed worker left long ago is nobody's."""
    with connection.cursor() as cursor:
        cursor.execute(f"select id::text from {kind.table}")
        rows = {row for (row,) in cursor.fetchall()}
    found = sorted(path for path in Path(settings.DATA_DIR).glob(kind.folders) if path.is_dir())
    return [path for path in found if kind.row(path) in rows or time() - path.stat().st_mtime < _FORGOTTEN_SECONDS]


@contextmanager
def _row_held(kind: _Kind, folder: Path) -> Iterator[bool]:
    """Nobody applies or withdraws the list, or works on the stage, for this moment; False where somebody does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"select from {kind.table} where id::text = %s for no key update skip locked", [kind.row(folder)]
        )
        yield cursor.fetchone() is not None and folder.is_dir()


def _values(file: _File) -> Iterator[list[bytes | None]]:
    if file.path.exists():
        with pq.ParquetFile(file.path) as told:
            for batch in told.iter_batches(_ROWS, columns=[file.column], use_threads=False):
                yield batch.column(0).to_pylist()


def _file_again(kind: _Kind, folder: Path, file: _File, again: Again) -> int:
    """The file written again where any value changed, put in its place while nobody reads it. Gives how many."""
    fresh = file.path.with_suffix(".again")
    try:
        before = file.path.stat()
        if not (changed := _written(kind.name, file, fresh, again)):
            return 0
        with _row_held(kind, folder) as ours:
            if not ours or (now := file.path.stat()).st_ino != before.st_ino or now.st_mtime_ns != before.st_mtime_ns:
                return 0
            fresh.replace(file.path)
    except (FileNotFoundError, pa.ArrowInvalid):  # gone meanwhile, or being written by whoever made it
        return 0
    else:
        return changed
    finally:
        fresh.unlink(missing_ok=True)


def _written(name: str, file: _File, fresh: Path, again: Again) -> int:
    changed = 0
    with pq.ParquetFile(file.path) as told, pq.ParquetWriter(fresh, told.schema_arrow, compression="zstd") as out:
        place = told.schema_arrow.get_field_index(file.column)
        for batch in told.iter_batches(_ROWS, use_threads=False):
            old, keys = batch.column(place).to_pylist(), batch.column(file.key).to_pylist()
            new = [again(name, value, file.place(key)) if value else value
                   for key, value in zip(keys, old, strict=True)]  # fmt: skip
            changed += sum(one is not other for one, other in zip(old, new, strict=True))
            out.write_batch(batch.set_column(place, batch.schema.field(place), pa.array(new, pa.binary())))
    settle(fresh)
    return changed
