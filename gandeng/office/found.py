"""What a check of `gandeng verify` has found."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 3
"""Examples of what is wrong, for each check."""


@dataclass(frozen=True)
class Found:
    """One check and the rows that break it, the first few named."""

    check: str
    wrong: int
    examples: tuple[str, ...]


def found(check: str, names: Sequence[str], wrong: int | None = None) -> Found:
    """What breaks the check, by name; `wrong` where not all are named."""
    return Found(check, len(names) if wrong is None else wrong, tuple(names[:SHOWN]))
