"""Families one may report to, and reports that were made."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.privacy.models import FamilyReport
from gandeng.registry.models import Family
from gandeng.registry.queries import access_family as seen_family
from gandeng.web.finding import found_or_404

OPEN_HOURS = 24
"""How long its maker can open a report; afterwards somebody has to ask again. A proposal."""


def access_family(acting: Acting, family_id: UUID) -> Family:
    """A family of the territory the person may report to. Raises Http404."""
    found = seen_family(acting, family_id)
    if not acting.may(May.REPORT_FAMILY, found.village_code):
        raise Http404
    return found


def reports_of(family_id: UUID) -> QuerySet[FamilyReport]:
    """Newest first."""
    return FamilyReport.objects.filter(family_id=family_id).select_related("made_by").order_by("-made_at", "pk")


def access_report(acting: Acting, report_id: UUID) -> FamilyReport:
    """A report one has made oneself, while it is open. Raises Http404."""
    since = timezone.now() - timedelta(hours=OPEN_HOURS)
    own = FamilyReport.objects.filter(made_by_id=acting.person_id, made_at__gte=since)
    found = found_or_404(own.select_related("made_by", "family"), report_id)
    access_family(acting, found.family_id)
    return found
