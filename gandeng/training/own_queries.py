"""A participant's own trainings, by what she does with them now; and what waits for an office."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.training.course_queries import offices_of
from gandeng.training.event_queries import own_trainings
from gandeng.training.models import Event, Participant

_PAST = 100


@dataclass(frozen=True)
class Own:
    """Invitations that wait for an answer, what is on or to come, and what is over."""

    to_answer: list[Participant]
    coming: list[Participant]
    past: list[Participant]


def own_of(acting: Acting, today: date) -> Own:
    """All of one's own."""
    found = list(own_trainings(acting).order_by("event__starts_on", "pk"))
    going_on = [one for one in found if one.event.state == Event.State.INVITED and one.event.ends_on >= today]
    waiting = [one for one in going_on if one.state == Participant.State.INVITED]
    coming = [one for one in going_on if one.state != Participant.State.INVITED]
    past = [one for one in found if one not in going_on]
    return Own(waiting, coming, past[::-1][:_PAST])


def unanswered(acting: Acting) -> QuerySet[Participant]:
    """Invitations that wait for her answer; for what waits on the first page."""
    return own_trainings(acting).filter(
        state=Participant.State.INVITED, event__state=Event.State.INVITED, event__ends_on__gte=timezone.localdate()
    )


def not_invited(acting: Acting) -> QuerySet[Event]:
    """Drafts of one's own offices that are to come."""
    offices = offices_of(acting)
    return Event.objects.filter(state=Event.State.DRAFT, region_code__in=offices, ends_on__gte=timezone.localdate())
