"""What can be taken away: each package names its lists here at start, as it names its kinds of long work in jobs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.web.finding import region_asked

ROWS_ALONE = 1_000
"""What one person takes away alone; more needs a second one (docs/threats.md, I5)."""


@dataclass(frozen=True)
class Listing:
    """One list as the asker sees it now: words, place, columns, and its rows when they are asked for.

    All rows lie in `region`; `channel` is set where they are of one bank or the post alone. `back` is the page of it.
    """

    title: str
    region: str
    channel: str
    header: tuple[str, ...]
    count: Callable[[], int]
    lines: Callable[[], Iterator[Sequence[str | int]]]
    back: str
    mark: "Callable[[], Marked | None] | None" = None
    """Makes one invented row more, by which the file is known again; only for lists without money."""


@dataclass(frozen=True)
class Marked:
    """An invented row: its number and name, and the line, whose first cell is the number the lines are ordered by."""

    number: str
    name: str
    line: Sequence[str | int]


type Source = Callable[[Acting, Mapping[str, str]], Listing]
"""In the asker's territory: the list of those arguments. Raises Http404, PermissionDenied, BadRequest, NoList.

It is asked in Indonesian, whoever reads: titles are written down, columns stand in files."""


class NoList(Exception):
    """The list cannot be made as asked; the message, a lazy sentence, says why in the language of the page."""


@dataclass(frozen=True)
class Kind:
    """`may` is the right whose territory the rows come from; `arguments` what an address may say.

    `alone`: so short a list that one person may take it leaves the office at once, without another way out of its page.
    `shown_to`: who reads the page of the list, where that is fewer than have `may`: one of these rights is asked too.
    """

    may: May
    arguments: tuple[str, ...]
    source: Source
    alone: bool = False
    shown_to: tuple[May, ...] = ()

    def authority(self, acting: Acting, region: str | None = None, channel: str | None = None) -> str:
        """By which role somebody has to do with it, all of a place where one is named. Raises PermissionDenied."""
        if self.shown_to and not any(acting.may(each) for each in self.shown_to):
            raise PermissionDenied
        return acting.authority(self.may, region, channel)


KINDS: dict[str, Kind] = {}


def source(
    slug: str, may: May, arguments: tuple[str, ...], *, alone: bool = False, shown_to: tuple[May, ...] = ()
) -> Callable[[Source], Source]:
    """Register a function as the source of this kind."""

    def register(function: Source) -> Source:
        KINDS[slug] = Kind(may, arguments, function, alone, shown_to)
        return function

    return register


def region_of(acting: Acting, may: May, filters: Mapping[str, str]) -> str:
    """The region a list is asked for, or all where one has the right. Raises PermissionDenied, BadRequest."""
    region = region_around(acting, may, filters)
    acting.authority(may, region)
    return region


def region_around(acting: Acting, may: May, filters: Mapping[str, str]) -> str:
    """The same of rows the territory limits, for whoever has the right in parts of it alone. Raises BadRequest."""
    asked = filters.get("region")
    return region_asked(asked) if asked else one_region(acting.where(may).regions)


def channel_of(acting: Acting, filters: Mapping[str, str]) -> str:
    """Whoever is bound to banks takes the list of one of them at a time. Raises NoList."""
    bound = acting.territory.channels
    if acting.territory.every_channel or filters.get("channel"):
        return filters.get("channel", "")
    if len(bound) != 1:
        raise NoList(_("Saring dulu menurut penyalur."))
    return next(iter(bound))


def one_region(regions: frozenset[str]) -> str:
    """The smallest region that holds all of them: `63` for two of its districts, the nation for two provinces."""
    first, last = min(regions, default=""), max(regions, default="")
    shared = 0
    while shared < len(first) and first[shared] == last[shared : shared + 1]:
        shared += 1
    return first[: max(length for length in (0, 2, 4, 6, 10) if length <= shared)]
