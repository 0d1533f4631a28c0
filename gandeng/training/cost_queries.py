"""What an event costs."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from gandeng.training.event_queries import Standing
from gandeng.training.models import Cost, Event


@dataclass(frozen=True)
class Costs:
    """Lines in the order of what they are for, and their sums."""

    lines: tuple[Cost, ...]

    @property
    def planned_rupiah(self) -> int:
        """All that was planned."""
        return sum(one.planned_rupiah for one in self.lines)

    @property
    def spent_rupiah(self) -> int:
        """All that was told as spent."""
        return sum(one.spent_rupiah or 0 for one in self.lines)

    @property
    def untold(self) -> int:
        """Lines of which nobody told what was spent."""
        return sum(one.spent_rupiah is None for one in self.lines)


def costs_of(event: Event) -> Costs:
    """Of one event, for the office that holds it and those above."""
    order = {kind: place for place, kind in enumerate(Cost.Kind.values)}
    rows = Cost.objects.filter(event=event).select_related("entered_by").order_by("entered_at", "pk")
    return Costs(tuple(sorted(rows, key=lambda one: order[one.kind])))


def access_cost(standing: Standing, cost_id: UUID) -> Cost:
    """One line. Http404."""
    found = Cost.objects.filter(event=standing.event, pk=cost_id).first()
    if found is None:
        raise Http404
    return found
