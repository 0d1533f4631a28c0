"""Groups, meetings, tasks and families one may see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.facilitators.act_queries import accompanied_by
from gandeng.facilitators.models import Accompaniment, Staff
from gandeng.facilitators.queries import own_record
from gandeng.facilitators.staff_queries import on_day
from gandeng.family_sessions.models import AbsenceNote, Attendance, Group, Meeting, Membership, Picture, Plan
from gandeng.family_sessions.published import sessions
from gandeng.registry.models import Family
from gandeng.web.finding import found_or_404, region_asked, year_asked

MEETING_FILTERS = ("region", "session", "year", "by")
FIRST_YEAR = 2007
"""The programme began."""


def may_see(acting: Acting) -> bool:
    """Whoever accompanies, or sees staff and families of a region."""
    return acting.may(May.ACCOMPANY) or (acting.may(May.SEE_STAFF) and acting.may(May.SEE_FAMILIES))


def in_force() -> QuerySet[Meeting]:
    """Meetings as they were told last."""
    return Meeting.objects.filter(replaced_by=None)


def groups_of(acting: Acting, day: date) -> QuerySet[Group]:
    """Groups with a family she accompanies on the day; `.members` counts those, `.last_day` is of the last meeting."""
    staff = own_record(acting)
    if staff is None:
        return Group.objects.none()
    own = accompanied_by(staff, day).values("family_id")
    last = in_force().filter(group=OuterRef("pk")).order_by("-on_day")
    mine = Q(memberships__family_id__in=own) & _on("memberships__", day)
    return Group.objects.annotate(
        members=Count("memberships", filter=mine, distinct=True), last_day=Subquery(last.values("on_day")[:1])
    ).filter(members__gt=0)


def made_before(acting: Acting, group_id: str) -> Group | None:
    """Her group of that id, where a form was sent twice."""
    try:
        return Group.objects.filter(pk=UUID(group_id), made_by_id=acting.person_id).first()
    except ValueError:
        return None


def _on(prefix: str, day: date) -> Q:
    until = Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gt": day})
    return Q(**{f"{prefix}valid_from__lte": day}) & until


def access_group(acting: Acting, group_id: UUID) -> Group:
    """A group with a family one sees, or of one's office's territory. Http404."""
    found = found_or_404(Group.objects.all(), group_id)
    if not may_see(acting):
        raise Http404
    return found


def members_on(group: Group, day: date) -> QuerySet[Membership]:
    """Who is in it on the day, of the families one sees."""
    rows = Membership.objects.filter(on_day(day), group=group).select_related("family__collector")
    return rows.order_by("family__family_no")


def to_tell(group: Group, day: date, session: str, teller: UUID) -> list[Membership]:
    """Of them those for whom nobody else told that session of the day: what another told of a family stands."""
    others = in_force().filter(group=group, on_day=day, session_code=session).exclude(by_id=teller)
    told = Attendance.objects.filter(meeting__in=others, family_id=OuterRef("family_id"))
    return list(members_on(group, day).filter(~Exists(told)))


def without_group(staff: Staff, day: date, village: str = "") -> QuerySet[Family]:
    """Of her families those in no group on the day."""
    member = Membership.objects.filter(_on("", day), family=OuterRef("pk"))
    rows = Family.objects.filter(
        ~Exists(member), pk__in=accompanied_by(staff, day).values("family_id"), status__in=("ACTIVE", "SUSPENDED")
    )
    if village:
        rows = rows.filter(village_code=village)
    return rows.select_related("collector").order_by("village_code", "family_no")


@dataclass(frozen=True)
class Planned:
    """One row of a year's plan."""

    session: str
    day: date
    meeting: Meeting | None
    """The meeting of that session in that year, the first one; None while there is none."""


def plan_of(group: Group, year: int) -> Plan | None:
    """The one that counts."""
    return Plan.objects.filter(group=group, year=year).order_by("-made_at", "-pk").first()


def planned(group: Group, year: int) -> list[Planned]:
    """The year's sessions in the order of their days, each beside its meeting."""
    plan = plan_of(group, year)
    if plan is None:
        return []
    held: dict[str, Meeting] = {}
    for each in in_force().filter(group=group, on_day__year=year).order_by("on_day"):
        held.setdefault(each.session_code, each)
    return [Planned(row["session"], date.fromisoformat(row["day"]), held.get(row["session"])) for row in plan.rows]


def next_session(group: Group, day: date) -> str:
    """The first of the year's plan that was not held; without a plan the one after the last that was."""
    if rows := planned(group, day.year):
        return next((one.session for one in rows if one.meeting is None), rows[-1].session)
    last = in_force().filter(group=group).order_by("-on_day", "-at").values_list("session_code", flat=True).first()
    every = sessions()
    if last not in every:
        return every[0]
    return every[min(every.index(last) + 1, len(every) - 1)]


def access_meeting(acting: Acting, meeting_id: UUID) -> Meeting:
    """A meeting of a group one sees. Http404."""
    found = found_or_404(Meeting.objects.select_related("group", "by", "accepted_by", "replaces"), meeting_id)
    if not may_see(acting):
        raise Http404
    return found


def attendances_of(meeting: Meeting) -> QuerySet[Attendance]:
    """Families one sees, by number."""
    return (
        Attendance.objects.filter(meeting=meeting)
        .select_related("family__collector")
        .annotate(asked=_asked())
        .order_by("family__family_no")
    )


def _asked() -> Exists:
    """Whether somebody met the family and asked why it did not come."""
    return Exists(AbsenceNote.objects.filter(attendance=OuterRef("pk")).exclude(why=AbsenceNote.Why.NOT_MET))


