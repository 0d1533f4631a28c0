"""What counts as done: each source names its result area, an act in words, and one question that gives its rows.

A package above registers its own in its `AppConfig.ready`; those of packages below stand beside this file. A figure is
never kept: it is the number of rows of the same question its page lists, so the two cannot differ.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from gandeng.accounts.acting import Acting
from gandeng.performance.published import AREAS


def _as_it_is(text: str) -> str:
    return text


def _all(_acting: Acting, things: Collection[UUID]) -> set[UUID]:
    return set(things)


@dataclass(frozen=True)
class Source:
    """One kind of act.

    `rows` is SQL with `%(staff)s` (ids of staff), `%(since)s` and `%(until)s` (days, half-open) that gives, once for
    each act, `staff_id, day, kind, thing_id, told`: codes alone, no name of a family, no identifier. It must find all
    acts of staff the asker may see, whatever families she may see today: a function of the database that asks
    `performance_sees(staff_id)` does.
    """

    key: str
    area: int
    act: str | Promise
    """What one row is, as a page says it: `permintaan perubahan data`."""
    rows: str
    kind_words: Callable[[str], str] = _as_it_is
    told_words: Callable[[str], str] = _as_it_is
    address: str = ""
    """Name of the page of a thing, which takes its id; none where there is no page."""
    reachable: Callable[[Acting, Collection[UUID]], set[UUID]] = _all
    """Of these things, those whose page the asker may open now."""
    posts: frozenset[str] | None = None
    """Posts whose work it is; for anybody else nothing found means nothing recorded, and never zero."""


_SOURCES: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Its figures appear wherever its area does. Registering twice is registering once."""
    if source.area not in AREAS or not source.key.replace("_", "").replace(".", "").isalnum():
        raise ValueError(source.key)
    _SOURCES[source.key] = source


def sources() -> Mapping[str, Source]:
    """By key, in order of area and key."""
    return dict(sorted(_SOURCES.items(), key=lambda one: (one[1].area, one[0])))


def of_area(area: int) -> list[Source]:
    """What counts for one area; none where nothing of it is recorded here yet."""
    return [one for one in sources().values() if one.area == area]
