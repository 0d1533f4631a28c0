"""How many families whom: the caseload of a place and of everything below it on a day, and who has nobody.

One question counts families by place and facilitator; everything a page shows is added up from that, so a figure and
the rows behind it cannot differ. A facilitator's load is all her families in the district, province or nation that is
looked at, also those outside the village or sub-district shown.

Of the nation, where it has a million families and more, today's figures are those of the night, and say so.

A day to come and today count families that are active or suspended now. A day that is over counts who was accompanied
then, whatever became of the family since; without a facilitator are then those of today's families that had none.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.balancing.travel import kilometres
from gandeng.core.region_code import DISTRICT_DIGITS, RegionCode
from gandeng.facilitators import national_counts
from gandeng.facilitators.models import Accompaniment, LoadLimit
from gandeng.facilitators.moving import ACCOMPANIED, IN_FORCE
from gandeng.facilitators.staff_queries import on_day
from gandeng.regions import places
from gandeng.registry.models import Family
from gandeng.web.scoping import Territory

BELOW = {0: 2, 2: 4, 4: 6, 6: 10, 10: 10}
"""Length of the codes a page lists, by the length of its own."""
DETAIL = {0: 4, 2: 6, 4: 10, 6: 10, 10: 10}
"""Length of the codes its map shows."""


@dataclass(frozen=True)
class Person:
    """A facilitator and her families on the day."""

    staff_id: UUID
    staff_no: str
    name: str
    region: str
    """The district she works in."""
    home: str
    away: bool
    """On leave that day."""
    posted: bool
    """A facilitator by her post in the region shown, and so somebody to give families to."""
    held: Mapping[str, int]
    """Families by place, as finely as the page counts."""
    elsewhere: int = 0
    """Families in other places than the region shown."""

    @cached_property
    def families(self) -> int:
        """Her load; a nation's page asks it of 34,000 people thirty times."""
        return sum(self.held.values()) + self.elsewhere

    @property
    def whole_km(self) -> int | None:
        """`km` as shown."""
        return None if self.km is None else round(self.km)

    @cached_property
    def km(self) -> float | None:
        """Mean distance from home to a family's village or sub-district, in a straight line; None if not known."""
        home = point_of(self.home) if self.home else None
        roads = [(families, point_of(code)) for code, families in self.held.items()]
        known = [(families, kilometres(home, point)) for families, point in roads if home and point]
        total = sum(families for families, _ in known)
        return sum(families * km for families, km in known) / total if total else None


@dataclass(frozen=True)
class PlaceLoad:
    """One place: its families, and those who accompany there with the whole of their load."""

    code: str
    name: str
    accompanied: int
    without: int
    people: Sequence[Person]
    limit: int | None
    norm: int | None
    over_limit: int | None
    """None where no office has said from how many on somebody is overloaded."""

    @property
    def families(self) -> int:
        """Active and suspended."""
        return self.accompanied + self.without

    @cached_property
    def mean(self) -> float | None:
        """Families for each facilitator, the whole of their load; None without any."""
        return sum(one.families for one in self.people) / len(self.people) if self.people else None

    @property
    def mean_families(self) -> int | None:
        """The same, to whole families."""
        return None if self.mean is None else round(self.mean)

    @property
    def heaviest(self) -> int:
        """Families of whoever has most."""
        return max((one.families for one in self.people), default=0)

    @property
    def over_norm(self) -> int:
        """Facilitators with more than the norm."""
        return sum(one.families > self.norm for one in self.people) if self.norm else 0


class Limits:
    """What offices have said until a day: the nearest one's last word counts."""

    def __init__(self, rows: Iterable[LoadLimit]) -> None:
        self._rows: dict[str, LoadLimit] = {}
        for row in sorted(rows, key=lambda one: (one.valid_from, one.pk)):
            self._rows[row.region_code] = row

    @property
    def any(self) -> bool:
        """True where somebody said anything."""
        return bool(self._rows)

    def of(self, code: str) -> LoadLimit | None:
        """For a place; None where nobody said anything."""
        return next((self._rows[code[:n]] for n in (4, 2, 0) if code[:n] in self._rows and n <= len(code)), None)

    def families(self, code: str) -> int | None:
        """The same as a number."""
        found = self.of(code)
        return found.families if found else None

    def passed(self, person: Person, place: str) -> bool:
        """True where she has as many as her office says is too much."""
        limit = self.families(max(person.region, place[:4], key=len))
        return limit is not None and person.families >= limit


