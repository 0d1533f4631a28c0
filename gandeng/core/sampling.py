"""Who is asked, and what a few who were asked say about all: exact, in whole numbers (docs/algorithms/monitoring.md).

A draw orders ids by sha256(seed ‖ id) and takes the first ones. Each family has the same chance as long as nobody knows
the seed beforehand, and whoever knows it afterwards draws again and gets the same.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from math import comb

PER_MILLE = 1000
_SEED_BYTES = 32


def rank_of(seed: bytes, key: str) -> str:
    """Where a key stands in the order of a draw: the digest, as hexadecimal digits."""
    assert len(seed) == _SEED_BYTES, "a seed has 32 bytes"
    return sha256(seed + key.encode()).hexdigest()


def drawn(seed: bytes, keys: Iterable[str], many: int) -> list[str]:
    """The first `many` of the order, all where there are not more. Order and repetition of `keys` do not matter."""
    return sorted(set(keys), key=lambda key: (rank_of(seed, key), key))[:many]


def frame_digest(keys: Collection[str]) -> str:
    """What says that two frames are the same: sha256 over the sorted keys, one a line."""
    return sha256("\n".join(sorted(keys)).encode()).hexdigest()


@dataclass(frozen=True)
class Assumed:
    """What a test rests on; shares in per mille. Figures of an office, no rule of the programme."""

    background_permille: int
    """Of honest facilitators' families, how many tell of trouble all the same: a mistake, a fee, a misunderstanding."""
    false_alarm_permille: int
    """Of honest facilitators, how many may be marked at most."""
    sure_permille: int
    """How sure the bound on a share is: 950 for 95 %."""


@lru_cache(maxsize=4096)
def at_most(families: int, asked: int, troubled: int, sure_permille: int) -> int:
    """How many of `families` can be troubled at most, when `troubled` of the `asked` were: the exact upper bound.

    The largest number under which so few among the asked would still come about more often than 1 - sure; drawn without
    putting back (hypergeometric), so that asking all gives the number itself. Of none asked nothing is known.
    """
    assert 0 <= troubled <= asked <= families, (families, asked, troubled)
    low, high = troubled, families - (asked - troubled)
    while low < high:
        middle = (low + high + 1) // 2
        if _so_few(families, middle, asked, troubled) * PER_MILLE > (PER_MILLE - sure_permille) * comb(families, asked):
            low = middle
        else:
            high = middle - 1
    return low


def _so_few(families: int, bad: int, asked: int, troubled: int) -> int:
    """In how many of all samples of that size at most `troubled` are among `bad` of `families`."""
    return sum(comb(bad, each) * comb(families - bad, asked - each) for each in range(troubled + 1))


@lru_cache(maxsize=4096)
def marks_from(asked: int, assumed: Assumed, looks: int = 1) -> int:
    """From how many troubled among `asked` on somebody is marked.

    The smallest number that honest background reaches in at most `false_alarm_permille` of 1000 cases, divided by the
    number of `looks` at the same person so far: a second look, which the first one led to, has to be surer. Independent
    families with the background's share: drawing without putting back spreads less, so this errs on the honest side.
    `asked + 1` where no number is that rare: then nobody is marked.
    """
    assert looks >= 1, looks
    tail = 0
    for troubled in range(asked, -1, -1):
        tail += comb(asked, troubled) * (
            assumed.background_permille**troubled * (PER_MILLE - assumed.background_permille) ** (asked - troubled)
        )
        if tail * PER_MILLE * looks > assumed.false_alarm_permille * PER_MILLE**asked:
            return troubled + 1
    return 0 if asked else 1


def marked(asked: int, troubled: int, assumed: Assumed, looks: int = 1) -> bool:
    """True where more tell of trouble than honest background explains: a sign, not a proof."""
    return asked > 0 and troubled > 0 and troubled >= marks_from(asked, assumed, looks)
