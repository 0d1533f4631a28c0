"""Decisions that suspend: when one holds, of which families for a stage, and how it stood on any day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from gandeng.commitments.models import Decision, Effect, Recommendation, Step
from gandeng.policy.commitment_rules import appeal_days


class Standing(StrEnum):
    """What keeps a decision from holding, or that it does."""

    REPLACED = "REPLACED"
    NOT_TOLD = "NOT_TOLD"
    UPHELD = "UPHELD"
    OBJECTED = "OBJECTED"
    TERM_RUNS = "TERM_RUNS"
    HOLDS = "HOLDS"


def suspended_in(year: int, stage: int, on: date, *, living_in: str = "") -> list[UUID]:
    """Families whose money of that stage a decision suspends that holds on the day, decided in one's territory.

    `living_in` leaves those that live in that region by now, wherever it was decided: asked for everyone.

    It holds where no newer recommendation replaced it and the family was told, and then either its objection was
    rejected, or its days to object are over and it did not. `Suspension.standing` says the same of one.
    """
    rows = suspending().filter(recommendation__cycle_year=year, recommendation__cycle_stage=stage)
    if living_in:
        rows = rows.filter(family__village_code__startswith=living_in)
    days = Step.objects.filter(decision__in=rows, kind=Step.Kind.TOLD).order_by().values_list("on_day", flat=True)
    over = [day for day in days.distinct() if until(day) < on]
    unopposed = rows.filter(_told(over), ~followed_by(Step.Kind.APPEALED))
    rejected = rows.filter(followed_by(Step.Kind.REJECTED))
    return sorted(
        set(unopposed.values_list("family_id", flat=True)) | set(rejected.values_list("family_id", flat=True))
    )


def lifted_since(year: int, stage: int, at: datetime) -> list[UUID]:
    """Families whose money of that stage a decision suspended at that moment and none suspends any more, for good.

    For good: the newest recommendation of each such quarter asks for nothing, or its decider left the money as it is,
    or an objection to it was upheld. While a new decision or an answer is awaited, nothing has ended.
    """
    cycle = {"recommendation__cycle_year": year, "recommendation__cycle_stage": stage}
    of_stage = Decision.objects.filter(**cycle, outcome=Effect.SUSPEND)
    changed = lifted_decisions().filter(**cycle).values("family_id")
    replaced_at = Subquery(_newer().order_by("number").values("at")[:1])
    rows = of_stage.filter(family__in=changed).annotate(replaced_at=replaced_at)
    lifted: dict[UUID, bool] = {}
    for decision in rows.select_related("recommendation").prefetch_related("steps"):
        suspension = Suspension(decision, _in_order(decision), vars(decision)["replaced_at"])
        if suspension.standing(at) == Standing.HOLDS:
            lifted[decision.family_id] = lifted.get(decision.family_id, True) and _ended(decision.recommendation)
    if not any(lifted.values()):
        return []
    held_again = set(suspended_in(year, stage, timezone.localdate()))
    return sorted(family for family, ended in lifted.items() if ended and family not in held_again)


def suspending() -> QuerySet[Decision]:
    """Decisions that suspend and that no newer recommendation took the place of."""
    return Decision.objects.filter(~Exists(_newer()), outcome=Effect.SUSPEND)


def lifted_decisions() -> QuerySet[Decision]:
    """Decisions that suspended, and after which an objection was upheld or a newer recommendation came."""
    return Decision.objects.filter(followed_by(Step.Kind.UPHELD) | Exists(_newer()), outcome=Effect.SUSPEND)


def _newer() -> QuerySet[Recommendation]:
    """Beside a decision: later recommendations about the same quarter of the family."""
    return Recommendation.objects.filter(
        family=OuterRef("family"), year=OuterRef("recommendation__year"),
        quarter=OuterRef("recommendation__quarter"), number__gt=OuterRef("recommendation__number"),
    )  # fmt: skip


def _ended(of: Recommendation) -> bool:
    newest = (
        Recommendation.objects.filter(family=of.family_id, year=of.year, quarter=of.quarter)
        .select_related("decision")
        .prefetch_related("decision__steps")
        .latest("number")
    )
    decision = getattr(newest, "decision", None)
    if newest.effect == Effect.NONE or decision is None:
        return newest.effect == Effect.NONE
    return decision.outcome == Effect.NONE or any(each.kind == Step.Kind.UPHELD for each in decision.steps.all())


def _in_order(decision: Decision) -> list[Step]:
    return sorted(decision.steps.all(), key=lambda each: each.at)


def followed_by(kind: str) -> Exists:
    """Decisions with such a step."""
    return Exists(Step.objects.filter(decision=OuterRef("pk"), kind=kind))


def until(day: date) -> date:
    """The last day a family may object that is told on that day."""
    return day + timedelta(days=appeal_days(day))


def appeal_until(told: Step) -> date:
    """The last day a family may object, counted from when it was told."""
    return until(told.on_day)


@dataclass(frozen=True)
class Suspension:
    """A decision that suspends, what followed it, and when a newer recommendation took its place."""

    decision: Decision
    steps: Sequence[Step]
    replaced_at: datetime | None = None

    @property
    def until(self) -> date | None:
        """The last day to object; None before the family was told."""
        told = next((one for one in self.steps if one.kind == Step.Kind.TOLD), None)
        return appeal_until(told) if told else None

    def standing(self, at: datetime | None = None) -> Standing:
        """At that moment, by what had been written down until then; now without one."""
        at = at or timezone.now()
        kinds = {one.kind for one in self.steps if one.at <= at}
        if self.replaced_at is not None and self.replaced_at <= at:
            return Standing.REPLACED
        if Step.Kind.TOLD not in kinds or self.until is None:
            return Standing.NOT_TOLD
        if Step.Kind.UPHELD in kinds:
            return Standing.UPHELD
        if Step.Kind.REJECTED in kinds:
            return Standing.HOLDS
        if Step.Kind.APPEALED in kinds:
            return Standing.OBJECTED
        return Standing.HOLDS if self.until < timezone.localdate(at) else Standing.TERM_RUNS


def suspension_of(decision: Decision) -> Suspension | None:
    """Of one decision; None where it leaves the money as it is."""
    if decision.outcome != Effect.SUSPEND:
        return None
    of = decision.recommendation
    newer = Recommendation.objects.filter(
        family=of.family_id, year=of.year, quarter=of.quarter, number__gt=of.number
    ).order_by("number")  # fmt: skip
    return Suspension(decision, _in_order(decision), newer.values_list("at", flat=True).first())


def _told(days: Sequence[date]) -> Exists:
    return Exists(Step.objects.filter(decision=OuterRef("pk"), kind=Step.Kind.TOLD, on_day__in=days))
