"""Who of the staff at work lacks which skill she needs, and how many have it: one question for a whole region.

Needed is a skill whose posts somebody holds on that day, kept by the nation or her province. Had is one with a
certificate that was issued, not revoked and has not run out; the one that holds longest counts.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields import UUIDField
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.certificates.models import Skill
from gandeng.core.region_code import SUB_DISTRICT_DIGITS
from gandeng.facilitators.models import Staff
from gandeng.facilitators.queries import staff_of

RUNS_OUT_MONTHS = 3
"""A certificate that ends sooner is running out: time to plan a training. Ours, for no paper says it."""

HELD, NEVER, EXPIRED, SOON = "HELD", "NEVER", "EXPIRED", "SOON"
GAPS = {
    NEVER: _("Belum pernah"),
    EXPIRED: _("Sudah berakhir"),
    SOON: _("Segera berakhir"),
}
"""Why somebody is on the list. Who had one that was revoked has never had one that counts."""

_NEED = """
with given as (select %s::date as day, %s::text as region, %s::text[] as regions, %s::text[] as near,
    %s::int as months, %s::uuid as skill, %s::int as urgency, %s::uuid[] as staff),
seen as materialized (
    select s.id, s.staff_no, s.person_id, s.region_code, s.home_code from facilitators_staff s, given g
    where s.joined_on <= g.day and (s.left_on is null or s.left_on > g.day)
        and (s.region_code ^@ any(g.regions) or s.home_code = any(g.near))
        and case when length(g.region) = 6 then s.home_code = g.region else s.region_code ^@ g.region end
        and (g.staff is null or s.id = any(g.staff))),
need as materialized (
    select distinct s.id as staff_id, k.id as skill_id from seen s, facilitators_post o, certificates_skill k, given g
    where o.staff_id = s.id and o.valid_from <= g.day and (o.valid_until is null or o.valid_until > g.day)
        and o.role = any(k.for_roles) and s.region_code ^@ k.region_code
        and (k.ended_on is null or k.ended_on > g.day)
        and (g.skill is null or k.id = g.skill) and (g.urgency is null or k.urgency = g.urgency)),
told as (
    select n.staff_id, n.skill_id, b.until, case when b.until is null then 'NEVER' when b.until <= g.day then 'EXPIRED'
        when b.until <= g.day + make_interval(months => g.months) then 'SOON' else 'HELD' end as state
    from need n cross join given g cross join lateral (
        select max(coalesce(c.valid_until, 'infinity'::date)) as until from certificates_certificate c
        where c.staff_id = n.staff_id and c.skill_id = n.skill_id and c.issued_on <= g.day
            and not exists (select from certificates_revocation v
                where v.certificate_id = c.id and (v.at at time zone 'Asia/Jakarta')::date <= g.day)) b)
"""

_LACKING = f"""{_NEED}
select s.id, s.staff_no, p.name, s.region_code, s.home_code, k.id, k.name, k.urgency, t.state,
    nullif(t.until, 'infinity'::date)
from told t join seen s on s.id = t.staff_id join accounts_person p on p.id = s.person_id
join certificates_skill k on k.id = t.skill_id
where t.state = any(%s)
order by k.urgency, s.region_code, k.name, k.id, s.staff_no limit %s
"""

_WHOM = f"{_NEED} select staff_id from told where state = any(%s)"

_COVERAGE = f"""{_NEED}
select k.id, k.name, k.urgency, case when %s then s.home_code else s.region_code end,
    count(*), count(*) filter (where t.state in ('HELD', 'SOON')),
    count(*) filter (where t.state = 'SOON'), count(*) filter (where t.state = 'NEVER'),
    count(*) filter (where t.state = 'EXPIRED')