@dataclass(frozen=True)
class Caseload:
    """Of a region on a day."""

    region: str
    day: date
    accompanied: Mapping[str, int]
    """By place, as finely as counted."""
    without: Mapping[str, int]
    people: Sequence[Person]
    """Heaviest first; also those with a post there and nobody to accompany."""
    limits: Limits
    norm: int | None
    counted_at: datetime | None = None
    """When, where it was not now."""

    def whole(self) -> PlaceLoad:
        """The region itself."""
        return self._place(self.region, self.accompanied, self.without, self.people)

    def parts(self, length: int) -> list[PlaceLoad]:
        """Each place of codes so long that has families or facilitators, in order of codes."""
        accompanied, without = _by_prefix(self.accompanied, length), _by_prefix(self.without, length)
        people: dict[str, list[Person]] = defaultdict(list)
        for one in self.people:
            for code in {place[:length] for place in one.held} | self._post_in(one, length):
                people[code].append(one)
        return [
            self._place(code, accompanied, without, people[code]) for code in sorted({*accompanied, *without, *people})
        ]

    def _post_in(self, one: Person, length: int) -> set[str]:
        """A post is in a district: places below have only who accompanies there."""
        own = one.region[:length]
        return {own} if len(own) == length and own.startswith(self.region) else set()

    def _place(
        self, code: str, accompanied: Mapping[str, int], without: Mapping[str, int], people: Sequence[Person]
    ) -> PlaceLoad:
        ours = code == self.region
        told = self.limits.of(code) or any(self.limits.of(one.region) for one in people)
        return PlaceLoad(
            code, region_name(code), sum(accompanied.values()) if ours else accompanied.get(code, 0),
            sum(without.values()) if ours else without.get(code, 0), people, self.limits.families(code), self.norm,
            sum(self.limits.passed(one, code) for one in people) if told else None,
        )  # fmt: skip


def _by_prefix(counts: Mapping[str, int], length: int) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for code, families in counts.items():
        found[code[:length]] += families
    return found


def point_of(code: str) -> tuple[float, float] | None:
    """The middle of a place, of its sub-district where nobody measured the village."""
    for each in (code, code[:6]):
        found = places.place(RegionCode(each))
        if found and found.latitude is not None and found.longitude is not None:
            return found.latitude, found.longitude
    return None


_NOW = """
select left(f.village_code, %(length)s), a.staff_id, count(*) from registry_family f
left join facilitators_accompaniment a on a.family_id = f.id and {in_force} and {in_region}
where f.status = any(%(accompanied)s) and {family_in_region} group by 1, 2
"""
"""A family is accompanied where it lives: a trigger ends what was before it moved. The region is said of both, or the
nation's accompaniments are read for a district's families."""

_THEN = """
select left(a.village_code, %(length)s), a.staff_id, count(*) from facilitators_accompaniment a
where {in_force} and {in_region} group by 1, 2
union all
select left(f.village_code, %(length)s), null, count(*) from registry_family f
where f.status = any(%(accompanied)s) and {family_in_region} and (f.entered_on is null or f.entered_on <= %(day)s)
    and not exists (select from facilitators_accompaniment a where a.family_id = f.id and {in_force})
group by 1
"""

_STILL = "join registry_family f on f.id = a.family_id and f.status = any(%(accompanied)s)"

_ELSEWHERE = f"""
(select count(*) from facilitators_accompaniment a {_STILL}
    where {IN_FORCE} and a.staff_id = s.id and not a.village_code ^@ %(region)s)
"""

_PEOPLE = """
select s.id, s.staff_no, p.name, s.region_code, s.home_code,
    exists (select from facilitators_leave v where v.staff_id = s.id
        and v.valid_from <= %(day)s and v.valid_until > %(day)s),
    t.here, {elsewhere}
from facilitators_staff s join accounts_person p on p.id = s.person_id
cross join lateral (
    select s.region_code ^@ %(region)s and (s.left_on is null or s.left_on > %(day)s) and exists (
        select from facilitators_post o where o.staff_id = s.id and o.role = 'FACILITATOR'
            and o.valid_from <= %(day)s and (o.valid_until is null or o.valid_until > %(day)s)) as here) t
where s.id = any(%(staff)s) or (t.here and length(%(region)s) <= 4)
"""


