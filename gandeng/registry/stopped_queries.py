"""Families a list took out of payment: who is still to be told, and who was."""

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.registry.models import Intake, StoppedByList
from gandeng.web.finding import region_asked

FILTERS = ("region", "shelf")
TOLD = "told"
"""The shelf of those who were; else of those who were not."""


def stopped(filters: dict[str, str]) -> QuerySet[StoppedByList]:
    """Within the territory: what the last list made of a family, as long as it stands so. Raises BadRequest.

    `list_name` is None for whoever sees the family and not the list, which is of a wider region.
    """
    later = StoppedByList.objects.filter(family=OuterRef("family"), pk__gt=OuterRef("pk"))
    rows = StoppedByList.objects.filter(~Exists(later), family__status=F("status"))
    rows = rows.exclude(how="") if filters.get("shelf") == TOLD else rows.filter(how="")
    if region := filters.get("region"):
        rows = rows.filter(family__village_code__startswith=region_asked(region))
    its_list = Intake.objects.filter(pk=OuterRef("intake"))
    return rows.select_related("family__collector", "told_by").annotate(
        list_name=Subquery(its_list.values("families_name"))
    )


def untold(acting: Acting) -> QuerySet[StoppedByList]:
    """Of the families one may ask changes for."""
    return stopped({}).filter(family__village_code__within=acting.where(May.REQUEST_CHANGE))
