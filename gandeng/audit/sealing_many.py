"""Sealing and indexing for a column of many rows: the same values as `audit.sealing` makes one by one.

A list of a province seals a million of them, and there most of the time went into what is the same for each.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from gandeng.audit.sealing import (
    _INDEX,
    _NONCE,
    _VERSION,
    Kind,
    NotOurs,
    Place,
    index_head,
    index_key,
    keys,
    unseal,
)


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


def resealed_all(
    of: tuple[str, str], rows: Iterable[str], sealed: Sequence[bytes | None], place: tuple[str, str],
    new_rows: Iterable[str],
) -> list[bytes]:  # fmt: skip
    """Each value opened where it is and sealed for its row of another place; tables with their columns. Raises NotOurs.

    What is opened is held by nobody longer than for its own sealing.
    """
    own = keys()
    version = own.newest
    encrypt, head = own.ciphers[version].encrypt, version.to_bytes(_VERSION, "big")
    front, back = _around(*place, version)
    drawn = secrets.token_bytes(_NONCE * len(sealed))
    ways = dict[bytes, Callable[[str, bytes], str]]()
    anew = []
    for at, (row, each, new_row) in enumerate(zip(rows, sealed, new_rows, strict=True)):
        if not each:
            anew.append(b"")
            continue
        way = ways.get(each[:_VERSION]) or ways.setdefault(each[:_VERSION], _way(*of, each[:_VERSION]))
        nonce = drawn[at * _NONCE : (at + 1) * _NONCE]
        anew.append(head + nonce + encrypt(nonce, way(row, each).encode(), f"{front}{new_row}{back}".encode()))
    return anew


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


def blind_all(kind: Kind, texts: Iterable[str], version: int | None = None) -> list[bytes | None]:
    """`blind` for each text."""
    indexed = _indexer(kind, version)
    return [indexed(text) if text else None for text in texts]


def blind_accounts(channels: Iterable[str], numbers: Iterable[str], version: int | None = None) -> list[bytes | None]:
    """`blind_account` for each pair."""
    indexed = _indexer("account", version)
    return [
        indexed(f"{channel}\x00{number.lstrip('0') or '0'}") if number else None
        for channel, number in zip(channels, numbers, strict=True)
    ]


def _indexer(kind: Kind, version: int | None) -> Callable[[str], bytes]:
    """The index of that kind with its key in it already, to be copied for each text."""
    version = version or keys().newest_index
    head, begun = index_head(version), HMAC(index_key(kind, version), SHA256())
    begun.update(f"{kind}\x00".encode())

    def indexed(text: str) -> bytes:
        one = begun.copy()
        one.update(text.encode())
        return head + one.finalize()[:_INDEX]

    return indexed
