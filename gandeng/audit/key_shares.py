"""The key file in shares (Shamir): any `needed` of them give it back, fewer say nothing of it (docs/threats.md, I7).

The file is sealed with AES-GCM under a key that is made for this and forgotten; that key is what is shared, over
GF(2^128) by PyCryptodome. Every share carries the sealed file, so shares are all that is needed. Shares of different
splittings do not go together.
"""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from Cryptodome.Protocol.SecretSharing import Shamir
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gandeng.audit.key_files import write_new

FORM = "gandeng-key-share-1"
SHARES_MAX = 20

_KEY, _NONCE = 16, 12


class NotAShare(ValueError):
    """The file is no share, or none of this form."""


class SharesDoNotFit(ValueError):
    """Too few, of different splittings, or changed."""


@dataclass(frozen=True)
class Share:
    """One of `shares`, of which `needed` are; `sealed` is the key file, the same in each of a splitting."""

    splitting: str
    number: int
    shares: int
    needed: int
    share: str
    sealed: str
    form: str = FORM

    @property
    def bound(self) -> bytes:
        """What the sealed file is bound to."""
        return f"{self.form}|{self.splitting}|{self.shares}|{self.needed}".encode()


def split(content: bytes, *, shares: int, needed: int) -> list[Share]:
    """The content in that many shares. Raises ValueError for numbers that make no sense."""
    if not 2 <= needed <= shares <= SHARES_MAX:
        raise ValueError(f"{needed} of {shares}")
    key, nonce, splitting = secrets.token_bytes(_KEY), secrets.token_bytes(_NONCE), secrets.token_hex(4)
    empty = Share(splitting, 0, shares, needed, "", "")
    sealed = base64.b64encode(nonce + AESGCM(key).encrypt(nonce, content, empty.bound)).decode()
    made = [
        Share(splitting, number, shares, needed, part.hex(), sealed)
        for number, part in Shamir.split(needed, shares, key, ssss=False)
    ]
    for first in range(shares):  # each is tried before anybody relies on it
        if join([made[(first + place) % shares] for place in range(needed)]) != content:
            raise SharesDoNotFit(splitting)
    return made


def join(shares: Sequence[Share]) -> bytes:
    """What was split. Raises SharesDoNotFit."""
    told = {(each.splitting, each.shares, each.needed, each.sealed) for each in shares}
    parts = {each.number: bytes.fromhex(each.share) for each in shares}
    if len(told) != 1 or len(parts) < shares[0].needed or any(len(part) != _KEY for part in parts.values()):
        raise SharesDoNotFit
    sealed = base64.b64decode(shares[0].sealed)
    key = Shamir.combine(list(parts.items())[: shares[0].needed], ssss=False)
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], shares[0].bound)
    except InvalidTag as error:
        raise SharesDoNotFit from error


def write(made: Sequence[Share], folder: Path) -> list[Path]:
    """Each share into a file of its own, readable by its owner alone. Raises FileExistsError."""
    paths = [folder / f"share-{each.splitting}-{each.number}-of-{each.shares}.json" for each in made]
    for path, each in zip(paths, made, strict=True):
        write_new(path, json.dumps(asdict(each), indent=1).encode())
    return paths


def read(path: Path) -> Share:
    """A share of a file. Raises NotAShare."""
    try:
        share = Share(**json.loads(path.read_text(encoding="utf-8")))
        bytes.fromhex(share.share)
    except (ValueError, TypeError, AttributeError) as error:
        raise NotAShare(str(path)) from error
    if share.form != FORM:
        raise NotAShare(str(path))
    return share
