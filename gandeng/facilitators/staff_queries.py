"""Staff on a day: the list and its filters, one person's villages and story, things handed out."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.models import Grant, Person
from gandeng.accounts.roles import May, Role
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.facilitators.models import CaseloadChange, Employment, Equipment, Leave, Post, Staff
from gandeng.facilitators.moving import IN_FORCE
from gandeng.facilitators.queries import access_staff, staff_of
from gandeng.web.finding import region_asked, year_asked

FILTERS = ("q", "role", "status", "region", "employment", "joined", "left", "day")
STATUSES = {
    "": gettext_lazy("Sedang bertugas"),
    "PRESENT": gettext_lazy("Bertugas dan tidak cuti"),
    "AWAY": gettext_lazy("Sedang cuti"),
    "IDLE": gettext_lazy("Tanpa tugas"),
    "COMING": gettext_lazy("Belum mulai"),
    "LEFT": gettext_lazy("Sudah berhenti"),
    "JOINED": gettext_lazy("Pernah bergabung"),
    "ALL": gettext_lazy("Semua"),
}
NO_TERMS = "NONE"
_FIELD_ROLES = (
    Role.FACILITATOR, Role.SUB_DISTRICT_LEAD, Role.DISTRICT_OPERATOR, Role.DISTRICT_COORDINATOR, Role.PROVINCE_OFFICER,
)  # fmt: skip


def on_day(day: date) -> Q:
    """Dated rows in force on that day."""
    return Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=day))


def posts_and_leaves(staff: Staff) -> tuple[list[Post], list[Leave]]:
    """Hers, each the latest first; in one question, as her page has many."""
    dated = ("id", "region_code", "valid_from", "valid_until")
    posts = staff.posts.order_by().values_list(Value("POST"), "role", "ended_because", *dated)
    leaves = staff.leaves.order_by().values_list(Value("LEAVE"), "kind", Value(""), *dated)
    told: dict[str, list[Any]] = {"POST": [], "LEAVE": []}
    for what, kind, because, *row in posts.union(leaves, all=True):
        own: dict[str, Any] = {"staff": staff, **dict(zip(dated, row, strict=True))}
        told[what].append(Post(role=kind, ended_because=because, **own) if what == "POST" else Leave(kind=kind, **own))
    for rows in told.values():
        rows.sort(key=lambda one: (-one.valid_from.toordinal(), one.pk))
    return told["POST"], told["LEAVE"]


def working(day: date) -> Q:
    """Staff who have joined and not left on that day; whoever is on leave works as well."""
    return Q(joined_on__lte=day) & (Q(left_on__isnull=True) | Q(left_on__gt=day))


def _held(model: type[Any], day: date, **which: Any) -> Exists:
    return Exists(model.objects.filter(on_day(day), staff=OuterRef("pk"), **which))


def staff_matching(acting: Acting, filters: dict[str, str], day: date) -> QuerySet[Staff]:
    """Staff one may see, as they were on `day`. Raises BadRequest for a filter no page offers."""
    rows = staff_of(acting)
    if asked := filters.get("q"):
        rows = rows.filter(Q(person__name__icontains=asked) | Q(staff_no__istartswith=asked))
    if region := filters.get("region"):
        rows = rows.filter(_of_region(region, day))
    if role := filters.get("role"):
        if role not in Post.Role:
            raise BadRequest("role")
        rows = rows.filter(_held(Post, day, role=role))
    if terms := filters.get("employment"):
        rows = rows.filter(_of_terms(terms, day))
    for name, column in (("joined", "joined_on__year"), ("left", "left_on__year")):
        if asked := filters.get(name):
            rows = rows.filter(**{column: year_asked(asked)})
    return rows.filter(_of_status(filters.get("status", ""), day))


def _of_status(status: str, day: date) -> Q:
    if status not in STATUSES:
        raise BadRequest("status")
    return {
        "": working(day),
        "PRESENT": working(day) & ~Q(_held(Leave, day)),
        "AWAY": working(day) & Q(_held(Leave, day)),
        "IDLE": working(day) & ~Q(_held(Post, day)),
        "COMING": Q(joined_on__gt=day),
        "LEFT": Q(left_on__lte=day),
        "JOINED": Q(joined_on__lte=day),
        "ALL": Q(),
    }[status]


def _of_terms(terms: str, day: date) -> Q:
    if terms == NO_TERMS:
        return ~Q(_held(Employment, day))
    if terms in Employment.Kind:
        return Q(_held(Employment, day, kind=terms))
    if terms in Employment.Title:
        return Q(_held(Employment, day, job_title=terms))
    raise BadRequest("employment")


def _of_region(text: str, day: date) -> Q:
    """A sub-district's are those who set out from there or have a post in it; else by the place of their work."""
    code = region_asked(text)
    if len(code) <= DISTRICT_DIGITS:
        return Q(region_code__startswith=code)
    return Q(home_code=code[:6]) | Q(_held(Post, day, region_code=code[:6]))


def with_what_is_held(rows: QuerySet[Staff], day: date) -> QuerySet[Staff]:
    """Beside each, of that day: `.held_posts`, `.terms`, `.away`."""
    return rows.prefetch_related(
        Prefetch("posts", Post.objects.filter(on_day(day)).order_by("valid_from", "id"), to_attr="held_posts"),
        Prefetch("employments", Employment.objects.filter(on_day(day)), to_attr="terms"),
        Prefetch("leaves", Leave.objects.filter(on_day(day)), to_attr="away"),
    )


def access_entry[M: (Post, Employment, Leave, Equipment)](acting: Acting, model: type[M], key: UUID) -> M:
    """A row about somebody whose record one keeps. Http404."""
    entry = model.objects.select_related("staff__person").filter(pk=key).first()
    if entry is None or not acting.may(May.KEEP_STAFF, entry.staff.region_code):
        raise Http404
    return entry


