"""Pages made of parts: packages above add theirs to the page of a thing below, in an `AppConfig.ready`.

`tell(acting, thing)` gives title, template and context, or None where there is nothing to say. The template finds its
context as `section`, and the thing beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

type Shown = tuple[str, str, dict[str, Any]]
type Parts = dict[tuple[int, str], Callable[[Any, Any], Shown | None]]
"""By order, and by the name of the function, so that adding twice is adding once."""


@dataclass(frozen=True)
class Section:
    """One panel of the page."""

    title: str
    template: str
    context: dict[str, Any]


def add_part(parts: Parts, order: int, tell: Callable[[Any, Any], Shown | None]) -> None:
    """The smaller `order` comes first."""
    parts[order, f"{tell.__module__}.{tell.__qualname__}"] = tell


def later(title: str, url: str) -> Shown:
    """A part asked for by its own request once the page is there: a link without JavaScript.

    A page asks the database twelve things at most; what is told later does not count there. The view at `url` answers
    the part alone to htmx, and a page else.
    """
    return title, "sections/later.html", {"title": title, "url": url}


def told(parts: Parts, acting: object, thing: object) -> list[Section]:
    """The panels of the page, in order."""
    shown = (tell(acting, thing) for _, tell in sorted(parts.items()))
    return [Section(*one) for one in shown if one is not None]
