"""Wrong codes of a wall, counted per person and per network: whoever guesses is stopped long before the code is new.

Counted where attempts to sign in are counted (`accounts.counts`), and nowhere else.
"""

import time
from collections.abc import Iterable

from django.core.cache import cache
from django.utils.crypto import salted_hmac

SECONDS = 600
PER_PERSON = 8
PER_NETWORK = 80
"""A hall shares one network: a hundred people each mistyping once must not lock the door."""


def too_many(person: object, address: str) -> bool:
    """True where this person, or the network, was wrong too often within ten minutes."""
    return any(len(_recent(key)) >= most for key, most in _keys(person, address))


def count(person: object, address: str) -> None:
    """One more wrong code."""
    for key, _most in _keys(person, address):
        cache.set(key, [*_recent(key), time.time()], SECONDS)


def _recent(key: str) -> list[float]:
    since = time.time() - SECONDS
    return [at for at in cache.get(key, []) if at > since]


def _keys(person: object, address: str) -> Iterable[tuple[str, int]]:
    """The address itself is kept nowhere."""
    for what, most in ((f"person:{person}", PER_PERSON), (f"network:{address}", PER_NETWORK)):
        yield f"training-tries-{salted_hmac('gandeng.training.tries', what, algorithm='sha256').hexdigest()[:40]}", most
