"""Requests of the one who asks, and those that wait for his decision."""

from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.exports.models import ExportRequest, TakenAway
from gandeng.exports.sources import KINDS
from gandeng.web.finding import found_or_404

State = ExportRequest.State


def own(acting: Acting) -> QuerySet[ExportRequest]:
    """What the person asked for, newest first."""
    found = ExportRequest.objects.filter(asked_by_id=acting.person_id)
    return found.select_related("asked_by", "decided_by").order_by("-asked_at", "pk")


def decidable(acting: Acting) -> QuerySet[ExportRequest]:
    """Requests of others, decided or not, over whose whole region the person may decide and see the rows."""
    found = ExportRequest.objects.filter(region_code__within=acting.where(May.APPROVE_EXPORT))
    found = found.exclude(asked_by_id=acting.person_id)
    kinds = [slug for slug, kind in KINDS.items() if acting.may(kind.may)]
    return found.filter(kind__in=kinds).select_related("asked_by", "decided_by").order_by("-asked_at", "pk")


def waiting(acting: Acting) -> QuerySet[ExportRequest]:
    """Of those, what waits."""
    return decidable(acting).filter(state=State.ASKED)


def access_own(acting: Acting, export_id: UUID) -> ExportRequest:
    """One's own request. Raises Http404."""
    return found_or_404(own(acting), export_id)


def access_decidable(acting: Acting, export_id: UUID) -> ExportRequest:
    """A request one may decide. Raises Http404."""
    return found_or_404(decidable(acting), export_id)


def access_export(acting: Acting, export_id: UUID) -> ExportRequest:
    """Either. Raises Http404."""
    seen = Q(pk__in=own(acting).order_by().values("pk")) | Q(pk__in=decidable(acting).order_by().values("pk"))
    return found_or_404(ExportRequest.objects.filter(seen).select_related("asked_by", "decided_by"), export_id)


def taken_today(acting: Acting) -> int:
    """Rows the person took away alone today."""
    found = TakenAway.objects.filter(person_id=acting.person_id, day=timezone.localdate())
    return found.aggregate(rows=Sum("rows"))["rows"] or 0
