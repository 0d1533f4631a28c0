"""Cases somebody may see and work, who may be handed one, and figures."""

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from gandeng.accounts.acting import Acting, grants_on
from gandeng.accounts.models import Person
from gandeng.accounts.roles import RULES, May, Role
from gandeng.audit.sealing import Place, unseal
from gandeng.helpdesk import happenings
from gandeng.helpdesk.figures import opened_rows
from gandeng.helpdesk.models import UNDER_WAY, Case, CaseEvent
from gandeng.helpdesk.nearest import waits_for
from gandeng.helpdesk.public import tidy
from gandeng.helpdesk.published import kinds
from gandeng.web.finding import region_asked
from gandeng.web.scoping import Territory

FILTERS = ("q", "state", "kind", "level", "whose", "region", "own", "figure", "rating", "since", "until")
_PEOPLE_MAX = 200
TONES = {
    "NEW": "warn", "ASSIGNED": "info", "IN_PROGRESS": "info", "ESCALATED": "bad", "ANSWERED": "good",
    "CLOSED": "neutral",
}  # fmt: skip


def cases(acting: Acting) -> QuerySet[Case]:
    """What one may see: row security keeps the rest; here, those one works, was handed or wrote down."""
    if acting.may(May.WORK_CASES) or acting.may(May.HANDLE_SENSITIVE):
        return Case.objects.all()
    return Case.objects.filter(Q(assigned_id=acting.person_id) | Q(opened_by_id=acting.person_id))


def narrowed_cases(acting: Acting, filters: dict[str, str]) -> QuerySet[Case]:
    """As the page narrows them; without a state, those under way; a number is looked for alone. Raises BadRequest."""
    rows = cases(acting).select_related("assigned")
    if filters["state"] not in ("", "DONE") or filters["own"] not in ("", "1"):
        raise BadRequest("filter")
    if filters["q"]:
        return rows.filter(number=tidy(filters["q"]))
    if filters["figure"]:
        rows = opened_rows(filters, rows)
    else:
        rows = rows.exclude(state__in=UNDER_WAY) if filters["state"] else rows.filter(state__in=UNDER_WAY)
    if kind := filters["kind"]:
        if kind not in kinds():
            raise BadRequest("kind")
        rows = rows.filter(kind=kind)
    if level := filters["level"]:
        if level not in {str(one) for one in Case.Level.values}:
            raise BadRequest("level")
        rows = rows.filter(level=int(level))
    if whose := filters["whose"]:
        rows = rows.filter(_of_whom(acting, whose))
    if region := filters["region"]:
        place = region_asked(region)
        rows = rows.filter(region_code=place) if filters["own"] else rows.filter(region_code__startswith=place)
    return rows


def _of_whom(acting: Acting, whose: str) -> Q:
    if whose not in ("MINE", "WAITING"):
        raise BadRequest("whose")
    return waits_for(acting) if whose == "WAITING" else Q(assigned_id=acting.person_id)


def access_complaint(acting: Acting, complaint_id: Any) -> Case:
    """One case. Raises Http404 for what is not there and for what is not one's own alike."""
    found = cases(acting).select_related("assigned", "family", "payment", "merged_into").filter(pk=complaint_id).first()
    if found is None:
        raise Http404
    return found


def may_work(acting: Acting, case: Case) -> bool:
    """Whoever has the right in the region of the case, and whoever it was handed to."""
    if case.accused_id == acting.person_id:
        return False
    if case.sensitive:
        return acting.may(May.HANDLE_SENSITIVE, case.region_code)
    return acting.may(May.WORK_CASES, case.region_code) or case.assigned_id == acting.person_id


def trail(case: Case) -> list[dict[str, Any]]:
    """Everything that happened, oldest first, with its words."""
    rows = CaseEvent.objects.filter(case=case).select_related("by", "person").order_by("number")
    return [{"row": row, "text": _text(row), "value": happenings.words_of(row.value)} for row in rows]


def _text(row: CaseEvent) -> str:
    sealed = bytes(row.text_sealed)
    return unseal(sealed, Place("helpdesk_caseevent", "text", str(row.pk))) if sealed else ""


def words_of(case: Case) -> str:
    """What was complained of."""
    return unseal(bytes(case.what_sealed), Place("helpdesk_case", "what", str(case.pk)))


def contact_of(case: Case) -> str:
    """Who asked and where to reach them; empty where anonymous."""
    sealed = bytes(case.contact_sealed)
    return unseal(sealed, Place("helpdesk_case", "contact", str(case.pk))) if sealed else ""


def complained_of(case: Case) -> set[UUID]:
    """Whom anybody named, also before somebody else."""
    rows = CaseEvent.objects.filter(case=case, what=CaseEvent.What.ACCUSED)
    return {key for key in rows.values_list("person_id", flat=True) if key is not None}


def people_for(case: Case, *, accused: bool) -> list[Person]:
    """To whom it may be handed, or of whom it may complain: people with a role at the place, above it or in it."""
    right = May.HANDLE_SENSITIVE if case.sensitive else May.TELL_CASE
    roles = [role for role in Role if accused or right in RULES[role].may]
    held = grants_on(timezone.localdate()).filter(role__in=roles)
    held = held.filter(region_code__touches=Territory(frozenset({case.region_code})))
    people = Person.objects.filter(pk__in=held.values("person_id")).exclude(pk__in=complained_of(case))
    return list(people.order_by("name", "pk")[:_PEOPLE_MAX])


def waiting(acting: Acting) -> QuerySet[Case]:
    """Under way, for the first page: the rows `whose=WAITING` lists."""
    return cases(acting).filter(waits_for(acting), state__in=UNDER_WAY)
