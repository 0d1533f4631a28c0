"""Lines of cost are written, changed and struck out until the event is closed."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.training.actions.common import refusing
from gandeng.training.event_queries import Standing
from gandeng.training.models import Cost


@dataclass(frozen=True)
class Line:
    """One line; nothing spent until somebody told."""

    kind: str
    text: str
    planned_rupiah: int
    spent_rupiah: int | None = None


@transaction.atomic
def enter(acting: Acting, standing: Standing, line: Line) -> Cost:
    """One more line. Raises TrainingRefused, PermissionDenied."""
    event = standing.event
    authority = acting.authority(May.PLAN_TRAINING, event.region_code)
    with refusing():
        made = Cost.objects.create(
            event=event, region_code=event.region_code, entered_by_id=acting.person_id, **asdict(line)
        )
    record(
        acting, "training.cost_entered", made, region=event.region_code, authority=authority, event=event.number,
        **asdict(line),
    )  # fmt: skip
    return made


@transaction.atomic
def change(acting: Acting, standing: Standing, cost: Cost, line: Line) -> None:
    """Another amount, or other words. Raises TrainingRefused, PermissionDenied."""
    event = standing.event
    authority = acting.authority(May.PLAN_TRAINING, event.region_code)
    before: dict[str, Any] = {"planned_before": cost.planned_rupiah, "spent_before": cost.spent_rupiah}
    for name, value in asdict(line).items():
        setattr(cost, name, value)
    with refusing():
        cost.save(update_fields=[*asdict(line)])
    record(
        acting, "training.cost_changed", cost, region=event.region_code, authority=authority, event=event.number,
        **asdict(line), **before,
    )  # fmt: skip


@transaction.atomic
def strike(acting: Acting, standing: Standing, cost: Cost) -> None:
    """It was no cost after all. Raises TrainingRefused, PermissionDenied."""
    event = standing.event
    authority = acting.authority(May.PLAN_TRAINING, event.region_code)
    told: dict[str, Any] = {
        "kind": cost.kind,
        "text": cost.text,
        "planned": cost.planned_rupiah,
        "spent": cost.spent_rupiah,
    }
    record(
        acting, "training.cost_struck", cost, region=event.region_code, authority=authority, event=event.number, **told
    )
    with refusing():
        cost.delete()
