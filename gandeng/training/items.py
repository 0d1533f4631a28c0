"""How the questions of a test behaved: how many got them right, and whether those who knew more did.

Pure: sheets that were handed in and the key go in, figures come out. The limits are a proposal (`README.md`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

SHEETS_MIN = 10
"""Fewer answers say nothing of a question."""
EASY_PERCENT = 90
HARD_PERCENT = 20


class Flag(StrEnum):
    """What whoever keeps the bank should look at."""

    TOO_FEW = "TOO_FEW"
    TOO_EASY = "TOO_EASY"
    TOO_HARD = "TOO_HARD"
    NEGATIVE = "NEGATIVE"
    """Those who knew less got it right more often: the key may be wrong."""
    MISLEADING = "MISLEADING"
    """A wrong option was chosen more often than the right one."""


@dataclass(frozen=True)
class Key:
    """Place of the right option from 0, and how many there are."""

    right: int
    options: int


@dataclass(frozen=True)
class Sheet:
    """One paper that was handed in: its questions, and the option chosen for those that were answered."""

    questions: tuple[str, ...]
    answers: Mapping[str, int]


@dataclass(frozen=True)
class Item:
    """Of one question."""

    question: str
    sheets: int
    """Papers that had it; what was left open counts as not right."""
    right: int
    chosen: tuple[int, ...]
    """How many chose each option."""
    left_open: int
    discrimination: float | None
    """Point-biserial correlation with the share right of the other questions; None where it has no meaning."""
    flags: tuple[Flag, ...]


def items(sheets: Sequence[Sheet], keys: Mapping[str, Key]) -> list[Item]:
    """Figures of every question of `keys` that stood on a sheet, in their order; that of the sheets is nothing."""
    seen: dict[str, list[tuple[Sheet, int, float | None]]] = {key: [] for key in keys}
    for sheet in sheets:
        marks = {one: int(sheet.answers.get(one) == keys[one].right) for one in sheet.questions}
        total, others = sum(marks.values()), len(marks) - 1
        for one, mark in marks.items():
            seen[one].append((sheet, mark, (total - mark) / others if others else None))
    return [_item(question, keys[question], found) for question, found in seen.items() if found]


def _item(question: str, key: Key, found: list[tuple[Sheet, int, float | None]]) -> Item:
    answers = [sheet.answers.get(question) for sheet, _, _ in found]
    chosen = tuple(answers.count(option) for option in range(key.options))
    right = sum(mark for _, mark, _ in found)
    pairs = [(mark, rest) for _, mark, rest in found if rest is not None]
    told = _correlation(pairs) if len(found) >= SHEETS_MIN else None
    return Item(
        question, len(found), right, chosen, len(found) - sum(chosen), told,
        _flags(len(found), right, chosen, key.right, told),
    )  # fmt: skip


def _correlation(pairs: Sequence[tuple[int, float]]) -> float | None:
    """Pearson's, which for right or wrong is the point-biserial; None where one side never differs."""
    count = len(pairs)
    if count < 2:
        return None
    mean_x = sum(x for x, _ in pairs) / count
    mean_y = math.fsum(y for _, y in pairs) / count
    across = math.fsum((x - mean_x) * (y - mean_y) for x, y in pairs)
    spread_x = math.fsum((x - mean_x) ** 2 for x, _ in pairs)
    spread_y = math.fsum((y - mean_y) ** 2 for _, y in pairs)
    if min(spread_x, spread_y) < _NOTHING:
        return None
    return max(-1.0, min(1.0, across / math.sqrt(spread_x * spread_y)))


_NOTHING = 1e-12


def _flags(
    sheets: int, right: int, chosen: tuple[int, ...], key: int, discrimination: float | None
) -> tuple[Flag, ...]:
    if sheets < SHEETS_MIN:
        return (Flag.TOO_FEW,)
    told = {
        Flag.TOO_EASY: right * 100 >= EASY_PERCENT * sheets,
        Flag.TOO_HARD: right * 100 <= HARD_PERCENT * sheets,
        Flag.NEGATIVE: discrimination is not None and discrimination < 0,
        Flag.MISLEADING: max(chosen) > chosen[key],
    }
    return tuple(flag for flag, holds in told.items() if holds)
