"""Grants of facilitators follow their caseload: whoever accompanies families in a village sees it, for those days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from gandeng.accounts.models import Grant
from gandeng.accounts.roles import Role
from gandeng.core.region_code import VILLAGE_DIGITS

_OURS = """g.role = %(role)s and length(g.region_code) = 10 and g.stands_in_for_id is null
    and g.region_code ^@ %(region)s"""
"""Grants on a sub-district are an administrator's, and stay; so do those in other regions. What waits for a second
person ends where the caseload says who has the village."""

_TABLE = """
create temporary table if not exists villages_held
    (person_id uuid, village_code text collate "C", valid_from date, valid_until date) on commit drop;
truncate villages_held;
"""

_TAKE_BACK_TO_COME = f"""
update accounts_grant g set valid_until = g.valid_from
where {_OURS} and g.person_id = any(%(people)s) and g.valid_from > %(today)s
    and (g.valid_until is null or g.valid_until > g.valid_from)
    and not exists (select from villages_held h where not g.awaits and (h.person_id, h.village_code, h.valid_from)
        = (g.person_id, g.region_code, g.valid_from) and h.valid_until is not distinct from g.valid_until)
"""

_FIT_IN_FORCE = f"""
with fit as (
    select g.id, case when h.person_id is null then %(today)s else h.valid_until end as until
    from accounts_grant g left join villages_held h on not g.awaits
        and (h.person_id, h.village_code) = (g.person_id, g.region_code)
        and h.valid_from <= %(today)s and (h.valid_until is null or h.valid_until > %(today)s)
    where {_OURS} and g.person_id = any(%(people)s) and g.valid_from <= %(today)s
        and (g.valid_until is null or g.valid_until > %(today)s))
update accounts_grant g set valid_until = fit.until from fit
where g.id = fit.id and g.valid_until is distinct from fit.until
"""

_GIVE = f"""
insert into accounts_grant
    (id, person_id, role, region_code, channel, valid_from, valid_until, granted_by_id, created_at)
select gen_random_uuid(), h.person_id, %(role)s, h.village_code, '', greatest(h.valid_from, %(today)s), h.valid_until,
    %(giver)s, now()
from villages_held h
where (h.valid_until is null or h.valid_until > %(today)s) and not exists (
    select from accounts_grant g where {_OURS} and (g.person_id, g.region_code) = (h.person_id, h.village_code)
        and g.valid_from <= greatest(h.valid_from, %(today)s)
        and (g.valid_until is null or g.valid_until > greatest(h.valid_from, %(today)s)))
"""


def follows_caseload(grant: Grant) -> bool:
    """Whether it came with families that somebody else decided on, and no administrator gave it."""
    of_village = grant.role == Role.FACILITATOR and len(grant.region_code) == VILLAGE_DIGITS
    return of_village and grant.stands_in_for_id is None and grant.confirmed_by_id is None


@dataclass(frozen=True)
class Followed:
    """How many grants began and how many end otherwise than before."""

    given: int
    ended: int


def hold_villages(
    people: list[UUID],
    held: Iterable[tuple[UUID, str, date, date | None]],
    *,
    region: str,
    giver: UUID | None,
    today: date,
) -> Followed:
    """Make the grants of `people` on villages of the region what `held` says: person, village, from, until.

    From `today` on; what was before stays told. Whoever calls has asked for the right and writes the log.
    """
    values = {"people": people, "role": Role.FACILITATOR.value, "giver": giver, "today": today, "region": region}
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy("copy villages_held from stdin") as copy:
            for row in held:
                copy.write_row(row)
        ended = 0
        for statement in (_TAKE_BACK_TO_COME, _FIT_IN_FORCE):
            cursor.execute(statement, values)
            ended += cursor.rowcount
        cursor.execute(_GIVE, values)
        return Followed(cursor.rowcount, ended)
