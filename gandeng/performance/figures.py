"""Figures and the rows behind them, both from the questions of the sources; nothing here is kept or typed in."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from gandeng.performance.months import Period
from gandeng.performance.sources import Source, of_area, sources

ROWS = 100
"""Of one page."""


@dataclass(frozen=True)
class Done:
    """How many acts of which source each of the staff did in each month of a period."""

    staff: frozenset[UUID]
    counts: Mapping[tuple[UUID, str, int], int]
    """By staff, source and month 1 to 12."""

    @cached_property
    def _by_area(self) -> Counter[tuple[UUID | None, int, int]]:
        found: Counter[tuple[UUID | None, int, int]] = Counter()
        of = {key: one.area for key, one in sources().items()}
        for (staff, source, month), number in self.counts.items():
            for whose in (staff, None):
                found[whose, of[source], month] += number
                found[whose, of[source], 0] += number
        return found

    def of(self, area: int, *, staff: UUID | None = None, month: int = 0) -> int:
        """Of one of them, or of all; of a month, or of all of the period."""
        return self._by_area[staff, area, month]


def is_recorded(area: int, posts: Collection[str], number: int = 0) -> bool:
    """False where nothing of the area is recorded here for such posts: then it is unknown, not zero."""
    return number > 0 or any(one.posts is None or one.posts & set(posts) for one in of_area(area))


def _union(asked: Sequence[Source]) -> str:
    """All rows of some sources; each held to staff and days once more."""
    return " union all ".join(
        f"""select '{one.key}' as source, r.staff_id, r.day, r.kind, r.thing_id, r.told from ({one.rows}) r
            where r.staff_id = any(%(staff)s) and r.day >= %(since)s and r.day < %(until)s"""
        for one in asked
    )


def done(staff: Collection[UUID], period: Period) -> Done:
    """Of all sources, in one question."""
    asked = list(sources().values())
    if not asked or not staff:
        return Done(frozenset(staff), {})
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select staff_id, source, extract(month from day)::int, count(*) from ({_union(asked)}) acts
                group by 1, 2, 3""",
            {"staff": list(staff), "since": period.since, "until": period.until},
        )
        return Done(frozenset(staff), {(who, source, month): number for who, source, month, number in cursor})


@dataclass(frozen=True)
class Act:
    """One row behind a figure."""

    source: Source
    staff_id: UUID
    day: date
    kind: str
    thing_id: UUID
    told: str

    @property
    def what(self) -> str:
        """In words."""
        kind, told = self.source.kind_words(self.kind), self.source.told_words(self.told)
        return f"{kind}: {told}" if told else kind


def acts(
    staff: Collection[UUID], period: Period, areas: Collection[int], *, first: int = 0, most: int = ROWS
) -> tuple[int, list[Act]]:
    """How many rows there are, and those from `first` on, in order of days."""
    known = sources()
    asked = [one for one in known.values() if one.area in areas]
    if not asked or not staff:
        return 0, []
    values: dict[str, Any] = {
        "staff": list(staff), "since": period.since, "until": period.until, "first": first, "most": most,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"""with acts as materialized ({_union(asked)})
                select (select count(*) from acts), source, staff_id, day, kind, thing_id, told from acts
                order by day, source, thing_id, kind, told, staff_id limit %(most)s offset %(first)s""",
            values,
        )
        found = cursor.fetchall()
        if not found and first:
            cursor.execute(f"select count(*) from ({_union(asked)}) acts", values)
            return int((cursor.fetchone() or (0,))[0]), []
    return (found[0][0] if found else 0), [Act(known[source], *told) for _, source, *told in found]
