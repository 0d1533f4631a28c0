"""Where the files lie that people send: in the database, a folder of the office, or a bucket that speaks S3.

Outside the database each is sealed under a key of its own. The row keeps that key and the file's digest, sealed as
every value is (`sealing.seal_content`): a new key of the office touches no file, a file that was changed or put in
another's place does not open, and a row that goes takes the key with it. A file is there before its row is, so one
that no row names is left over, and `sweep` takes it away.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from gandeng.files.flushed import settle

if TYPE_CHECKING:
    from obstore.store import RetryConfig, S3Config, S3Store

    from gandeng.audit.sealing import Place

FOLDER = "kept"
"""In GANDENG_DATA, and so in its backups."""

MARK = "\0"
"""Begins what a row keeps of a file elsewhere; no text of people and no base64 has it."""

_NONCE = 12
_BATCH = 1_000
_RETRY: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
"""A person waits for the answer."""
_YOUNG = timedelta(days=30)
"""Its transaction may not have ended; and a backup brought back on the same bucket knows nothing of it yet."""


class StoreAway(OSError):
    """The bucket does not answer, or no longer has the file."""


class Store(Protocol):
    """Names are paths of letters, digits, dots and dashes; what is kept is never written over with other bytes."""

    def put(self, name: str, content: bytes) -> None:
        """Keep it, lasting when this comes back. Raises OSError."""

    def get(self, name: str) -> bytes:
        """The bytes. Raises OSError."""

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Everything there, and since when."""

    def remove(self, name: str) -> None:
        """What is not there is removed already."""


@dataclass(frozen=True)
class Folder:
    """Files below a folder."""

    root: Path

    def put(self, name: str, content: bytes) -> None:
        """Under another name first, so that half a file never has this one."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with fresh.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        for folder in (path.parent, path.parent.parent):
            settle(folder)

    def get(self, name: str) -> bytes:
        """The bytes."""
        return (self.root / name).read_bytes()

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Half files of writers that were killed too."""
        for folder, _, files in os.walk(self.root):
            for path in (Path(folder) / name for name in files):
                yield path.relative_to(self.root).as_posix(), datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def remove(self, name: str) -> None:
        """Its own folder goes with the last file."""
        path = self.root / name
        path.unlink(missing_ok=True)
        with suppress(OSError):
            path.parent.rmdir()


@dataclass(frozen=True)
class Bucket:
    """A bucket, by obstore; its key stands in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."""

    address: str
    """s3://bucket/folder"""
    endpoint: str = ""
    region: str = ""

    def put(self, name: str, content: bytes) -> None:
        """One request, whole or not at all."""
        with _answering():
            self._opened().put(name, content)

    def get(self, name: str) -> bytes:
        """The bytes."""
        with _answering():
            return self._opened().get(name).bytes().to_bytes()

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Asked for page by page."""
        with _answering():
            for page in self._opened().list():
                for each in page:
                    yield each["path"], each["last_modified"]

    def remove(self, name: str) -> None:
        """S3 says yes to what is not there."""
        with _answering():
            self._opened().delete(name)

    def _opened(self) -> "S3Store":
        return _bucket(self.address, self.endpoint, self.region)


@lru_cache(maxsize=4)
def _bucket(address: str, endpoint: str, region: str) -> "S3Store":
    from obstore.store import S3Store  # an extra: pip install gandeng[s3]

    config: S3Config = {}
    if endpoint:
        config["endpoint"] = endpoint
    if region:
        config["region"] = region
    plain = endpoint.startswith("http://")
    return S3Store.from_url(address, config=config, client_options={"allow_http": plain}, retry_config=_RETRY)


@contextmanager
def _answering() -> Iterator[None]:
    """What the library says becomes StoreAway, without its words: they name addresses."""
    try:
        yield
    except Exception as error:
        raise StoreAway(type(error).__name__) from error


def store_of(told: str, data: Path, endpoint: str = "", region: str = "") -> Store:
    """The store that GANDENG_FILES names; where it names the database, the folder of what was kept outside before."""
    return Bucket(told, endpoint, region) if told.startswith("s3://") else Folder(data / FOLDER)


def store() -> Store:
    """As the settings say."""
    return store_of(settings.FILES, settings.DATA_DIR, settings.FILES_ENDPOINT, settings.FILES_REGION)


def keep(content: bytes, place: "Place") -> str:
    """Keep it outside the database; what the row is to seal of it. Raises OSError."""
    key, nonce = AESGCM.generate_key(bit_length=256), secrets.token_bytes(_NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, content, place.bound(0))
    digest = hashlib.sha256(sealed).hexdigest()
    store().put(name_of(place.table, place.column, place.row, digest), sealed)
    return f"{MARK}{digest}:{key.hex()}"


def digest_of(text: str) -> str:
    """Of the file, as what `keep` gave says it."""
    return text.removeprefix(MARK).partition(":")[0]


def opened(text: str, place: "Place") -> bytes:
    """The file that `keep` kept. Raises OSError where it is gone, InvalidTag or ValueError where it is another."""
    digest, key = digest_of(text), text.partition(":")[2]
    sealed = store().get(name_of(place.table, place.column, place.row, digest))
    if hashlib.sha256(sealed).hexdigest() != digest:
        raise ValueError(place.column)
    return AESGCM(bytes.fromhex(key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], place.bound(0))


def name_of(table: str, column: str, row: str, digest: str) -> str:
    """Its place, so that what is left over is found; the digest, so that two writers of one place never meet."""
    return f"{table}.{column}/{row}/{digest}"


def sweep(named: Callable[[str, str, list[str]], Mapping[str, str]]) -> int:
    """Remove what no row names; `named` gives of table, column and rows the digest each keeps. Gives how many went."""
    gone, where = 0, store()
    old = (name for name, since in where.names() if datetime.now(UTC) - since > _YOUNG)
    for names in batched(old, _BATCH):
        told = [(name, *_place_of(name)) for name in names]
        kept: dict[tuple[str, str, str], str] = {}
        for table, column in {(table, column) for _, table, column, *_ in told}:
            rows = [row for _, its, of, row, _ in told if (its, of) == (table, column)]
            kept |= {(table, column, row): digest for row, digest in named(table, column, rows).items()}
        for name, table, column, row, digest in told:
            if kept.get((table, column, row)) != digest:
                where.remove(name)
                gone += 1
    return gone


def _place_of(name: str) -> tuple[str, str, str, str]:
    """Table, column, row and digest; of half a file that a killed writer left, no digest there is."""
    place, _, rest = name.partition("/")
    row, _, digest = rest.partition("/")
    table, _, column = place.partition(".")
    return table, column, row, digest
