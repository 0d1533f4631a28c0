"""How many people work for the programme: by year of joining, terms, post and place, as they were on a day.

Somebody counts in the region she works in today, wherever she worked on that day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import ExtractYear, Substr

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.exports.sources import one_region
from gandeng.facilitators.models import Employment, Leave, Post, Staff
from gandeng.facilitators.staff_queries import _held, on_day, staff_matching, working


@dataclass(frozen=True)
class Year:
    """Who joined and left in a year, and who worked when it ended; of this year, on the day asked for."""

    year: int
    end: date
    joined: int
    left: int
    at_end: int


@dataclass(frozen=True)
class Intake:
    """Those who joined in a year, and what they are on the day: `working` is `contract` + `pppk` + `no_terms`."""

    year: int
    joined: int
    working: int
    contract: int
    pppk: int
    no_terms: int
    left: int


@dataclass(frozen=True)
class HeadCount:
    """Every figure of the page, all as of one day."""

    working: int
    away: int
    idle: int
    coming: int
    intake: list[Intake]
    years: list[Year]
    roles: list[tuple[str, int]]
    terms: list[tuple[str, str, int]]
    """Kind, job title, how many."""
    places: list[tuple[str, int]]
    """Code of the place one level below, how many; empty where it is not known."""


def head_count(acting: Acting, region: str, day: date) -> HeadCount:
    """All of it, of the staff one may see in the region (empty: everywhere)."""
    everybody = staff_matching(acting, {"status": "ALL", "region": region}, day)
    now = everybody.filter(working(day))
    counted = everybody.aggregate(
        working=Count("pk", filter=working(day)),
        away=Count("pk", filter=working(day) & Q(_held(Leave, day))),
        idle=Count("pk", filter=working(day) & ~Q(_held(Post, day))),
        coming=Count("pk", filter=Q(joined_on__gt=day)),
    )
    intake = _intake(everybody, day)
    return HeadCount(
        **counted, intake=intake, years=_years(everybody, intake, day), roles=_roles(now, day), terms=_terms(now, day),
        places=_places(now, region or one_region(acting.where(May.SEE_STAFF).regions)),
    )  # fmt: skip


def _intake(everybody: QuerySet[Staff], day: date) -> list[Intake]:
    terms = Employment.objects.filter(on_day(day), staff=OuterRef("pk")).values("kind")[:1]
    here = working(day)
    rows: Any = (
        everybody.filter(joined_on__lte=day)
        .annotate(terms=Subquery(terms), year=ExtractYear("joined_on"))
        .order_by()
        .values("year")
        .annotate(
            joined=Count("pk"),
            working=Count("pk", filter=here),
            contract=Count("pk", filter=here & Q(terms=Employment.Kind.CONTRACT)),
            pppk=Count("pk", filter=here & Q(terms=Employment.Kind.PPPK)),
            no_terms=Count("pk", filter=here & Q(terms__isnull=True)),
            left=Count("pk", filter=Q(left_on__lte=day)),
        )
        .order_by("year")
    )
    return [Intake(**row) for row in rows]


def _years(everybody: QuerySet[Staff], intake: list[Intake], day: date) -> list[Year]:
    gone = everybody.filter(left_on__lte=day, joined_on__lte=day).order_by()
    left = dict(gone.annotate(year=ExtractYear("left_on")).values_list("year").annotate(Count("pk")))
    joined = {row.year: row.joined for row in intake}
    told: list[Year] = []
    for year in range(min(joined), day.year + 1) if joined else ():
        before = told[-1].at_end if told else 0
        came, went = joined.get(year, 0), left.get(year, 0)
        told.append(Year(year, min(date(year, 12, 31), day), came, went, before + came - went))
    return told


def _roles(now: QuerySet[Staff], day: date) -> list[tuple[str, int]]:
    posts = Post.objects.filter(on_day(day), staff__in=now.values("pk")).order_by()
    return sorted(posts.values_list("role").annotate(Count("staff", distinct=True)), key=_most_first)


def _terms(now: QuerySet[Staff], day: date) -> list[tuple[str, str, int]]:
    held = Employment.objects.filter(on_day(day), staff__in=now.values("pk")).order_by()
    return sorted(held.values_list("kind", "job_title").annotate(Count("pk")))


def _places(now: QuerySet[Staff], region: str) -> list[tuple[str, int]]:
    if len(region) >= DISTRICT_DIGITS:
        return sorted(now.order_by().values_list("home_code").annotate(Count("pk")))
    length = 4 if region else 2
    rows = now.annotate(place=Substr("region_code", 1, length)).order_by()
    return sorted(rows.values_list("place").annotate(Count("pk")))


def _most_first(row: tuple[str, int]) -> tuple[int, str]:
    return (-row[1], row[0])


def total(rows: Iterable[Any], name: str) -> int:
    """Sum of one column."""
    return sum(getattr(row, name) for row in rows)
