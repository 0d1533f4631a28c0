"""Plans one may see, what stands in them, and what they would move: by the very statement that will move it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.facilitators import placing
from gandeng.facilitators.act_queries import Moved, moved_by
from gandeng.facilitators.measures import Start
from gandeng.facilitators.models import CaseloadChange, Plan, PlanLock, PlanOption, PlanRow, Post, Staff
from gandeng.facilitators.moving import ACCOMPANIED, IN_FORCE, Share


def plans_of(acting: Acting) -> QuerySet[Plan]:
    """Plans of the districts whose staff one may see."""
    rows = Plan.objects.filter(region_code__within=acting.where(May.SEE_STAFF))
    return rows.select_related("made_by", "chosen", "decided_by")


def access_plan(acting: Acting, plan_id: UUID, may: May = May.SEE_STAFF) -> Plan:
    """One of them, or one about which one has another right. Http404."""
    rows = Plan.objects.select_related("made_by", "decided_by", "chosen", "change", "follows")
    plan = rows.filter(pk=plan_id).first()
    if plan is None or not acting.may(may, plan.region_code):
        raise Http404
    return plan


def start_of(plan: Plan) -> Start:
    """The caseload the plan starts from."""
    return Start.from_json(plan.before)


def rows_of(option: PlanOption) -> QuerySet[PlanRow]:
    """Villages and people of an option."""
    return PlanRow.objects.filter(option=option, families__gt=0)


def access_row(plan: Plan, village: str, staff: UUID) -> PlanRow:
    """What the way chosen gives her in that village. Http404."""
    if not (village.isascii() and village.isdigit()):
        raise Http404
    rows = PlanRow.objects.filter(option_id=plan.chosen_id, village_code=village, staff_id=staff, families__gt=0)
    row = rows.select_related("option").first() if plan.chosen_id else None
    if row is None:
        raise Http404
    return row


def shares_of(option: PlanOption) -> tuple[Share, ...]:
    """The same, as what moves families reads it."""
    rows = rows_of(option).order_by("village_code", "staff_id").values_list("village_code", "staff_id", "families")
    return tuple(Share(*row) for row in rows)


def locks_of(plan: Plan) -> list[PlanLock]:
    """What the next question must keep."""
    return list(PlanLock.objects.filter(plan=plan))


@dataclass(frozen=True)
class Named:
    """How people know a member of staff."""

    name: str
    staff_no: str

    def __str__(self) -> str:
        return f"{self.name} ({self.staff_no})"


def names_of(staff: Iterable[UUID]) -> dict[UUID, Named]:
    """By id; those of other places, whom one may not see, are left out."""
    rows = Staff.objects.filter(pk__in=set(staff)).values_list("pk", "person__name", "staff_no")
    return {pk: Named(name, staff_no) for pk, name, staff_no in rows}


@dataclass(frozen=True)
class Handed:
    """So many families of a village from one facilitator to another; `giver` is None for those nobody accompanies."""

    village_code: str
    giver: UUID | None
    taker: UUID
    families: int


_WOULD_MOVE = f"""
select f.village_code, a.staff_id, m.staff_id, count(*) from caseload_moves m
join registry_family f on f.id = m.family_id
left join facilitators_accompaniment a on a.family_id = m.family_id and {IN_FORCE}
where a.staff_id is distinct from m.staff_id group by 1, 2, 3 order by 1, 2 nulls last, 3
"""


def would_move(shares: Sequence[Share], day: date) -> list[Handed]:
    """Who would hand how many families to whom if these shares were carried out as things stand now.

    In the caller's transaction, with the table in which `moving` puts who is to have whom; nothing stays of it.
    """
    placing.fill_by_shares(shares, day)
    with connection.cursor() as cursor:
        cursor.execute(_WOULD_MOVE, {"day": day})
        return [Handed(*row) for row in cursor.fetchall()]


def handed(plan: Plan, day: date) -> list[Moved]:
    """The hand-over list: as it was carried out, else as it would be with the way chosen."""
    if plan.change:
        return moved_by(plan.change)
    if plan.chosen is None:
        return []
    found = would_move(shares_of(plan.chosen), day)
    names = names_of(one for row in found for one in (row.giver, row.taker) if one)

    def named(staff: UUID | None) -> tuple[str, str]:
        known = names.get(staff) if staff else None
        return (known.name, known.staff_no) if known else (_("pendamping dari wilayah lain") if staff else "", "")

    return sorted(
        (Moved(row.village_code, *named(row.giver), *named(row.taker), row.families) for row in found),
        key=lambda row: (row.village_code, row.giver, row.taker),
    )


@dataclass(frozen=True)
class Drift:
    """What became otherwise since the plan was made."""

    acts: int
    came: Mapping[str, int]
    """Families more, by village of the plan."""
    went: Mapping[str, int]
    new_villages: Mapping[str, int]
    """Villages with families that the plan does not know."""
    gone: tuple[UUID, ...]
    """People of the plan who are no facilitators of the district on the day."""

    @property
    def refuses(self) -> bool:
        """True where the plan can no longer be carried out as it was looked at."""
        return bool(self.acts or self.new_villages or self.gone)


_VILLAGES_NOW = """
select village_code, count(*) from registry_family
where status = any(%(accompanied)s) and village_code ^@ %(region)s group by 1
"""

_FACILITATORS = """
select s.id from facilitators_staff s where s.id = any(%(staff)s) and (s.left_on is null or s.left_on > %(day)s)
    and exists (select from facilitators_post o where o.staff_id = s.id and o.role = %(role)s
        and o.valid_from <= %(day)s and (o.valid_until is null or o.valid_until > %(day)s))
"""


def drift_of(plan: Plan, shares: Sequence[Share], day: date) -> Drift:
    """What must be known before the plan takes effect on `day`."""
    start = start_of(plan)
    staff = sorted({share.staff_id for share in shares})
    values: dict[str, Any] = {
        "region": plan.region_code, "accompanied": list(ACCOMPANIED), "staff": staff, "day": day,
        "role": Post.Role.FACILITATOR.value,
    }  # fmt: skip
    acts = CaseloadChange.objects.filter(region_code__startswith=plan.region_code).count()
    with connection.cursor() as cursor:
        cursor.execute(_VILLAGES_NOW, values)
        now: dict[str, int] = dict(cursor.fetchall())
        cursor.execute(_FACILITATORS, values)
        there = {row[0] for row in cursor.fetchall()}
    more = {village: now.get(village, 0) - families for village, families in start.villages.items()}
    return Drift(
        acts - start.acts,
        {village: count for village, count in more.items() if count > 0},
        {village: -count for village, count in more.items() if count < 0},
        {village: count for village, count in now.items() if village not in start.villages},
        tuple(one for one in staff if one not in there),
    )
