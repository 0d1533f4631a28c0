"""Kinds of cases with their clocks, and answers in plain words (published.yaml)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from pydantic import BaseModel, ConfigDict

from gandeng.policy.figures import read_yaml
from gandeng.policy.wording import Wording

_FILE = Path(__file__).with_name("published.yaml")
LEVEL_MAX = 4


class Kind(BaseModel):
    """One kind of case: hours to begin in, `start`, and hours to answer in, `hours` for levels 1 to 4."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: Wording
    first: int
    start: int
    hours: tuple[int, ...]
    sensitive: bool = False


class Answer(BaseModel):
    """A text somebody begins an answer with; offered first for the kinds it fits."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    fits: tuple[str, ...]
    name: Wording
    text: Wording


@cache
def _told() -> tuple[dict[str, Kind], dict[str, Answer]]:
    told: Any = read_yaml(_FILE)
    kinds = {key: Kind.model_validate(row) for key, row in told["kinds"].items()}
    for key, kind in kinds.items():
        if len(kind.hours) != LEVEL_MAX or not 1 <= kind.first <= LEVEL_MAX or not 1 <= kind.start <= min(kind.hours):
            raise ValueError(f"{_FILE.name}: {key}")
    texts = {key: Answer.model_validate(row) for key, row in told["answers"].items()}
    if unknown := {name for text in texts.values() for name in text.fits} - set(kinds):
        raise ValueError(f"{_FILE.name}: {min(unknown)}")
    return kinds, texts


def kinds() -> Mapping[str, Kind]:
    """By code, in the order of the file."""
    return _told()[0]


def answers() -> Mapping[str, Answer]:
    """By code."""
    return _told()[1]


def answers_for(kind: str) -> list[tuple[str, str]]:
    """Code and name, those that fit the kind first."""
    told = sorted(answers().items(), key=lambda one: kind not in one[1].fits)
    return [(code, one.name.said()) for code, one in told]


def kind_words(code: str) -> str:
    """As screens name it."""
    return kinds()[code].name.said()


@dataclass(frozen=True)
class Clock:
    """Until when somebody begins, and until when the answer is to be there, which is never earlier."""

    due_at: datetime
    answer_by: datetime


def clock_of(code: str, level: int, *, ago: timedelta = timedelta()) -> Clock:
    """Of a case of the kind that comes to a level now and was told so long ago: only the answer counts from then."""
    kind, now = kinds()[code], timezone.now()
    answer_by = now - ago + timedelta(hours=kind.hours[level - 1])
    return Clock(min(now + timedelta(hours=kind.start), answer_by), answer_by)


def clocks() -> dict[str, list[dict[str, str]]]:
    """Of every kind for levels 1 to 4 from now, for the database."""
    return {
        key: [
            {name: at.isoformat() for name, at in asdict(clock_of(key, level)).items()}
            for level in range(1, LEVEL_MAX + 1)
        ]
        for key in kinds()
    }
