"""Stages whose next step is the work of whoever runs them, for the first page."""

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.payments.levels import AFTER_INSTRUCTION, ASKED, ASKED_OF_NATION, BECOMES
from gandeng.payments.models import Cycle, PaymentList
from gandeng.payments.queries import cycles_visible_to

_ALWAYS = (Cycle.State.OPEN, Cycle.State.FROZEN, Cycle.State.CALCULATED, Cycle.State.SIGNED)
"""Nobody else can take these on: frozen, calculated, listed, closed."""
_LISTS_MOVE = (Cycle.State.LISTED, Cycle.State.APPROVED, *AFTER_INSTRUCTION)


def waiting_steps(acting: Acting) -> QuerySet[Cycle]:
    """Stages this person runs in which lists wait to be handed in, or a channel's to be ordered, or `_ALWAYS`."""
    if not acting.may(May.RUN_CYCLE):
        return Cycle.objects.none()
    lists = PaymentList.objects.filter(cycle=OuterRef("pk"), payments__gt=0)
    drafts = Exists(lists.filter(state=PaymentList.State.DRAFT))
    moving = Q(drafts | Exists(_all_approved(lists)), state__in=_LISTS_MOVE)
    mine = cycles_visible_to(acting).filter(region_code__within=acting.where(May.RUN_CYCLE))
    return mine.filter(Q(state__in=_ALWAYS) | moving)


def _all_approved(lists: QuerySet[PaymentList]) -> QuerySet[PaymentList]:
    """Lists that nobody else has to approve, nor any other of their channel and round."""
    nation = When(cycle__region_code="", then=Value(BECOMES[ASKED_OF_NATION[-1]]))
    done = lists.annotate(done=Case(nation, default=Value(BECOMES[ASKED[-1]]))).filter(state=F("done"))
    others = PaymentList.objects.filter(
        cycle=OuterRef("cycle"), channel=OuterRef("channel"), round=OuterRef("round"), payments__gt=0
    )
    return done.filter(~Exists(others.exclude(state=OuterRef("state"))))
