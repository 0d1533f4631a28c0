"""Questions drawn for a paper: so many of each unit, by a seed that is shown, so that anybody can draw them again."""

from collections.abc import Mapping, Sequence
from hashlib import sha256


def draw(bank: Mapping[str, Sequence[str]], of_each: int, seed: str) -> list[str]:
    """Ids of questions, units in the order of `bank`, at most `of_each` of one; the order within a unit is nothing."""
    return [
        one for questions in bank.values() for one in sorted(questions, key=lambda key: _place(seed, key))[:of_each]
    ]


def shuffled(count: int, seed: str) -> list[int]:
    """The places 0 to `count` in an order of the seed's own."""
    return sorted(range(count), key=lambda place: _place(seed, str(place)))


def _place(seed: str, key: str) -> str:
    return sha256(f"{seed}\x00{key}".encode()).hexdigest()