def access_thing(acting: Acting, key: UUID) -> Equipment:
    """A thing given to somebody one may see, or to oneself. Http404."""
    thing = Equipment.objects.select_related("staff__person", "issued_by").filter(pk=key).first()
    if thing is None:
        raise Http404
    thing.staff = access_staff(acting, thing.staff_id)
    return thing


def with_a_login(acting: Acting) -> QuerySet[Person]:
    """People with a login and a role of the field where one keeps staff, who have no record as staff yet."""
    grants = Grant.objects.filter(role__in=_FIELD_ROLES, region_code__within=acting.where(May.KEEP_STAFF))
    known = Staff.objects.filter(person=OuterRef("pk"))
    people = Person.objects.filter(~Exists(known), pk__in=grants.values("person_id"), logins__isnull=False)
    return people.exclude(pk=acting.person_id).distinct().order_by("name", "pk")


@dataclass(frozen=True)
class HeldVillage:
    """A village in which somebody accompanies so many families."""

    code: str
    families: int

    @property
    def name(self) -> str:
        """As screens say it."""
        return f"{region_name(self.code)}, {region_name(self.code[:6])}"


def villages_held(staff: Staff, day: date) -> list[HeldVillage]:
    """Her villages on a day, with every family she accompanies there."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select a.village_code, count(*) from facilitators_accompaniment a
                where a.staff_id = %(staff)s and {IN_FORCE} group by 1 order by 1""",
            {"staff": staff.pk, "day": day},
        )
        return [HeldVillage(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Moved:
    """An act on caseloads, as it concerns one person."""

    change_id: UUID
    kind: str
    day: date
    came: int
    went: int

    @property
    def words(self) -> str:
        """What it was."""
        return str(CaseloadChange.Kind(self.kind).label)


def caseload_of(staff: Staff, day: date) -> tuple[list[HeldVillage], list[Moved]]:
    """Her villages on a day, and every act by which families came to her or went from her; in one question."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select a.village_code, {IN_FORCE}, b.id, b.kind, b.effective_on, e.id, e.kind, e.effective_on,
                    count(*) filter (where not a.goes_on), count(*)
                from facilitators_accompaniment a left join facilitators_caseloadchange b on b.id = a.began_by_id
                left join facilitators_caseloadchange e on e.id = a.ended_by_id
                where a.staff_id = %(staff)s group by 1, 2, 3, 4, 5, 6, 7, 8""",
            {"staff": staff.pk, "day": day},
        )
        rows = cursor.fetchall()
    villages: Counter[str] = Counter()
    moves: dict[UUID, Moved] = {}
    for village, held, *began, ended_by, ended_kind, ended_on, came, families in rows:
        if held:
            villages[village] += families
        _count_move(moves, *began, came=came, went=0)
        _count_move(moves, ended_by, ended_kind, ended_on, came=0, went=families)
    newest = sorted(moves.values(), key=lambda move: (move.day, move.change_id), reverse=True)
    return [HeldVillage(code, villages[code]) for code in sorted(villages)], newest


def _count_move(
    moves: dict[UUID, Moved], change_id: UUID | None, kind: str, day: date, *, came: int, went: int
) -> None:
    """An act the reader may not see is left out."""
    if change_id is not None:
        before = moves.get(change_id, Moved(change_id, kind, day, 0, 0))
        moves[change_id] = replace(before, came=before.came + came, went=before.went + went)


EQUIPMENT_FILTERS = ("q", "kind", "state")
EQUIPMENT_STATES = {
    "": gettext_lazy("Masih di tangan"),
    "OPEN": gettext_lazy("Belum diakui penerima"),
    "LEFT_BEHIND": gettext_lazy("Pada yang sudah berhenti"),
    "RETURNED": gettext_lazy("Sudah kembali"),
    "LOST": gettext_lazy("Hilang"),
    "ALL": gettext_lazy("Semua"),
}


def equipment_of(acting: Acting) -> QuerySet[Equipment]:
    """Things given to staff one may see."""
    return Equipment.objects.filter(staff__in=staff_of(acting).values("pk")).select_related("staff__person")


def equipment_state(state: str, day: date) -> Q:
    """Which things a state names. Raises BadRequest."""
    out = Q(returned_on__isnull=True)
    states = {
        "": out,
        "OPEN": out & Q(received_at__isnull=True),
        "LEFT_BEHIND": out & Q(staff__left_on__lte=day),
        "RETURNED": Q(returned_on__isnull=False) & ~Q(condition=Equipment.Condition.LOST),
        "LOST": Q(condition=Equipment.Condition.LOST),
        "ALL": Q(),
    }
    if state not in states:
        raise BadRequest("state")
    return states[state]


def equipment_matching(acting: Acting, filters: dict[str, str], day: date) -> QuerySet[Equipment]:
    """Things handed out, narrowed as the page offers."""
    rows = equipment_of(acting).filter(equipment_state(filters.get("state", ""), day))
    if kind := filters.get("kind"):
        if kind not in Equipment.Kind:
            raise BadRequest("kind")
        rows = rows.filter(kind=kind)
    if asked := filters.get("q"):
        rows = rows.filter(
            Q(serial_no__icontains=asked) | Q(staff__person__name__icontains=asked) | Q(staff__staff_no__iexact=asked)
        )
    return rows


def status_of(staff: Staff, day: date, *, away: bool) -> tuple[str, str]:
    """Words and tone of her state on a day."""
    if staff.left_on is not None and staff.left_on <= day:
        return _("Sudah berhenti"), "neutral"
    if staff.joined_on > day:
        return _("Belum mulai"), "info"
    if away:
        return _("Cuti"), "warn"
    return _("Bertugas"), "good"
