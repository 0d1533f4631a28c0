"""The key that signs the daily head of the log: Ed25519, apart from the keys of identifiers (docs/operations.md).

Its file keeps the public keys of earlier years beside it, so that old heads can still be held against the office.
"""

import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from gandeng.audit.key_files import write_once


@dataclass(frozen=True)
class LogKey:
    """`private` signs; `earlier` are public keys, as base64, that signed before it."""

    private: Ed25519PrivateKey
    earlier: tuple[str, ...] = ()

    @property
    def public(self) -> bytes:
        """The 32 bytes everybody may know."""
        return self.private.public_key().public_bytes_raw()

    @property
    def public_text(self) -> str:
        """As pages and papers print it: base64, 44 characters."""
        return base64.b64encode(self.public).decode()


def make_log_key(path: Path) -> None:
    """Write a fresh key file, readable by its owner alone; an existing one is left."""
    write_once(path, _fresh)


def _fresh() -> dict[str, object]:
    key = LogKey(Ed25519PrivateKey.generate())
    private = base64.b64encode(key.private.private_bytes_raw()).decode()
    return {"private": private, "public": key.public_text, "earlier": []}


def log_key() -> LogKey | None:
    """The office's key, read once per process; None where there is none."""
    path = settings.LOG_KEY_FILE
    return read(path) if path.exists() else None


@cache
def read(path: Path) -> LogKey:
    """The key of that file."""
    told = json.loads(path.read_text(encoding="utf-8"))
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(told["private"]))
    return LogKey(private, tuple(told.get("earlier", ())))
