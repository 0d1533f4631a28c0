"""The welfare decile of a family, as it was read: which reading is in force, and between which two it rose.

A decile is what a list or a person told of a day. Nothing here says which decile is too high for the programme: no
source for a ceiling is known, and who receives is not decided here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import ExpressionWrapper, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.registry.models import DecileReading, Family
from gandeng.web.templatetags.gandeng import tanggal

LEAST, MOST = 1, 10
KNOWN = tuple(str(decile) for decile in range(LEAST, MOST + 1))
UNKNOWN = "unknown"
"""The filter's word for families without a reading."""


@dataclass(frozen=True)
class Reading:
    """A decile, the day it was read, and where it came from, in words."""

    decile: int
    read_on: date
    source: str = ""

    @property
    def facts(self) -> list[Any]:
        """As a step keeps it."""
        return [self.decile, self.read_on.isoformat()]


@dataclass(frozen=True)
class Rise:
    """The reading a family entered with and the one in force: `by` deciles, less than none where it fell."""

    first: Reading
    last: Reading

    @property
    def by(self) -> int:
        """Steps up."""
        return self.last.decile - self.first.decile

    @property
    def facts(self) -> list[list[Any]]:
        """As a step keeps them."""
        return [self.first.facts, self.last.facts]


def source_words(*, of_list: str | None, by_change: bool) -> str:
    """Where a reading came from."""
    if of_list is not None:
        return _("daftar %(name)s") % {"name": of_list}
    return _("permintaan perubahan") if by_change else _("pemuatan registri")


def _newest(family: Any) -> QuerySet[DecileReading]:
    """A family's readings, the one in force first."""
    return DecileReading.objects.filter(family=family).order_by("-read_on", "-id")


def newest_told(family: str) -> Subquery:
    """As JSON, the reading in force of the family that column names; None for none. For `told`."""
    rows = _newest(OuterRef(family))
    cells = JSONObject(decile="decile", read_on="read_on", of_list="intake__families_name", change="change_id")
    return Subquery(rows.values(cell=cells)[:1])


def told(cells: Mapping[str, Any] | None) -> Reading | None:
    """What `newest_told` gave."""
    if cells is None:
        return None
    source = source_words(of_list=cells["of_list"], by_change=cells["change"] is not None)
    return Reading(cells["decile"], date.fromisoformat(cells["read_on"]), source)


def reading_of(family: Family) -> Reading | None:
    """The reading in force of a family found by `queries.access_family` or `families_visible_to`: no question more."""
    return told(vars(family)["decile_told"])


def telling(acting: Acting, family: UUID, village: str) -> str:
    """The reading in force in a sentence, or that none is known; "" for whoever does not see families there."""
    if not acting.may(May.SEE_FAMILIES, village):
        return ""
    reading = told(Family.objects.filter(pk=family).values_list(newest_told("pk"), flat=True).first())
    if reading is None:
        return _("Desil keluarga belum diketahui registri.")
    values = {"decile": reading.decile, "day": tanggal(reading.read_on), "source": reading.source}
    return _("Menurut registri desil keluarga %(decile)s, dibaca %(day)s, dari %(source)s.") % values


def of_decile(rows: QuerySet[Family], asked: str) -> QuerySet[Family]:
    """Families of that decile by the reading in force, or without any (UNKNOWN). Raises ValueError for no decile.

    Each family is asked for its newest: joined as a set, with row security on both sides, PostgreSQL finds no way.
    """
    if asked != UNKNOWN and asked not in KNOWN:
        raise ValueError(asked)
    found = rows.alias(decile_now=_decile(_newest(OuterRef("pk"))))
    return found.filter(decile_now=None) if asked == UNKNOWN else found.filter(decile_now=int(asked))


def newest_reading(family: Family) -> DecileReading | None:
    """The one in force, asked of the database."""
    return _newest(family).first()


def rise_of(readings: Iterable[Reading], entered_on: date | None) -> Rise | None:
    """Of one family's readings in the order they were recorded; None where there are no two days to set side by side.

    It begins with the reading in force on the day the family entered, or, where there was none, with the first since.
    """
    days = {reading.read_on: reading for reading in readings}
    if not days:
        return None
    before = [day for day in days if entered_on is not None and day <= entered_on]
    first, last = max(before, default=min(days)), max(days)
    return Rise(days[first], days[last]) if first < last else None


def recorded(family: Family) -> list[Reading]:
    """All of a family's, in the order they were recorded."""
    rows = DecileReading.objects.filter(family=family).order_by("id").values_list("decile", "read_on")
    return [Reading(decile, day) for decile, day in rows]


def rises(families: Collection[UUID]) -> dict[UUID, Rise]:
    """Of each family that has one, in one question."""
    rows = DecileReading.objects.filter(family__in=families).order_by("id").select_related("family")
    found: dict[UUID, tuple[date | None, list[Reading]]] = {}
    for row in rows:
        found.setdefault(row.family_id, (row.family.entered_on, []))[1].append(Reading(row.decile, row.read_on))
    told_of = {key: rise_of(readings, entered_on) for key, (entered_on, readings) in found.items()}
    return {key: rise for key, rise in told_of.items() if rise is not None}


def risen(rows: QuerySet[Family], least: int = LEAST) -> QuerySet[Any]:
    """Families whose decile rose, as `rise_of` says, to `least` or more, with `.rise`: asked of the database."""
    newest = _newest(OuterRef("pk"))
    entered = newest.filter(read_on__lte=OuterRef("entered_on"))
    first = Coalesce(_decile(entered), _decile(newest.order_by("read_on", "-id")))
    found = rows.annotate(rise=ExpressionWrapper(_decile(newest) - first, IntegerField())).filter(rise__gt=0)
    return found.annotate(decile=_decile(newest)).filter(decile__gte=least) if least > LEAST else found


def _decile(rows: QuerySet[DecileReading]) -> Subquery:
    return Subquery(rows.values("decile")[:1], output_field=IntegerField())
