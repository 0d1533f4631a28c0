"""The nine result areas and what one district's tool asks for in each, with their source (published.yaml)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gandeng.policy.figures import read_yaml
from gandeng.policy.wording import Wording

_FILE = Path(__file__).with_name("published.yaml")
AREAS = range(1, 10)


class Suggested(BaseModel):
    """What was published about a year: a number, or as things happen. Never in force by itself."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    yearly: Annotated[int, Field(gt=0)] | None = None
    per_event: bool = False
    source: Wording
    note: Wording | None = None

    @model_validator(mode="after")
    def _one(self) -> "Suggested":
        if (self.yearly is None) != self.per_event:
            raise ValueError("a number, or as things happen")
        return self


class Area(BaseModel):
    """A result area (RHK)."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    number: Annotated[int, Field(ge=1, le=9)]
    subject: Wording
    parts: tuple[Wording, ...]
    suggested: Suggested
    source: Wording


@cache
def areas() -> Mapping[int, Area]:
    """By number, in order. Raises ValueError where the file does not have all nine, each with its source."""
    told: Any = read_yaml(_FILE)
    sources = {key: Wording.model_validate(words) for key, words in told["sources"].items()}
    found = {int(number): _area(int(number), row, sources) for number, row in told["areas"].items()}
    if sorted(found) != list(AREAS):
        raise ValueError("nine areas")
    return found


def _area(number: int, row: Mapping[str, Any], sources: Mapping[str, Wording]) -> Area:
    suggested = {**row["suggested"], "source": sources[row["suggested"]["source"]]}
    if "note" in suggested:
        suggested["note"] = Wording.model_validate(suggested["note"])
    return Area(
        number=number, subject=Wording.model_validate(row["subject"]),
        parts=tuple(Wording.model_validate(one) for one in row["parts"]),
        suggested=Suggested(**suggested), source=sources[row["source"]],
    )  # fmt: skip
