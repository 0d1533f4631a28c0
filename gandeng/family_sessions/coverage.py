"""How far the sessions reach: by module and session, by place, by group and by facilitator, of one year and region."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from gandeng.family_sessions.models import Group
from gandeng.family_sessions.published import module_of, sessions


@dataclass(frozen=True)
class Held:
    """Meetings of something, and who of the families of their groups came."""

    key: str
    meetings: int
    groups: int
    families: int
    """Rows of attendance: a family that was asked to four meetings counts four times."""
    came: int


_IN_FORCE = """family_sessions_meeting m where m.on_day >= %(since)s and m.on_day < %(until)s
    and m.village_code ^@ %(region)s
    and not exists (select from family_sessions_meeting n where n.replaces_id = m.id)"""

_MEETINGS = "count(distinct (m.group_id, m.on_day, m.session_code))"
"""A session of a group on a day is one meeting, though two facilitators tell it, each for her families."""

_HELD = f"""
select {{key}}, {_MEETINGS}, count(distinct m.group_id), coalesce(sum(m.families), 0)::bigint,
    coalesce(sum(m.came), 0)::bigint
from {_IN_FORCE} group by 1 order by 1
"""

_PLACES = f"""
with held as (select left(m.village_code, %(length)s) as place, {_MEETINGS} as meetings,
        count(distinct m.group_id) as groups,
        coalesce(sum(m.families), 0)::bigint as families, coalesce(sum(m.came), 0)::bigint as came
    from {_IN_FORCE} group by 1),
members as (select left(s.village_code, %(length)s) as place, count(*) as members, count(distinct s.group_id) as groups
    from family_sessions_membership s where s.village_code ^@ %(region)s and s.valid_from <= %(day)s
        and (s.valid_until is null or s.valid_until > %(day)s) group by 1),
living as (select left(f.village_code, %(length)s) as place, count(*) as families from registry_family f
    where f.village_code ^@ %(region)s and f.status in ('ACTIVE', 'SUSPENDED') group by 1)
select place, l.families, coalesce(s.members, 0), coalesce(s.groups, 0), coalesce(h.meetings, 0),
    coalesce(h.families, 0)::bigint, coalesce(h.came, 0)::bigint
from living l full join members s using (place) full join held h using (place) order by place
"""


@dataclass(frozen=True)
class Place:
    """Families that live there today, those in groups today, and the year's meetings."""

    code: str
    living: int
    members: int
    groups: int
    meetings: int
    families: int
    came: int


@dataclass(frozen=True)
class Person:
    """Who held meetings, and how many."""

    person_id: UUID
    name: str
    meetings: int
    groups: int
    families: int
    came: int


_PEOPLE = f"""
select m.by_id, p.name, count(*), count(distinct m.group_id), coalesce(sum(m.families), 0)::bigint,
    coalesce(sum(m.came), 0)::bigint
from (select * from {_IN_FORCE}) m join accounts_person p on p.id = m.by_id group by 1, 2 order by 2, 1
"""


def by_session(region: str, year: int) -> list[Held]:
    """Every session there is, those nobody held with zeros."""
    found = {row[0]: Held(*row) for row in _asked(_HELD.format(key="m.session_code"), region, year)}
    return [found.get(code, Held(code, 0, 0, 0, 0)) for code in sessions()]


def by_module(rows: list[Held]) -> dict[str, int]:
    """Meetings of each module: the sum of its sessions."""
    told: dict[str, int] = {}
    for row in rows:
        told[module_of(row.key)] = told.get(module_of(row.key), 0) + row.meetings
    return told


def by_place(region: str, year: int, day: date) -> list[Place]:
    """The places right below the region: districts, sub-districts, villages, or the village itself."""
    length = {0: 2, 2: 4, 4: 6}.get(len(region), 10)
    return [Place(*row) for row in _asked(_PLACES, region, year, length=length, day=day)]


def by_person(region: str, year: int) -> list[Person]:
    """By name."""
    return [Person(*row) for row in _asked(_PEOPLE, region, year)]


def _asked(query: str, region: str, year: int, **more: Any) -> list[tuple[Any, ...]]:
    values = {"region": region, "since": date(year, 1, 1), "until": date(year + 1, 1, 1), **more}
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def groups(region: str, year: int, day: date) -> QuerySet[Any]:
    """Groups of the region with members today; `.members`, `.held` (different sessions this year), `.last_day`."""
    now = Q(memberships__valid_from__lte=day) & (Q(memberships__valid_until=None) | Q(memberships__valid_until__gt=day))
    this_year = Q(meetings__on_day__year=year, meetings__replaced_by=None)
    rows: QuerySet[Any] = Group.objects.filter(village_code__startswith=region).select_related("made_by")
    counted: QuerySet[Any] = rows.annotate(
        members=Count("memberships", filter=now, distinct=True),
        held=Count("meetings__session_code", filter=this_year, distinct=True),
        last_day=Max("meetings__on_day", filter=Q(meetings__replaced_by=None)),
    ).filter(members__gt=0)
    return counted
