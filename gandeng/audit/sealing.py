"""Identifiers at rest: sealed with AES-GCM, found again by a keyed blind index (docs/threats.md, 7.4).

The bytes of a sealed value begin with the version of its key and a nonce, and are bound to their table, column and
row: moved elsewhere they do not open. The index is HMAC-SHA-256 cut to 16 bytes, with a key per kind of identifier;
behind the version of its key, but for the first, whose indexes are those 16 bytes alone.

The file of keys is looked at every few seconds: a version that was added seals from then on, without a restart.
"""

import base64
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from gandeng.audit import kept_files
from gandeng.audit.key_files import changing, write_once

Kind = Literal["nik", "kk", "account"]
KINDS: tuple[Kind, ...] = ("nik", "kk", "account")

_NONCE, _VERSION = 12, 2
_INDEX = 16
_LOOK_SECONDS = 5.0


class KeysMissing(RuntimeError):
    """There is no key file; `gandeng keys make` writes one."""


class NotOurs(ValueError):
    """The sealed bytes were changed, moved, or sealed with a key that is gone."""


@dataclass(frozen=True)
class Keys:
    """`data` by version, the newest seals; `index` by version and kind, the newest is what is looked for."""

    data: Mapping[int, bytes]
    index: Mapping[int, Mapping[str, bytes]]

    @cached_property
    def newest(self) -> int:
        """Version that seals."""
        return max(self.data)

    @cached_property
    def newest_index(self) -> int:
        """Version that indexes what the registry has now."""
        return max(self.index)

    @cached_property
    def ciphers(self) -> Mapping[int, AESGCM]:
        """By version; made once, for a list seals hundreds of thousands of values."""
        return {version: AESGCM(key) for version, key in self.data.items()}


@dataclass(frozen=True)
class Place:
    """Where a sealed value lies."""

    table: str
    column: str
    row: str

    def bound(self, version: int) -> bytes:
        """What the seal is bound to."""
        return f"{self.table}|{self.column}|{self.row}|{version}".encode()


def make_keys(path: Path) -> None:
    """Write a fresh key file, readable by its owner alone. An existing one is left: its loss is loss of data."""
    write_once(path, lambda: {"data": {"1": _fresh()}, "index": _fresh_index()})


class InUse(ValueError):
    """The version that seals is not taken out of the file."""


class NoSuchVersion(ValueError):
    """The file has no key of that version."""


def add_version(path: Path) -> int:
    """A fresh key, which seals from now on; all older ones stay and open what they sealed. Gives its version."""
    with changing(path) as told:
        version = max(int(each) for each in told["data"]) + 1
        told["data"][str(version)] = _fresh()
    return version


def add_index_version(path: Path) -> int:
    """Fresh keys of indexes, by which everything is looked for from now on: the registry must be indexed with them.

    Older ones stay, for what is indexed with them and stays so. Gives the version. To be called while nothing serves.
    """
    with changing(path) as told:
        later = told.setdefault("index_later", {})
        version = max([1, *(int(each) for each in later)]) + 1
        later[str(version)] = _fresh_index()
    return version


def take_back_index_version(path: Path, version: int) -> None:
    """The file without keys of indexes that nothing was indexed with."""
    with changing(path) as told:
        del told["index_later"][str(version)]


def require(path: Path, version: int) -> None:
    """Raises NoSuchVersion where the file has no such key, InUse where it is the one that seals."""
    _require(json.loads(path.read_text(encoding="utf-8")), version)


def _require(told: dict[str, Any], version: int) -> None:
    if str(version) not in told["data"]:
        raise NoSuchVersion(version)
    if version == max(int(each) for each in told["data"]):
        raise InUse(version)


def take_out(path: Path, version: int) -> None:
    """The file without that key: what it sealed never opens again. Raises InUse, NoSuchVersion."""
    with changing(path) as told:
        _require(told, version)
        del told["data"][str(version)]


@dataclass(frozen=True)
class _Known:
    keys: Keys
    stamp: tuple[int, ...]
    looked_at: float


_known: dict[Path, _Known] = {}


def keys() -> Keys:
    """The office's keys. Raises KeysMissing."""
    known = _known.get(settings.KEY_FILE)
    if known is not None and time.monotonic() - known.looked_at < _LOOK_SECONDS:
        return known.keys
    return _look(settings.KEY_FILE)


