"""The list of families as a long export: what the list shows, without any identifier."""

from collections.abc import Iterator, Mapping

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.core.region_code import RegionCode
from gandeng.exports.sources import Listing, NoList, one_region, source
from gandeng.registry import queries
from gandeng.registry.actions.exports import HEADER, decile_cells
from gandeng.registry.deciles import told
from gandeng.registry.marking import invented_family
from gandeng.registry.models import Account, Family
from gandeng.web.paging import narrowed

KIND = "keluarga"


@source(KIND, May.SEE_FAMILIES, queries.FILTERS)
def families(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """Families of the territory, narrowed as on the list."""
    filters = dict(arguments)
    try:
        rows = queries.families_visible_to(acting, filters)
    except queries.SearchRefused as refused:
        raise NoList(*refused.args) from refused
    asked = filters.get("region")
    region = RegionCode.parse(asked).digits if asked else one_region(acting.territory.regions)
    return Listing(
        title=f"Keluarga, {region_name(region)}", region=region, channel="", header=HEADER, count=rows.count,
        lines=lambda: _lines(rows), back=narrowed(reverse("registry:families"), filters),
        mark=lambda: invented_family(rows),
    )  # fmt: skip


def _lines(rows: QuerySet[Family]) -> Iterator[list[str | int]]:
    account = Account.objects.filter(family=OuterRef("pk"), valid_until=None).order_by("pk").values("channel")[:1]
    plain = rows.select_related(None).prefetch_related(None).annotate(channel=Subquery(account)).order_by("family_no")
    names = ("family_no", "collector__name", "village_code", "status", "channel", "decile_told")
    words = {value: str(label) for value, label in Family.Status.choices}
    for number, collector, village, status, channel, reading in plain.values_list(*names).iterator():
        cells = decile_cells(told(reading))
        yield [number, collector or "", village, region_name(village), words[status], channel or "", *cells]
