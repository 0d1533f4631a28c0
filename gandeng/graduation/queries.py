"""Cases and where they stand, families that could graduate, and what is to be done next: of one's territory."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.entitlements.models import Entitlement
from gandeng.graduation.models import Case, Kind, Paper, Step
from gandeng.graduation.moves import AFTER, FOLLOW_UPS, MOVES, OPEN, PREPARES, State, StepKind
from gandeng.registry.deciles import LEAST, risen
from gandeng.registry.models import Family
from gandeng.registry.recoding_queries import same_place
from gandeng.web.finding import found_or_404, region_asked
from gandeng.web.scoping import Territory

EVERYBODY, IMPROVED = "all", "improved"
"""Kinds of candidates beside those without a component."""
DECISIONS = frozenset({"APPROVED", "REFUSED", "EFFECTIVE", "UPHELD", "REJECTED", "REENTERED", "REENTRY_REFUSED"})
"""Steps of whoever decides; RETURNED is theirs too, all others are of whoever prepares."""


def cases() -> QuerySet[Any]:
    """Each with `.state`, and `.since`, the day of its last step."""
    last = Step.objects.filter(case=OuterRef("pk")).order_by("-number")
    return Case.objects.select_related("family__collector").annotate(
        state=Coalesce(Subquery(last.values("state")[:1]), Value(str(State.PREPARING), output_field=TextField())),
        since=Subquery(last.values("on_day")[:1]),
    )


def here(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of families that still live where the case was opened; a family that moved begins anew."""
    return rows.filter(same_place("village_code", "family__village_code"))


def narrowed(rows: QuerySet[Any], filters: dict[str, str]) -> QuerySet[Any]:
    """By region, kind and state; what is not known finds nothing."""
    if filters.get("region"):
        rows = rows.filter(village_code__within=Territory(frozenset({region_asked(filters["region"])})))
    if filters.get("kind"):
        rows = rows.filter(kind=filters["kind"])
    if filters.get("state"):
        rows = rows.filter(state=filters["state"])
    return rows


def counted() -> list[dict[str, Any]]:
    """Cases by kind and state, in one query."""
    rows = cases().order_by().values("kind", "state").annotate(count=Count("pk"))
    return list(rows)


def access_case(case_id: UUID) -> Case:
    """One's own. Raises Http404."""
    found: Case = found_or_404(cases().select_related("family__collector", "by"), case_id)
    return found


def steps_of(case: Case) -> list[Step]:
    """In their order."""
    return list(Step.objects.filter(case=case).select_related("by", "paper").defer("paper__content_sealed")
                .order_by("number"))  # fmt: skip


def access_paper(case: Case, paper_id: UUID) -> Paper:
    """A statement of that case. Raises Http404."""
    return found_or_404(Paper.objects.filter(step__case=case).select_related("step"), paper_id)


def cases_of(family: Family) -> list[Case]:
    """Newest first."""
    return list(cases().filter(family=family).order_by("-id"))


def under_way(families: Collection[UUID]) -> list[tuple[Case, list[Step]]]:
    """Of these families the cases on the way where they live, each with its steps in their order; two questions."""
    found = list(here(cases()).filter(family_id__in=families, state__in=OPEN).order_by("id"))
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for one in Step.objects.filter(case__in=[case.pk for case in found]).order_by("number"):
        steps[one.case_id].append(one)
    return [(case, steps[case.pk]) for case in found]


def prepared_by(case: Case, steps: Iterable[Step]) -> set[UUID]:
    """Whoever prepared does not decide."""
    return {case.by_id, *(step.by_id for step in steps if step.kind in PREPARES)}


def nobody_decides_twice(kind: str, steps: list[Step]) -> set[UUID]:
    """Whose word an answer would be about: since the last approval, who approved, objected or carried out."""
    if kind not in ("UPHELD", "REJECTED"):
        return {steps[-1].by_id} if kind in ("REENTERED", "REENTRY_REFUSED") and steps else set()
    since = max((step.number for step in steps if step.kind == "APPROVED"), default=0)
    return {step.by_id for step in steps if step.number >= since and step.kind in ("APPROVED", "EFFECTIVE", "OBJECTED")}


def next_kinds(acting: Acting, case: Case, steps: list[Step]) -> list[StepKind]:
    """What this person may do next, by the state, the rights held there and what he or she did before."""
    state = steps[-1].state if steps else State.PREPARING
    prepared = prepared_by(case, steps)
    done = {step.kind for step in steps}
    may = {right: acting.may(right, case.village_code) for right in (May.REQUEST_CHANGE, May.DECIDE_GRADUATION)}
    found = []
    for since, kind, _to in MOVES:
        if since != state or (kind in FOLLOW_UPS and kind in done):
            continue
        decides = kind in DECISIONS
        both = kind in ("TOLD", "RETURNED", "WITHDRAWN", "OBJECTED")
        allowed = may[May.DECIDE_GRADUATION] if decides else may[May.REQUEST_CHANGE]
        if both:
            allowed = any(may.values())
        own = decides and not kind.startswith("REENT") and acting.person_id in prepared
        if allowed and not own and acting.person_id not in nobody_decides_twice(kind, steps):
            found.append(StepKind(kind))
    return found


