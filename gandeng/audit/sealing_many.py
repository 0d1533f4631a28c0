"""Sealing and indexing for a column of many rows: the same values as `audit.sealing` makes one by one.

A list of a province seals a million of them, and there most of the time went into what is the same for each.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag

from gandeng.audit.sealing import _NONCE, _VERSION, Kind, NotOurs, Place, keys, unseal

_BLOCK, _INDEX = 64, 16
_INNER, _OUTER = (bytes(each ^ pad for each in range(256)) for pad in (0x36, 0x5C))


def seal_all(table: str, column: str, rows: Iterable[str], texts: Sequence[str]) -> list[bytes]:
    """`seal` for each text, bound to its row's key. A nonce for each, drawn all at once and each used once."""
    own = keys()
    version = own.newest
    encrypt, head = own.ciphers[version].encrypt, version.to_bytes(_VERSION, "big")
    front, back = _around(table, column, version)
    drawn = secrets.token_bytes(_NONCE * len(texts))
    nonces = (drawn[at : at + _NONCE] for at in range(0, len(drawn), _NONCE))
    return [
        head + nonce + encrypt(nonce, text.encode(), f"{front}{row}{back}".encode()) if text else b""
        for row, text, nonce in zip(rows, texts, nonces, strict=True)
    ]


def unseal_all(table: str, column: str, rows: Iterable[str], sealed: Iterable[bytes]) -> list[str]:
    """`unseal` for each value. Raises NotOurs where one of them is not."""
    ways = dict[bytes, Callable[[str, bytes], str]]()
    told = []
    for row, each in zip(rows, sealed, strict=True):
        if not each:
            told.append("")
            continue
        version = each[:_VERSION]
        way = ways.get(version) or ways.setdefault(version, _way(table, column, version))
        told.append(way(row, each))
    return told


def _way(table: str, column: str, version: bytes) -> Callable[[str, bytes], str]:
    """How values sealed by that version of the key are opened."""
    number = int.from_bytes(version, "big")
    cipher = keys().ciphers.get(number)
    if cipher is None:  # a key that came since, or is gone
        return lambda row, sealed: unseal(sealed, Place(table, column, row))
    decrypt, (front, back) = cipher.decrypt, _around(table, column, number)

    def opened(row: str, sealed: bytes) -> str:
        try:
            return decrypt(sealed[_VERSION:_END], sealed[_END:], f"{front}{row}{back}".encode()).decode()
        except InvalidTag as error:
            raise NotOurs(column) from error

    return opened


_END = _VERSION + _NONCE


def _around(table: str, column: str, version: int) -> tuple[str, str]:
    """What a seal is bound to, before and after the key of the row."""
    front, back = Place(table, column, "\0").bound(version).decode().split("\0")
    return front, back


def blind_all(kind: Kind, texts: Iterable[str]) -> list[bytes | None]:
    """`blind` for each text."""
    inner, outer = _begun(keys().index[kind])
    return [_indexed(inner, outer, f"{kind}\x00{text}") if text else None for text in texts]


def blind_accounts(channels: Iterable[str], numbers: Iterable[str]) -> list[bytes | None]:
    """`blind_account` for each pair."""
    inner, outer = _begun(keys().index["account"])
    return [
        _indexed(inner, outer, f"account\x00{channel}\x00{number.lstrip('0') or '0'}") if number else None
        for channel, number in zip(channels, numbers, strict=True)
    ]


@lru_cache
def _begun(key: bytes) -> tuple[Any, Any]:
    """The two hashes of HMAC-SHA-256 with the key in them already, to be copied (RFC 2104; keys are 32 bytes)."""
    block = key.ljust(_BLOCK, b"\0")
    return hashlib.sha256(block.translate(_INNER)), hashlib.sha256(block.translate(_OUTER))


def _indexed(inner: Any, outer: Any, text: str) -> bytes:
    first, last = inner.copy(), outer.copy()
    first.update(text.encode())
    last.update(first.digest())
    digest: bytes = last.digest()
    return digest[:_INDEX]
