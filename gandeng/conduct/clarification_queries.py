"""Clarifications in force for somebody, and who has not read them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, TextField
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.conduct.models import Acknowledgement, Clarification
from gandeng.facilitators.models import Staff
from gandeng.facilitators.queries import staff_of
from gandeng.facilitators.staff_queries import working
from gandeng.web.finding import found_or_404


def clarifications(acting: Acting) -> QuerySet[Clarification]:
    """All that concern one's territory, newest first."""
    rows = Clarification.objects.filter(region_code__touches=acting.territory)
    return rows.select_related("published_by", "ended_by", "replaces", "replaced_by")


def going_on(day: date) -> Q:
    """In force on that day: begun, not ended, no newer one in its place."""
    return Q(valid_from__lte=day, valid_until__gt=day, ended_at=None, replaced_by=None)


def access_clarification(acting: Acting, key: object) -> Clarification:
    """One of them. Http404."""
    return found_or_404(clarifications(acting), key)


def in_force_for(staff: Staff, day: date) -> QuerySet[Clarification]:
    """Those for the region somebody works in."""
    above = [staff.region_code[:length] for length in (0, 2, 4) if length <= len(staff.region_code)]
    return Clarification.objects.filter(going_on(day), region_code__in=sorted(set(above)))


def unread(acting: Acting) -> QuerySet[Clarification]:
    """Those one is yet to read; none for whoever does not work in the field."""
    today = timezone.localdate()
    own = Staff.objects.annotate(place=ExpressionWrapper(OuterRef("region_code"), output_field=TextField())).filter(
        working(today), person_id=acting.person_id, region_code__startswith=F("place")
    )
    read = Acknowledgement.objects.filter(clarification=OuterRef("pk"), staff__person_id=acting.person_id)
    rows = Clarification.objects.filter(Exists(own), ~Exists(read), going_on(today))
    return rows.order_by("valid_from", "pk")


@dataclass(frozen=True)
class Read:
    """Staff at work of one district, and how many of them have read one."""

    district: str
    staff: int
    read: int

    @property
    def due(self) -> int:
        """How many have not."""
        return self.staff - self.read


def _asked(acting: Acting, clarification: Clarification) -> QuerySet[Any]:
    today = timezone.localdate()
    rows: QuerySet[Any] = staff_of(acting).filter(working(today), region_code__startswith=clarification.region_code)
    told = Acknowledgement.objects.filter(clarification=clarification, staff=OuterRef("pk"))
    asked: QuerySet[Any] = rows.annotate(read=Exists(told))
    return asked


def read_by_district(acting: Acting, clarification: Clarification) -> list[Read]:
    """One row per district whose staff one may see."""
    if not acting.may(May.SEE_STAFF):
        return []
    rows = _asked(acting, clarification).order_by().values("region_code")
    counted = rows.annotate(staff=Count("pk"), n=Count("pk", filter=Q(read=True))).order_by("region_code")
    return [Read(row["region_code"], row["staff"], row["n"]) for row in counted]


def not_read(acting: Acting, clarification: Clarification) -> QuerySet[Any]:
    """Who has not, by number."""
    return _asked(acting, clarification).filter(read=False)
