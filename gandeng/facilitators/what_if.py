"""What if: people more, somebody who leaves, families more. Plain arithmetic over loads; nothing is written down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import heapify, heapreplace
from math import ceil
from typing import Any
from uuid import UUID

from django.db import connection

from gandeng.balancing.shares import proportional
from gandeng.facilitators.load_queries import Limits
from gandeng.facilitators.measures import needed
from gandeng.facilitators.models import Post
from gandeng.facilitators.moving import ACCOMPANIED, IN_FORCE

_DISTRICTS = f"""
with families as (
    select left(village_code, 4) as district, count(*) as families from registry_family
    where status = any(%(accompanied)s) and village_code ^@ %(region)s group by 1),
people as (
    select left(o.region_code, 4) as district, count(distinct s.id) as people from facilitators_post o
    join facilitators_staff s on s.id = o.staff_id and (s.left_on is null or s.left_on > %(day)s)
    where o.role = %(role)s and length(o.region_code) >= 4 and o.region_code ^@ %(region)s
        and o.valid_from <= %(day)s and (o.valid_until is null or o.valid_until > %(day)s) group by 1),
loads as (
    select left(a.village_code, 4) as district, a.staff_id, count(*) as families from facilitators_accompaniment a
    join registry_family f on f.id = a.family_id
    where {IN_FORCE} and f.status = any(%(accompanied)s) and a.village_code ^@ %(region)s group by 1, 2),
worst as (select district, max(families) as families from loads group by 1)
select district, coalesce(p.people, 0), coalesce(f.families, 0), coalesce(w.families, 0)
from families f full join people p using (district) full join worst w using (district) order by 1
"""


@dataclass(frozen=True)
class District:
    """A district on a day: facilitators, families, and how many the one with most has."""

    code: str
    people: int
    families: int
    worst: int = 0


@dataclass(frozen=True)
class Question:
    """People more for the region, families more in number or in per cent, and who leaves."""

    newcomers: int = 0
    families: int = 0
    percent: int = 0
    leaves_district: str = ""
    leaves: UUID | None = None


@dataclass(frozen=True)
class Line:
    """A district before and after; what it lacks then until nobody has more than the norm, or than the limit."""

    before: District
    after: District
    newcomers: int
    norm: int
    limit: int | None

    @property
    def to_norm(self) -> int:
        """People it needs so that nobody has more than the norm."""
        return needed(self.after.families, self.after.people, self.norm)

    @property
    def to_limit(self) -> int | None:
        """People it needs so that nobody is overloaded; None where the office has set no limit."""
        return None if self.limit is None else needed(self.after.families, self.after.people, self.limit)


def districts_on(region: str, day: date) -> list[District]:
    """Districts of the region that have families or facilitators."""
    values: dict[str, Any] = {
        "region": region,
        "day": day,
        "accompanied": list(ACCOMPANIED),
        "role": Post.Role.FACILITATOR.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DISTRICTS, values)
        return [District(*row) for row in cursor.fetchall()]


def answered(districts: Sequence[District], asked: Question, norm: int, limits: Limits) -> list[Line]:
    """Families grow as they are spread today; newcomers go one by one where a person has most families."""
    counts = [one.families for one in districts]
    total = asked.families + ceil(sum(counts) * asked.percent / 100)
    more = proportional(total, counts) if any(counts) else [0] * len(counts)
    grown = [
        replace(one, families=one.families + extra, people=max(0, one.people - (one.code == asked.leaves_district)))
        for one, extra in zip(districts, more, strict=True)
    ]
    given = _given(grown, asked.newcomers)
    return [
        Line(before, _even(replace(after, people=after.people + extra)), extra, norm, limits.families(before.code))
        for before, after, extra in zip(districts, grown, given, strict=True)
    ]


def _given(districts: Sequence[District], newcomers: int) -> list[int]:
    given = [0] * len(districts)
    if not districts:
        return given
    heap = [(-_each(one.families, one.people), place) for place, one in enumerate(districts)]
    heapify(heap)
    for _ in range(newcomers):
        place = heap[0][1]
        given[place] += 1
        heapreplace(heap, (-_each(districts[place].families, districts[place].people + given[place]), place))
    return given


def _each(families: int, people: int) -> float:
    """Without anybody, beyond all who have somebody, those with most families first."""
    return families / people if people else families * 1_000.0


def _even(district: District) -> District:
    """The largest load there has to be, however well it is shared."""
    return replace(district, worst=ceil(district.families / district.people) if district.people else 0)


def total_of(lines: Sequence[Line]) -> dict[str, int | None]:
    """The last row of the table."""
    limits = [line.to_limit for line in lines]
    known = [one for one in limits if one is not None]
    return {
        "people": sum(line.before.people for line in lines),
        "families": sum(line.before.families for line in lines),
        "people_after": sum(line.after.people for line in lines),
        "families_after": sum(line.after.families for line in lines),
        "newcomers": sum(line.newcomers for line in lines),
        "to_norm": sum(line.to_norm for line in lines),
        "to_limit": sum(known) if known else None,
    }
