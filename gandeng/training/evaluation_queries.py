"""What people thought of an event: sums, and only where nobody can tell who thought what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from gandeng.training.day_queries import MAY_COME
from gandeng.training.event_queries import Standing
from gandeng.training.models import Evaluation, EvaluationGiven, Event
from gandeng.training.published import HIGHEST, LOWEST, statements

OPINIONS_MIN = 5
"""Fewer are told to nobody. And none while more may come: two readings apart would show the one between them."""


@dataclass(frozen=True)
class Judged:
    """One statement: how many chose each answer, 1 to 5."""

    key: str
    counts: tuple[int, ...]

    @property
    def opinions(self) -> int:
        """How many."""
        return sum(self.counts)

    @property
    def tenths(self) -> int:
        """The mean, in tenths, half up."""
        total = sum(score * count for score, count in enumerate(self.counts, start=LOWEST))
        return (20 * total + self.opinions) // (2 * self.opinions) if self.opinions else 0

    @property
    def mean(self) -> str:
        """As people read it: `4,3`."""
        return f"{self.tenths // 10},{self.tenths % 10}"


@dataclass(frozen=True)
class Opinions:
    """Of one event. Statements and remarks stay empty below `OPINIONS_MIN`."""

    given: int
    statements: tuple[Judged, ...] = ()
    remarks: tuple[str, ...] = ()


def opinions_of(event: Event) -> Opinions:
    """For whoever runs the event; the caller has asked. Sums alone once the event is closed and enough were given."""
    rows = list(Evaluation.objects.filter(event=event).values_list("scores", "remark"))
    if event.state != Event.State.CLOSED:
        return Opinions(len(rows))
    return summed([scores for scores, _remark in rows], [remark for _scores, remark in rows if remark])


def summed(scores: Sequence[Mapping[str, Any]], remarks: Sequence[str]) -> Opinions:
    """Sums of opinions; remarks by their letters, an order that tells nothing of who wrote when."""
    if len(scores) < OPINIONS_MIN:
        return Opinions(len(scores))
    told = []
    for key in statements():
        chosen = Counter(int(one[key]) for one in scores if key in one)
        told.append(Judged(key, tuple(chosen[score] for score in range(LOWEST, HIGHEST + 1))))
    return Opinions(len(scores), tuple(told), tuple(sorted(remarks, key=str.casefold)))


def may_give(standing: Standing) -> bool:
    """One of those who come, from the first day until it is closed, once."""
    own, event = standing.own, standing.event
    return (
        own is not None
        and own.state in MAY_COME
        and event.state == Event.State.INVITED
        and event.starts_on <= timezone.localdate()
        and not has_given(standing)
    )


def has_given(standing: Standing) -> bool:
    """That she gave her opinion."""
    return EvaluationGiven.objects.filter(participant=standing.own).exists()