from told t join seen s on s.id = t.staff_id join certificates_skill k on k.id = t.skill_id
group by 1, 2, 3, 4 order by 3, 2, 1, 4
"""


@dataclass(frozen=True)
class Lacking:
    """Somebody who lacks a skill she needs, or soon will."""

    staff_id: UUID
    staff_no: str
    name: str
    district: str
    home_code: str
    skill_id: UUID
    skill_name: str
    urgency: int
    state: str
    until: date | None
    """The first day without it, where she had or has it."""

    @property
    def last_day(self) -> date | None:
        """The last day she has or had it."""
        return self.until - timedelta(days=1) if self.until else None

    @property
    def words(self) -> str:
        """Why she is on the list."""
        return str(GAPS[self.state])

    @property
    def urgency_words(self) -> str:
        """How soon."""
        return str(Skill.Urgency(self.urgency).label)


@dataclass(frozen=True)
class Covered:
    """One skill in one place: who needs it, and who has it. `held` holds those whose certificate is running out."""

    skill_id: UUID
    skill_name: str
    urgency: int
    district: str
    """Or the sub-district they set out from, empty where nobody told it, where that was asked."""
    needed: int
    held: int
    running_out: int
    never: int
    expired: int

    @property
    def lacking(self) -> int:
        """Who needs it and has it not today."""
        return self.never + self.expired


@dataclass(frozen=True)
class Narrowed:
    """What a list of needs is narrowed by."""

    skill: UUID | None = None
    urgency: int | None = None
    states: Collection[str] = (NEVER, EXPIRED, SOON)
    months: int = RUNS_OUT_MONTHS
    staff: Sequence[UUID] | None = None


def lacking(
    acting: Acting, region: str, day: date, skill: UUID | None = None, *, narrowed: Narrowed | None = None,
    at_most: int = 1_000_000,
) -> list[Lacking]:  # fmt: skip
    """Who lacks which skill, or soon will: most urgent first, then by district. `skill` alone, where it is given."""
    which = narrowed or Narrowed(skill)
    rows = _asked(_LACKING, [*_given(acting, region, day, which), [*which.states], at_most])
    return [Lacking(*row) for row in rows]


def lacking_of(staff: Staff, day: date) -> list[Lacking]:
    """What one person lacks. The caller has asked whether she may be seen."""
    given = [day, "", [""], [], RUNS_OUT_MONTHS, None, None, [staff.pk]]
    return [Lacking(*row) for row in _asked(_LACKING, [*given, [NEVER, EXPIRED, SOON], 1_000])]


def staff_lacking(acting: Acting, region: str, day: date, narrowed: Narrowed) -> QuerySet[Staff]:
    """The same people, as rows of staff to page through."""
    whom = RawSQL(  # noqa: S611 (constant text; every value is a parameter)
        f"({_WHOM})", [*_given(acting, region, day, narrowed), [*narrowed.states]], output_field=UUIDField()
    )
    return staff_of(acting).filter(pk__in=whom)


def coverage(
    acting: Acting, region: str, day: date, *, narrowed: Narrowed | None = None, by_home: bool = False
) -> list[Covered]:
    """One row per skill and district (or province, of those who work for the whole of it) where somebody needs it.

    By the sub-district they set out from instead, with `by_home`.
    """
    rows = _asked(_COVERAGE, [*_given(acting, region, day, narrowed or Narrowed()), by_home])
    return [Covered(*row) for row in rows]


def holds(staff_ids: Iterable[UUID], day: date) -> dict[UUID, set[UUID]]:
    """Skills each of them has a certificate for that counts on that day; of those the reader's territory shows."""
    wanted = [*staff_ids]
    found: dict[UUID, set[UUID]] = {one: set() for one in wanted}
    for staff_id, skill_id in _asked(
        """select distinct c.staff_id, c.skill_id from certificates_certificate c
            where c.staff_id = any(%s) and c.issued_on <= %s and (c.valid_until is null or c.valid_until > %s)
            and not exists (select from certificates_revocation v where v.certificate_id = c.id
                and (v.at at time zone 'Asia/Jakarta')::date <= %s)""",
        [wanted, day, day, day],
    ):
        found[staff_id].add(skill_id)
    return found


def _given(acting: Acting, region: str, day: date, which: Narrowed) -> list[Any]:
    """In the order of `given`. Raises BadRequest for a region that is none."""
    if region and not (region.isascii() and region.isdigit() and len(region) in (2, 4, 6)):
        raise BadRequest("region")
    regions = sorted(acting.where(May.SEE_STAFF).regions)
    near = [code for code in regions if len(code) == SUB_DISTRICT_DIGITS]
    staff = [*which.staff] if which.staff is not None else None
    return [day, region, regions, near, which.months, which.skill, which.urgency, staff]


def _asked(query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