def access_picture(meeting: Meeting, picture_id: UUID) -> Picture:
    """A picture of it. Http404."""
    return found_or_404(Picture.objects.filter(meeting=meeting), picture_id)


def to_ask(acting: Acting, day: date) -> QuerySet[Attendance]:
    """Absences of her families that nobody asked about, of meetings as they were told last."""
    own = Accompaniment.objects.filter(on_day(day), staff__person_id=acting.person_id)
    return (
        Attendance.objects.filter(
            ~_asked(), state__in=("EXCUSED", "ABSENT"), meeting__replaced_by=None,
            family_id__in=own.values("family_id"),
        )
        .select_related("family__collector", "meeting__group")
        .annotate(on_day=F("meeting__on_day"))
    )  # fmt: skip


def own_to_ask(acting: Acting) -> QuerySet[Attendance]:
    """What of these waits for her today."""
    return to_ask(acting, timezone.localdate())


def access_absence(acting: Acting, attendance_id: UUID, day: date) -> Attendance:
    """An absence of a family she accompanies on the day. Http404."""
    staff = own_record(acting)
    rows = Attendance.objects.filter(state__in=("EXCUSED", "ABSENT"), meeting__replaced_by=None)
    found = found_or_404(rows.select_related("family__collector", "meeting__group"), attendance_id)
    if staff is None or not accompanied_by(staff, day).filter(family_id=found.family_id).exists():
        raise Http404
    return found


OVERDUE = """
select g.id from family_sessions_group g
join lateral (select p.rows from family_sessions_plan p where p.group_id = g.id and p.year = %s
    order by p.made_at desc, p.id desc limit 1) p on true
cross join lateral jsonb_to_recordset(p.rows) r (session text, day date)
where r.day < %s and exists (select from family_sessions_membership m
        join facilitators_accompaniment a on a.family_id = m.family_id
            and daterange(a.valid_from, a.valid_until) @> %s
        join facilitators_staff s on s.id = a.staff_id and s.person_id = %s
        where m.group_id = g.id and daterange(m.valid_from, m.valid_until) @> %s)
    and not exists (select from family_sessions_meeting h where h.group_id = g.id and h.session_code = r.session
        and h.on_day >= make_date(%s, 1, 1) and h.on_day < make_date(%s, 1, 1)
        and not exists (select from family_sessions_meeting n where n.replaces_id = h.id))
"""


def own_overdue(acting: Acting) -> tuple[str, list[Any]]:
    """SQL for the planned sessions of her groups whose day passed without a meeting."""
    day = timezone.localdate()
    return OVERDUE, [day.year, day, day, acting.person_id, day, day.year, day.year + 1]


def _same(of: Callable[[str], Any]) -> QuerySet[Meeting]:
    """The same session of a group on a day, as it was told last; two facilitators may, each for her families."""
    return in_force().filter(**{name: of(name) for name in ("group", "on_day", "session_code")})


def told_beside(meeting: Meeting) -> list[Meeting]:
    """What others told of the same meeting, of that what one sees."""
    return list(_same(lambda name: getattr(meeting, name)).exclude(pk=meeting.pk).select_related("by").order_by("at"))


def meetings(filters: dict[str, str]) -> QuerySet[Any]:
    """Of one's territory, narrowed; one that two told stands once, with `.all_families` and `.all_came` of both.

    Of one teller hers. Raises BadRequest.
    """
    rows: QuerySet[Any] = in_force().select_related("group", "by")
    same = _same(OuterRef).order_by()
    told = same.filter(pk=OuterRef("pk")) if filters.get("by") else same
    rows = rows.annotate(**{
        f"all_{name}": Subquery(told.values("group").annotate(n=Sum(name)).values("n")) for name in ("families", "came")
    })  # fmt: skip
    if not filters.get("by"):
        rows = rows.filter(~Exists(same.filter(pk__lt=OuterRef("pk"))))
    if region := filters.get("region"):
        rows = rows.filter(village_code__startswith=region_asked(region))
    if session := filters.get("session"):
        if session not in sessions():
            raise BadRequest("session")
        rows = rows.filter(session_code=session)
    if year := filters.get("year"):
        rows = rows.filter(on_day__year=programme_year_asked(year))
    if by := filters.get("by"):
        try:
            rows = rows.filter(by_id=UUID(by))
        except ValueError as error:
            raise BadRequest("by") from error
    return rows


def programme_year_asked(text: str) -> int:
    """A year of the programme. Raises BadRequest."""
    return year_asked(text, first=FIRST_YEAR, last=timezone.localdate().year + 1)


@dataclass(frozen=True)
class OfFamily:
    """What a family's page tells."""

    group: Membership | None
    held: int
    came: int
    rows: list[Attendance]


def of_family(family: Family, day: date, most: int = 10) -> OfFamily:
    """Its group, and its meetings, the last first."""
    rows = Attendance.objects.filter(family=family, meeting__replaced_by=None)
    told = rows.aggregate(held=Count("pk"), came=Count("pk", filter=Q(state__in=Attendance.CAME)))
    newest = rows.select_related("meeting__group").order_by("-meeting__on_day", "-meeting__at")[:most]
    member = Membership.objects.filter(on_day(day), family=family).select_related("group").first()
    last = list(newest)
    for each in last:
        each.family = family
    return OfFamily(member, told["held"], told["came"], last)


def last_place(group: Group) -> str:
    """Where it met last."""
    return in_force().filter(group=group).order_by("-on_day", "-at").values_list("place", flat=True).first() or ""