def missing(case: Case, steps: list[Step]) -> list[StepKind]:
    """What a proposal still needs; a last visit that met nobody is none."""
    done = {step.kind for step in steps} - ({StepKind.VISIT} if met_nobody(steps) else set())
    needed = [StepKind.CHECKLIST, StepKind.VISIT, *([] if case.kind == Kind.NATURAL else [StepKind.STATEMENT])]
    return [kind for kind in needed if kind not in done]


def met_nobody(steps: list[Step]) -> bool:
    """Whether the last visit did."""
    last = next((step for step in reversed(steps) if step.kind == StepKind.VISIT), None)
    return last is not None and last.facts.get("result") == "ABSENT"


@dataclass(frozen=True)
class Followed:
    """A follow-up that is due."""

    case: Case
    kind: StepKind
    due_on: date


def add_months(day: date, months: int) -> date:
    """The same day that many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for back in range(4):
        try:
            return date(year, month + 1, day.day - back)
        except ValueError:
            continue
    raise ValueError(day)


def effective() -> QuerySet[Any]:
    """Families that graduated and are not back; `.left_on` is the day."""
    days = Step.objects.filter(case=OuterRef("pk"), kind=StepKind.EFFECTIVE).order_by("-number")
    rows: QuerySet[Any] = here(cases()).filter(state__in=AFTER)
    left: QuerySet[Any] = rows.annotate(left_on=Subquery(days.values("on_day")[:1]))
    return left


def due_follow_ups(today: date) -> QuerySet[Any]:
    """Cases of which a follow-up is due and not done; `.six` and `.twelve` say which is."""
    due = Q(pk__in=[])
    rows = effective()
    for kind, months in FOLLOW_UPS.items():
        done = Exists(Step.objects.filter(case=OuterRef("pk"), kind=kind))
        rows = rows.annotate(**{f"done_{months}": done})
        due |= Q(left_on__lte=add_months(today, -months), **{f"done_{months}": False})
    return rows.filter(due)


def which_follow_up(case: Case, today: date) -> Followed | None:
    """The later of those due; the sooner was then left out. The case is of `due_follow_ups`."""
    told = vars(case)
    for kind, months in reversed(FOLLOW_UPS.items()):
        due_on = add_months(told["left_on"], months)
        if due_on <= today and not told[f"done_{months}"]:
            return Followed(case, StepKind(kind), due_on)
    return None


def waiting_decisions(acting: Acting) -> QuerySet[Any]:
    """What waits for a yes or no, an answer or to be carried out, but for what one prepared oneself."""
    rows = here(cases()).filter(state__in=("PROPOSED", "TOLD", "OBJECTED", "OBJECTED_AFTER", "REENTRY"))
    rows = rows.filter(village_code__within=acting.where(May.DECIDE_GRADUATION))
    own = Step.objects.filter(case=OuterRef("pk"), by_id=acting.person_id, kind__in=PREPARES)
    return rows.exclude(by_id=acting.person_id).filter(~Exists(own))


def waiting_to_tell(acting: Acting) -> QuerySet[Any]:
    """Approved, and the family was not told."""
    return here(cases()).filter(state=State.APPROVED, village_code__within=acting.where(May.REQUEST_CHANGE))


def waiting_follow_ups(acting: Acting) -> QuerySet[Any]:
    """Follow-ups that are due where one may record them."""
    return due_follow_ups(timezone.localdate()).filter(village_code__within=acting.where(May.REQUEST_CHANGE))


def last_amount() -> Subquery:
    """Of a family, what its newest calculation came to."""
    newest = Entitlement.objects.filter(family=OuterRef("pk")).order_by("-run__year", "-run__stage", "-run__made_at")
    return Subquery(newest.values("amount_rupiah")[:1])


def open_case() -> Subquery:
    """Of a family, the case that is under way."""
    rows = here(cases()).filter(family=OuterRef("pk"), state__in=OPEN)
    return Subquery(rows.order_by("-id").values("pk")[:1])


def candidates(filters: dict[str, str], today: date) -> QuerySet[Any]:
    """Active families of which the newest calculation came to nothing; whose decile rose (IMPROVED); or all.

    The page asks the engine anew about those it shows; here the calculation of the last stage finds them. Which decile
    is too high for the programme nobody has told us with a source, so a rise is all that is computed.
    """
    rows = Family.objects.filter(status=Family.Status.ACTIVE).select_related("collector")
    if filters.get("region"):
        rows = rows.filter(village_code__within=Territory(frozenset({region_asked(filters["region"])})))
    if filters.get("years"):
        rows = rows.filter(entered_on__lte=add_months(today, -12 * int(filters["years"])))
    rows = rows.annotate(amount_rupiah=last_amount(), case_id=open_case())
    if filters.get("kind") == IMPROVED:
        return risen(rows, int(filters.get("decile") or LEAST))
    return rows if filters.get("kind") == EVERYBODY else rows.filter(amount_rupiah=0)
