"""Events one may see, and what one is there: office that holds it, office that looks on, participant."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.region_code import SUB_DISTRICT_DIGITS
from gandeng.facilitators.queries import own_record
from gandeng.training.models import Event, Participant
from gandeng.web.scoping import Territory


@dataclass(frozen=True)
class Standing:
    """An event and what somebody is in it."""

    acting: Acting
    event: Event
    runs: bool
    """Plans trainings in the office that holds it: everything of it may be done."""
    sees: bool
    """Sees staff of a place it is for: its plain facts, and the participants of that place."""
    own: Participant | None = None
    """Herself, where she was invited (asked for by `access_own` alone)."""

    @property
    def draft(self) -> bool:
        """Nobody was told yet."""
        return self.event.state == Event.State.DRAFT

    @property
    def open(self) -> bool:
        """Not over: neither closed nor cancelled."""
        return self.event.state in (Event.State.DRAFT, Event.State.INVITED)


def events_of(acting: Acting) -> QuerySet[Event]:
    """Events of one's own offices, of those above and below; for whoever sees staff."""
    seen = Q(region_code__touches=acting.where(May.SEE_STAFF)) | Q(region_code__within=acting.where(May.PLAN_TRAINING))
    return Event.objects.filter(seen)


def access_event(acting: Acting, event_id: UUID) -> Standing:
    """An event as an office sees it. Http404."""
    event = events_of(acting).select_related("course", "skill", "plan", "made_by").filter(pk=event_id).first()
    if event is None:
        raise Http404
    return Standing(
        acting, event, runs=acting.may(May.PLAN_TRAINING, event.region_code), sees=acting.may(May.SEE_STAFF)
    )


def access_run(acting: Acting, event_id: UUID) -> Standing:
    """An event of an office one plans trainings for. Http404 for everybody else."""
    standing = access_event(acting, event_id)
    if not standing.runs:
        raise Http404
    return standing


def access_own(acting: Acting, event_id: UUID) -> Standing:
    """An event somebody was invited to, as she sees it: nothing before the invitation. Http404."""
    staff = own_record(acting)
    own = own_trainings(acting).filter(event_id=event_id).first() if staff else None
    if own is None:
        raise Http404
    return Standing(acting, own.event, runs=False, sees=False, own=own)


def own_trainings(acting: Acting) -> QuerySet[Participant]:
    """Everything somebody was ever invited to; a name on a draft, or taken off before anybody told her, is not."""
    mine = Participant.objects.filter(staff__person_id=acting.person_id, invited_at__isnull=False)
    return mine.select_related("event__course", "event__skill", "staff__person", "result")


def participants_of(standing: Standing) -> QuerySet[Participant]:
    """Those of the places whose staff one sees; all, for whoever runs it."""
    rows = Participant.objects.filter(event=standing.event).select_related("staff__person")
    if standing.runs:
        return rows
    return rows.filter(_seen_by(standing.acting))


def _seen_by(acting: Acting) -> Q:
    where = acting.where(May.SEE_STAFF)
    near = Territory(frozenset(code for code in where.regions if len(code) == SUB_DISTRICT_DIGITS))
    return Q(region_code__within=where) | Q(home_code__within=near)


def access_participant(standing: Standing, participant_id: UUID) -> Participant:
    """One of those one sees. Http404."""
    found = participants_of(standing).filter(pk=participant_id).first()
    if found is None:
        raise Http404
    return found
