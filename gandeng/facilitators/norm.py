"""How many families are meant for one facilitator: the dated norm, and what was published about places."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from gandeng.policy.figures import Dated, load_figures, read_yaml
from gandeng.policy.wording import Wording

_NORM = "caseload/families_ideal"
_PUBLISHED = Path(__file__).with_name("published.yaml")


def norm_on(day: date) -> Dated | None:
    """The ideal in force, with its source; None before the first day that has one."""
    return load_figures().on(_NORM, day)


def norm_families(day: date) -> int | None:
    """The ideal as a number."""
    found = norm_on(day)
    return found.value if found and isinstance(found.value, int) else None


class Count(BaseModel):
    """What somebody told a newspaper about a place: no record of ours, and never reckoned with."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    region: str
    period: Wording
    families: Annotated[int, Field(gt=0)]
    facilitators: Annotated[int, Field(gt=0)] | None = None
    source: Wording
    note: Wording | None = None

    @property
    def for_each(self) -> float | None:
        """Families for each facilitator; None where nobody told how many there were."""
        return self.families / self.facilitators if self.facilitators else None


@dataclass(frozen=True)
class Published:
    """The counts of a place and what stands between them unexplained."""

    counts: tuple[Count, ...]
    conflicts: tuple[Wording, ...]


def published_of(region: str) -> Published:
    """Counts of the place and of the districts in it, in the order of the file."""
    counts, conflicts = _published()
    own = tuple(one for one in counts if one.region.startswith(region))
    return Published(own, tuple(words for code, words in conflicts.items() if code.startswith(region)))


@cache
def _published() -> tuple[tuple[Count, ...], Mapping[str, Wording]]:
    told: Any = read_yaml(_PUBLISHED)
    counts = tuple(Count.model_validate(one) for one in told["counts"])
    return counts, {code: Wording.model_validate(words) for code, words in told["conflicts"].items()}
