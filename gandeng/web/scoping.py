"""Rows of one's own territory: managers that ask for a scope and refuse without one (django-scopes)."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Lookup
from django_scopes import ScopedManager

from gandeng.core.region_code import VILLAGE_DIGITS

NATION = ""
EVERY_CHANNEL = "*"
"""Of a region's code where no smaller region lies in it."""


@dataclass(frozen=True)
class Territory:
    """Prefixes of region codes (digits, no dots) a person may see, `""` for the nation; none sees nothing.

    `channels` are the bank or post whose rows may be seen, `*` for all of them; `former` are codes of villages in these
    regions that a decree replaced, under which rows of then still stand.
    """

    regions: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset({EVERY_CHANNEL})
    former: frozenset[str] = frozenset()

    def holds(self, code: str) -> bool:
        """True where the place of that code lies in the territory."""
        return any(code.startswith(region) for region in self.regions) or code in self.former

    @property
    def villages(self) -> list[str]:
        """Those it names by their own codes, of today and former."""
        return sorted({*self.former, *(region for region in self.regions if len(region) == VILLAGE_DIGITS)})

    @property
    def above(self) -> list[str]:
        """Regions its own lie in, the nation first."""
        return sorted({code[:length] for code in self.regions for length in (0, 2, 4, 6) if length < len(code)})

    @property
    def every_channel(self) -> bool:
        """True for whoever is not bound to one bank."""
        return EVERY_CHANNEL in self.channels


NOWHERE = Territory()
EVERYWHERE = Territory(frozenset({NATION}))


@models.CharField.register_lookup
@models.TextField.register_lookup
class Within(Lookup):
    """`village_code__within=territory`: its villages, and a range per wider region, so an index serves both.

    Digits sort in the "C" order. Facilitators hold villages by the dozen and a question names them several times
    over: as ranges, 45 of them made 22 KB of SQL of one count on the first page.
    """

    lookup_name = "within"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """SQL and its parameters."""
        column, params = self.process_lhs(compiler, connection)
        regions = sorted(self.rhs.regions)
        if NATION in regions:
            return "TRUE", ()
        if not regions:
            return "FALSE", ()
        villages = self.rhs.villages
        wider = [region for region in regions if len(region) < VILLAGE_DIGITS]
        parts = [f"({column} >= %s AND {column} < %s)" for _ in wider]
        values = [part for region in wider for part in (*params, region, *params, f"{region}:")]
        if villages:
            parts.append(f"{column} = ANY(%s)")
            values += [*params, villages]
        return f"({' OR '.join(parts)})", tuple(values)


@models.CharField.register_lookup
@models.TextField.register_lookup
class Touches(Lookup):
    """`region_code__touches=territory`: the region lies in the territory, or the territory in the region.

    For what concerns a whole region and is read by the districts in it: a bank's file for the province.
    """

    lookup_name = "touches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """SQL and its parameters."""
        within, values = Within(self.lhs, self.rhs).as_sql(compiler, connection)
        column, params = self.process_lhs(compiler, connection)
        return f"({within} OR {column} = ANY(%s))", (*values, *params, self.rhs.above)


@models.CharField.register_lookup
@models.TextField.register_lookup
class OfChannel(Lookup):
    """`channel__of_channel=territory`: the channel is one the territory's holder may see."""

    lookup_name = "of_channel"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """SQL and its parameters."""
        if self.rhs.every_channel:
            return "TRUE", ()
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, sorted(self.rhs.channels))


def scoped(region: str, channel: str | None = None, *, touches: bool = False) -> Any:
    """Manager of a model whose rows lie in the region `region` names, and concern the channel `channel` names."""
    lookups = {"territory": f"{region}__{'touches' if touches else 'within'}"}
    if channel:
        lookups["channels"] = f"{channel}__of_channel"
    return ScopedManager(**lookups)
