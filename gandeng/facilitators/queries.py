"""Whom one may look at: the only door to staff, and who accompanies how many on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.region_code import SUB_DISTRICT_DIGITS
from gandeng.facilitators.models import CaseloadChange, Identity, Staff
from gandeng.facilitators.moving import ACCOMPANIED, IN_FORCE
from gandeng.web.scoping import Territory


def staff_of(acting: Acting) -> QuerySet[Staff]:
    """Everybody who works, or worked, in the regions whose staff one may see; a lead: who sets out from there."""
    where = acting.where(May.SEE_STAFF)
    near = Territory(frozenset(code for code in where.regions if len(code) == SUB_DISTRICT_DIGITS))
    seen = Q(region_code__within=where) | Q(home_code__within=near)
    return Staff.objects.filter(seen).select_related("person")


def access_staff(acting: Acting, staff_id: UUID, may: May = May.SEE_STAFF) -> Staff:
    """Somebody one may see, or has another right about; oneself always. Http404 for anybody else."""
    staff = _with_numbers().filter(pk=staff_id).first()
    if staff is None:
        raise Http404
    own = may is May.SEE_STAFF and staff.person_id == acting.person_id
    near = may is May.SEE_STAFF and any(
        len(code) == SUB_DISTRICT_DIGITS and staff.home_code == code for code in acting.where(may).regions
    )
    if not own and not near and not acting.may(may, staff.region_code):
        raise Http404
    return staff


def own_record(acting: Acting) -> Staff | None:
    """Who acts, as staff; None for whoever does not work in the field."""
    return _with_numbers().filter(person_id=acting.person_id).first()


def _with_numbers() -> QuerySet[Staff]:
    """With the last digits of NIK and family card, as far as the reader may see them (`numbers_of`)."""
    held = Identity.objects.filter(staff=OuterRef("pk"), ended_at=None)
    told = {name: Subquery(held.exclude(**{name: ""}).values(name)[:1]) for name in ("nik_last4", "kk_last4")}
    return Staff.objects.select_related("person").annotate(**told)


def numbers_of(staff: Staff) -> dict[str, str]:
    """Last digits by `nik` and `kk`, of somebody who came by one of the questions above."""
    return {name: vars(staff).get(f"{name}_last4") or "" for name in ("nik", "kk")}


def access_change(acting: Acting, change_id: UUID) -> CaseloadChange:
    """An act that changed who accompanies whom. Http404."""
    change = CaseloadChange.objects.select_related("decided_by", "undoes").filter(pk=change_id).first()
    if change is None or not acting.may(May.SEE_STAFF, change.region_code):
        raise Http404
    return change


@dataclass(frozen=True)
class Load:
    """A facilitator and how many families, in how many villages, she accompanies on a day."""

    staff_id: UUID
    staff_no: str
    name: str
    district: str
    home_code: str
    families: int
    villages: list[str]
    away: bool
    """On leave that day."""


_LOADS = f"""
select s.id, s.staff_no, p.name, s.region_code, s.home_code, coalesce(l.families, 0), coalesce(l.villages, '{{}}'),
    exists (select from facilitators_leave v where v.staff_id = s.id
        and v.valid_from <= %(day)s and v.valid_until > %(day)s)
from facilitators_staff s join accounts_person p on p.id = s.person_id
left join (
    select a.staff_id, count(*) as families, array_agg(distinct a.village_code) as villages
    from facilitators_accompaniment a join registry_family f on f.id = a.family_id
    where {IN_FORCE} and f.status = any(%(accompanied)s) and a.village_code ^@ %(region)s
    group by a.staff_id) l on l.staff_id = s.id
where l.families > 0 or (s.region_code ^@ %(region)s and exists (
    select from facilitators_post o where o.staff_id = s.id and o.role = 'FACILITATOR' and o.valid_from <= %(day)s
        and (o.valid_until is null or o.valid_until > %(day)s)))
order by 6 desc, p.name, s.staff_no
"""


def loads(region: str, day: date) -> Sequence[Load]:
    """Facilitators of a region with their families on that day, heaviest first; also those with none.

    Whoever has families there is in, wherever her post is. The caller has asked whether the region may be seen.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, {"region": region, "day": day, "accompanied": list(ACCOMPANIED)})
        rows = cursor.fetchall()
    return [Load(*row) for row in rows]
