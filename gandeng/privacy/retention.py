"""Periods an office has stated: dated, each with its source. What has no sourced period is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

UNSOURCED = "unsourced"
DAYS_MIN = 7
"""Below a week a slip of the keyboard would delete what people are working on."""


class PeriodsBroken(ValueError):
    """The office's file cannot be used; the message names each fault. Nothing is deleted then."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Kept(_Strict):
    """One class: what is proposed; `done` where this program can end it."""

    proposal_days: int
    done: bool = True


class Stated(_Strict):
    """A period from its day on; no days: kept again. A source that says `unsourced` is a proposal and ends nothing."""

    days: Annotated[int, Field(ge=DAYS_MIN)] | None
    source: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _source_says_something(self) -> Self:
        if not self.source.strip():
            raise ValueError("source")
        return self


@dataclass(frozen=True)
class Period:
    """How long a class is kept today, and who says so."""

    days: int
    source: str
    since: date


@cache
def classes() -> dict[str, Kept]:
    """Every class there is."""
    told = yaml.safe_load(Path(__file__).with_name("retention.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Kept]).validate_python(told["classes"])


def stated(path: Path | None) -> dict[str, dict[date, Stated]]:
    """What the office's file says; nothing where it has none. Raises PeriodsBroken."""
    if path is None:
        return {}
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        found = TypeAdapter(dict[str, dict[date, Stated]]).validate_python(told, strict=True)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise PeriodsBroken(f"{path}: {error}") from error
    if unknown := [name for name in found if name not in classes() or not classes()[name].done]:
        raise PeriodsBroken(f"{path}: {', '.join(unknown)}")
    return found


def in_force(periods: Mapping[str, Mapping[date, Stated]], name: str, today: date) -> Period | None:
    """The period of a class today; None: it is kept. A proposal is none."""
    started = [day for day in periods.get(name, {}) if day <= today]
    if not started:
        return None
    since = max(started)
    last = periods[name][since]
    if last.days is None or last.source == UNSOURCED:
        return None
    return Period(last.days, last.source, since)