def caseload_on(region: str, day: date, norm: int | None, *, length: int | None = None) -> Caseload:
    """The caseload of a region. The caller has asked whether it may be seen."""
    values: dict[str, Any] = {
        "region": region, "day": day, "accompanied": list(ACCOMPANIED), "length": length or DETAIL[len(region)],
        "low": region, "high": f"{region}:",
    }  # fmt: skip
    today = timezone.localdate()
    counts = _counts(region, over=day < today)
    accompanied: dict[str, int] = defaultdict(int)
    without: dict[str, int] = {}
    held: dict[UUID, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        at = None
        if not region and day == today:
            counted, at = national_counts.kept_or_now(counts, values)
        else:
            cursor.execute(counts, values)
            counted = cursor.fetchall()
        for code, staff, families in counted:
            if staff is None:
                without[code] = families
            else:
                accompanied[code] += families
                held[staff][code] = families
        values["staff"] = list(held)
        cursor.execute(_PEOPLE.format(elsewhere=_ELSEWHERE if len(region) >= DISTRICT_DIGITS else "0"), values)
        people = [
            Person(pk, number, name, of, home, away, posted, held.get(pk, {}), elsewhere)
            for pk, number, name, of, home, away, posted, elsewhere in cursor.fetchall()
        ]
    people.sort(key=lambda one: (-one.families, one.name, one.staff_no))
    return Caseload(region, day, accompanied, without, people, limits_on(region, day), norm, at)


def _counts(region: str, *, over: bool) -> str:
    return (_THEN if over else _NOW).format(
        in_force=IN_FORCE, in_region=_ranged("a", region), family_in_region=_ranged("f", region)
    )


def keep_national_counts() -> int:
    """Count the nation as of today and keep it for its pages; gives the families, 0 where they are too few for that."""
    values = {"day": timezone.localdate(), "accompanied": list(ACCOMPANIED), "length": national_counts.LENGTH}
    return national_counts.keep(_counts("", over=False), values)


def _ranged(table: str, region: str) -> str:
    """A range and no prefix: one index serves it."""
    return f"{table}.village_code >= %(low)s and {table}.village_code < %(high)s" if region else "true"


def limits_on(region: str, day: date) -> Limits:
    """What was said for the region, above it and below it."""
    above = sorted({region[:length] for length in (0, 2, 4)})
    return Limits(
        LoadLimit.objects.filter(
            Q(region_code__in=above) | Q(region_code__within=Territory(frozenset({region}))), valid_from__lte=day
        )
    )


def without_facilitator(region: str, day: date) -> QuerySet[Family]:
    """Active and suspended families that nobody accompanies on the day: as many as the pages of the load say.

    Of today and of days to come the village is said of both. Else PostgreSQL, which expects one row of a sub-district
    in a large table, reads the place's accompaniments anew for each of its families. It is said as a range: for a page
    in the order of villages an equality would set every family of a village against every accompaniment there.
    """
    in_force = Accompaniment.objects.filter(on_day(day), family_id=OuterRef("pk"))
    if day >= timezone.localdate():
        village = OuterRef("village_code")
        in_force = in_force.filter(village_code__gte=village, village_code__lte=village)
    rows = Family.objects.filter(
        ~Exists(in_force), status__in=ACCOMPANIED, village_code__within=Territory(frozenset({region}))
    )
    if day < timezone.localdate():
        rows = rows.filter(Q(entered_on__isnull=True) | Q(entered_on__lte=day))
    return rows


def own_region(acting: Acting, may: May) -> str:
    """The region a page about one's own shows: the first, for the few who have the right in several."""
    return min(acting.where(may).regions)


def waiting_without(acting: Acting) -> QuerySet[Family]:
    """Families without a facilitator today, where one decides about it."""
    return without_facilitator(own_region(acting, May.DECIDE_CASELOAD), timezone.localdate())


_HERE = f"""
select a.staff_id from facilitators_accompaniment a
where {IN_FORCE} and {{here}}
union select s.id from facilitators_staff s where s.region_code ^@ %(region)s
"""

_OVERLOADED = f"""
select s.id from ({_HERE}) h
join facilitators_staff s on s.id = h.staff_id
cross join lateral (
    select count(*) as families from facilitators_accompaniment a where {IN_FORCE} and a.staff_id = s.id) l
cross join lateral (
    select case when length(s.region_code) >= length(%(place)s) then s.region_code else %(place)s end as code) o
cross join lateral (
    select m.families from facilitators_loadlimit m
    where m.valid_from <= %(day)s and m.region_code = any(array['', left(o.code, 2), left(o.code, 4)])
    order by length(m.region_code) desc, m.valid_from desc, m.id desc limit 1) most
where exists (select from facilitators_loadlimit) and case when l.families >= most.families then (
    select count(*) from facilitators_accompaniment a {_STILL}
    where {IN_FORCE} and a.staff_id = s.id) >= most.families end
"""
"""Rows first, which are no fewer than families; of the few who may be over, the families are looked at."""


def waiting_overloaded(acting: Acting) -> tuple[str, list[Any]]:
    """Facilitators with as many families as their office says is too much, where one decides about it.

    As SQL for a page of many counts; one by one, they are those of `caseload_on` that `Limits.passed`.
    """
    region, today = own_region(acting, May.DECIDE_CASELOAD), timezone.localdate()
    values = {
        "region": region, "low": region, "high": f"{region}:", "place": region[:4], "day": today,
        "accompanied": list(ACCOMPANIED),
    }  # fmt: skip
    return positional(_OVERLOADED.format(here=_ranged("a", region)), values)


def positional(sql: str, named: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """SQL with its values in order, so that it can stand beside that of others in one question."""
    order = re.findall(r"%\((\w+)\)s", sql)
    return re.sub(r"%\(\w+\)s", "%s", sql), [named[name] for name in order]
