"""The code on the wall of a training: a new one every minute, good for a few, made from the secret of the day.

Pure: the secret and the second are arguments.
"""

import hmac
from hashlib import sha256

STEP_SECONDS = 60
BEFORE = 2
"""Codes before the present one that still count: a slow phone has two to three minutes."""
REMEMBERED = 30
"""Codes this old are no longer good, but were real: whoever is late has not guessed."""

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two that are not taken for one another when read from a wall and typed."""
LENGTH = 8


def step_of(second: float) -> int:
    """Which code it is the time of."""
    return int(second // STEP_SECONDS)


def seconds_left(second: float) -> int:
    """Until the next code; at least one."""
    return max(1, STEP_SECONDS - int(second % STEP_SECONDS))


def code_at(secret: bytes, second: float) -> str:
    """The code the wall shows then."""
    return _code(secret, step_of(second))


def is_good(secret: bytes, typed: str, second: float) -> bool:
    """True for the present code and those just before it."""
    return _among(secret, typed, second, 0, BEFORE)


def is_late(secret: bytes, typed: str, second: float) -> bool:
    """True for a code of a while ago."""
    return _among(secret, typed, second, BEFORE + 1, REMEMBERED)


def tidy(typed: str) -> str:
    """As it is compared: spaces, dashes and small letters do not matter."""
    return "".join(char for char in typed.upper() if char.isascii() and char.isalnum())[: 2 * LENGTH]


def _among(secret: bytes, typed: str, second: float, first: int, last: int) -> bool:
    """Every code is compared, and each in constant time."""
    now, given = step_of(second), tidy(typed).encode()
    found = [hmac.compare_digest(_code(secret, now - ago).encode(), given) for ago in range(first, last + 1)]
    return any(found)


def _code(secret: bytes, step: int) -> str:
    told = hmac.digest(secret, step.to_bytes(8, "big"), sha256)
    return "".join(LETTERS[byte % len(LETTERS)] for byte in told[:LENGTH])