def _look(path: Path) -> Keys:
    """The keys as the file has them now. Once known, they stay where it cannot be read."""
    known = _known.get(path)
    try:
        found = path.stat()
        stamp: tuple[int, ...] = (found.st_mtime_ns, found.st_ino, found.st_size)
        there = known.keys if known is not None and known.stamp == stamp else _read(path)
    except FileNotFoundError as error:
        if known is None:
            raise KeysMissing(str(path)) from error
        there, stamp = known.keys, known.stamp
    except (OSError, ValueError):
        if known is None:
            raise
        there, stamp = known.keys, known.stamp
    _known[path] = _Known(there, stamp, time.monotonic())
    return there


def _read(path: Path) -> Keys:
    told = json.loads(path.read_text(encoding="utf-8"))
    data = {int(version): base64.b64decode(key) for version, key in told["data"].items()}
    versions = {"1": told["index"], **told.get("index_later", {})}
    index = {
        int(version): {kind: base64.b64decode(key) for kind, key in kinds.items()}
        for version, kinds in versions.items()
    }
    return Keys(data, index)


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _fresh_index() -> dict[str, str]:
    return {kind: _fresh() for kind in KINDS}


def seal_content(content: bytes, place: Place) -> bytes:
    """A file sealed for its place, here or where the office keeps files; an empty one stays empty. Raises OSError."""
    if content and settings.FILES:
        return seal(kept_files.keep(content, place), place)
    return seal(base64.b64encode(content).decode(), place)


def unseal_content(sealed: bytes, place: Place) -> bytes:
    """The file again, wherever it lies. Raises NotOurs, OSError."""
    text = unseal(sealed, place)
    if not text.startswith(kept_files.MARK):
        return base64.b64decode(text)
    try:
        return kept_files.opened(text, place)
    except (InvalidTag, ValueError) as error:
        raise NotOurs(place.column) from error


def seal(text: str, place: Place) -> bytes:
    """The text sealed for its place; empty text stays empty."""
    if not text:
        return b""
    own = keys()
    version, nonce = own.newest, secrets.token_bytes(_NONCE)
    sealed = own.ciphers[version].encrypt(nonce, text.encode(), place.bound(version))
    return version.to_bytes(_VERSION, "big") + nonce + sealed


def version_of(sealed: bytes) -> int:
    """Version of the key that sealed; 0 for an empty value."""
    return int.from_bytes(sealed[:_VERSION], "big")


def unseal(sealed: bytes, place: Place) -> str:
    """The text again. Raises NotOurs. Screens go through `audit.actions.reveal`, which asks why and writes it down."""
    sealed = bytes(sealed)
    if not sealed:
        return ""
    version = version_of(sealed)
    nonce, rest = sealed[_VERSION : _VERSION + _NONCE], sealed[_VERSION + _NONCE :]
    cipher = keys().ciphers.get(version) or _look(settings.KEY_FILE).ciphers.get(version)
    if cipher is None:
        raise NotOurs(place.column)
    try:
        return cipher.decrypt(nonce, rest, place.bound(version)).decode()
    except InvalidTag as error:
        raise NotOurs(place.column) from error


def blind(kind: Kind, text: str, version: int | None = None) -> bytes | None:
    """Index of an identifier as text of digits; None for an empty one, which equals nothing.

    With the newest key, or that of `version`. Raises NoSuchVersion.
    """
    if not text:
        return None
    version = version or keys().newest_index
    told = hmac.digest(index_key(kind, version), f"{kind}\x00{text}".encode(), "sha256")[:_INDEX]
    return index_head(version) + told


def blind_account(channel: str, account_no: str, version: int | None = None) -> bytes | None:
    """Index of an account of a channel; leading zeros, which spreadsheets drop, do not count."""
    return blind("account", f"{channel}\x00{account_no.lstrip('0') or '0'}", version) if account_no else None


def index_version(index: bytes) -> int:
    """Version of the key that made the index."""
    return 1 if len(index) == _INDEX else int.from_bytes(index[:_VERSION], "big")


INDEX_VERSION = "case when octet_length({0}) = 16 then 1 else get_byte({0}, 0) * 256 + get_byte({0}, 1) end"
"""The same in SQL, of a column."""


def index_head(version: int) -> bytes:
    """What stands before the index."""
    return b"" if version == 1 else version.to_bytes(_VERSION, "big")


def index_key(kind: Kind, version: int) -> bytes:
    """Raises NoSuchVersion."""
    told = keys().index.get(version) or _look(settings.KEY_FILE).index.get(version)
    if told is None:
        raise NoSuchVersion(version)
    return told[kind]
