"""Families a list took out of payment: who is still to be told, and who was."""

from django.db.models import Exists, F, OuterRef, QuerySet

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.registry.models import StoppedByList
from gandeng.web.finding import region_asked

FILTERS = ("region", "shelf")
TOLD = "told"
"""The shelf of those who were; else of those who were not."""


def stopped(filters: dict[str, str]) -> QuerySet[StoppedByList]:
    """Within the territory: what the last list made of a family, as long as it stands so. Raises BadRequest."""
    later = StoppedByList.objects.filter(family=OuterRef("family"), pk__gt=OuterRef("pk"))
    rows = StoppedByList.objects.filter(~Exists(later), family__status=F("status"))
    rows = rows.exclude(how="") if filters.get("shelf") == TOLD else rows.filter(how="")
    if region := filters.get("region"):
        rows = rows.filter(family__village_code__startswith=region_asked(region))
    return rows.select_related("family__collector", "intake", "told_by")


def untold(acting: Acting) -> QuerySet[StoppedByList]:
    """Of the families one may ask changes for."""
    return stopped({}).filter(family__village_code__within=acting.where(May.REQUEST_CHANGE))
