"""Acts that changed who accompanies whom, with their families; and one facilitator's own families."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.facilitators.models import Accompaniment, CaseloadChange, Staff
from gandeng.facilitators.staff_queries import on_day
from gandeng.registry.models import Family
from gandeng.registry.queries import families_visible_to
from gandeng.web.scoping import Territory

BY_FAMILY = ("village_code", "family__family_no")
"""The order of a list of who accompanies whom."""


def changes_visible_to(acting: Acting, region: str = "") -> QuerySet[CaseloadChange]:
    """Acts of the regions whose staff one may see, narrowed to a region."""
    rows = CaseloadChange.objects.filter(region_code__within=acting.where(May.SEE_STAFF))
    if region:
        rows = rows.filter(region_code__within=Territory(frozenset({region})))
    return rows.select_related("decided_by", "undone_by")


@dataclass(frozen=True)
class Moved:
    """So many families of a village from one to another; empty names for nobody."""

    village_code: str
    giver: str
    giver_no: str
    taker: str
    taker_no: str
    families: int


_BY_VILLAGE = """
with moved as (
    select coalesce(b.village_code, e.village_code) as village_code, e.staff_id as giver, b.staff_id as taker
    from (select * from facilitators_accompaniment where began_by_id = %(change)s and not goes_on) b
    full join (select * from facilitators_accompaniment where ended_by_id = %(change)s) e using (family_id))
select m.village_code, coalesce(gp.name, ''), coalesce(g.staff_no, ''), coalesce(tp.name, ''),
    coalesce(t.staff_no, ''), count(*)
from moved m
left join facilitators_staff g on g.id = m.giver left join accounts_person gp on gp.id = g.person_id
left join facilitators_staff t on t.id = m.taker left join accounts_person tp on tp.id = t.person_id
group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
"""


def moved_by(change: CaseloadChange) -> list[Moved]:
    """What an act moved, by village and by who gave to whom."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_VILLAGE, {"change": change.pk})
        return [Moved(*row) for row in cursor.fetchall()]


def families_of(change: CaseloadChange) -> QuerySet[Accompaniment]:
    """One row for each family the act moved; `giver` and `taker` are names, None for nobody."""
    began = Accompaniment.objects.filter(began_by=change, goes_on=False, family_id=OuterRef("family_id"))
    before = Accompaniment.objects.filter(ended_by=change, family_id=OuterRef("family_id"))
    rows = Accompaniment.objects.filter(Q(began_by=change, goes_on=False) | (Q(ended_by=change) & ~Exists(began)))
    return rows.annotate(
        giver=Subquery(before.values("staff__person__name")[:1]),
        taker=Subquery(began.values("staff__person__name")[:1]),
    ).select_related("family__collector")  # fmt: skip


def accompanied_by(staff: Staff | QuerySet[Staff], day: date) -> QuerySet[Accompaniment]:
    """Whom she accompanies on the day, or whom they do, as the caseload says; of them those one sees."""
    whose = {"staff__in": staff} if isinstance(staff, QuerySet) else {"staff": staff}
    return Accompaniment.objects.filter(on_day(day), **whose)


def falling_to[M: Model](acting: Acting, rows: QuerySet[M], **own: UUID) -> QuerySet[M]:
    """Of rows about families: one's own, those of families one accompanies today; where nobody does, the offices'.

    Whoever wrote them may have left, or accompany the family no more.
    """
    if acting.own_families_alone:  # row security leaves her no other families
        return rows
    held = Accompaniment.objects.filter(on_day(timezone.localdate()), family_id=OuterRef("family_id"))
    return rows.filter(Q(**own) | ~Exists(held) | Exists(held.filter(staff__person_id=acting.person_id)))


def own_families(acting: Acting, staff: Staff, day: date, words: str) -> QuerySet[Accompaniment]:
    """Whom she accompanies on the day, of the families she sees today. Raises SearchRefused."""
    rows = accompanied_by(staff, day).filter(family__status__in=("ACTIVE", "SUSPENDED"))
    if words:
        rows = rows.filter(family__in=families_visible_to(acting, {"q": words}).values("pk"))
    return rows.select_related("family__collector")


def without_matching(acting: Acting, rows: QuerySet[Family], words: str) -> QuerySet[Family]:
    """Families of the rows that the words find. Raises SearchRefused."""
    if words:
        rows = rows.filter(pk__in=families_visible_to(acting, {"q": words, "region": ""}).values("pk"))
    return rows.select_related("collector").annotate(village=F("village_code"))


@dataclass(frozen=True)
class OwnAct:
    """Families that come to a facilitator or go from her with one act, in one village."""

    change_id: UUID
    kind: str
    effective_on: date
    village_code: str
    other: str
    """Who had them, or is to have them; empty for nobody."""
    comes: bool
    families: int


def own_acts(staff: Staff, since: date) -> list[OwnAct]:
    """What comes and goes from that day on, newest day first; counts alone, also of villages she does not see yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select change_id, kind, effective_on, village_code, other, comes, families
                from facilitators_own_acts(%s, %s) order by effective_on desc, comes desc, village_code, other""",
            [staff.person_id, since],
        )
        return [OwnAct(*row) for row in cursor.fetchall()]


def coming_acts(acting: Acting) -> tuple[str, list[Any]]:
    """Acts after today that give families to this person or take them away, as SQL for a page of many counts."""
    today = timezone.localdate()
    sql = "select distinct change_id from facilitators_own_acts(%s, %s) where effective_on > %s"
    return sql, [acting.person_id, today, today]
