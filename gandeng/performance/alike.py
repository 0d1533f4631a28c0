"""Comparing only what is alike: people with about as many families, about as far apart, in the same region.

The median and quartiles of a group are shown, never an order of people; a group of fewer than five is too small to say
anything. Where a band ends is the office's convention here, not a rule of the programme.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FEWEST = 5
_LOADS = ((0, gettext_lazy("tanpa keluarga dampingan")), (200, gettext_lazy("1–200 keluarga")),
          (300, gettext_lazy("201–300 keluarga")))  # fmt: skip
_MORE_LOAD = gettext_lazy("lebih dari 300 keluarga")
_TRAVELS = ((5.0, gettext_lazy("jarak sampai 5 km")), (15.0, gettext_lazy("jarak 5–15 km")))
_MORE_TRAVEL = gettext_lazy("jarak lebih dari 15 km")
_UNKNOWN = gettext_lazy("jarak tidak diketahui")


@dataclass(frozen=True, order=True)
class Group:
    """Bands of load and of mean distance from home to the families, by number."""

    load: int
    travel: int

    @property
    def words(self) -> str:
        """`201–300 keluarga, jarak 5–15 km`."""
        load = _LOADS[self.load][1] if self.load < len(_LOADS) else _MORE_LOAD
        if self.load == 0:
            return str(load)
        travels = [*(words for _km, words in _TRAVELS), _MORE_TRAVEL, _UNKNOWN]
        return _("%(load)s, %(travel)s") % {"load": load, "travel": travels[self.travel]}


def group_of(families: int, km: float | None) -> Group:
    """Where somebody belongs. Without families distance does not count."""
    load = next((place for place, (most, _words) in enumerate(_LOADS) if families <= most), len(_LOADS))
    if load == 0:
        return Group(0, 0)
    if km is None:
        return Group(load, len(_TRAVELS) + 1)
    return Group(load, next((place for place, (most, _words) in enumerate(_TRAVELS) if km <= most), len(_TRAVELS)))


@dataclass(frozen=True)
class Spread:
    """Of a group's figures: a quarter has at most `low`, half at most `middle`, three quarters at most `high`."""

    people: int
    low: float
    middle: float
    high: float


def spread(figures: Sequence[int]) -> Spread | None:
    """None where there are too few to compare."""
    if len(figures) < FEWEST:
        return None
    low, middle, high = quantiles(figures, n=4, method="inclusive")
    return Spread(len(figures), low, middle, high)


def grouped(people: Iterable[tuple[UUID, int, float | None]]) -> Mapping[Group, list[UUID]]:
    """Staff by group, in order of groups; each with families and mean distance."""
    found: dict[Group, list[UUID]] = {}
    for staff, families, km in people:
        found.setdefault(group_of(families, km), []).append(staff)
    return dict(sorted(found.items()))
