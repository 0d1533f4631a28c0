"""What a family's page is made of: this package's own parts, and those of packages above, which name them at start.

`register_section(order, tell)` in an `AppConfig.ready`; `tell(acting, family)` gives title, template and context, or
None where there is nothing to say. The template finds its context as `section`, and `family` beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gandeng.accounts.acting import Acting
from gandeng.registry.models import Family

type Shown = tuple[str, str, dict[str, Any]]
type Tell = Callable[[Acting, Family], Shown | None]

_SECTIONS: dict[tuple[int, str], Tell] = {}


@dataclass(frozen=True)
class Section:
    """One panel of the page."""

    title: str
    template: str
    context: dict[str, Any]


def register_section(order: int, tell: Tell) -> None:
    """Members stand at 10, accounts at 40, who accompanies at 50, changes at 60."""
    _SECTIONS[order, f"{tell.__module__}.{tell.__qualname__}"] = tell


def sections(acting: Acting, family: Family) -> list[Section]:
    """The panels of the family's page, in order."""
    told = (tell(acting, family) for _, tell in sorted(_SECTIONS.items()))
    return [Section(*one) for one in told if one is not None]
