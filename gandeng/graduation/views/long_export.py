"""Cases of graduation as a list that leaves the office: where each stands; without anybody's words."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.exports.sources import Listing, region_around, source
from gandeng.graduation import queries
from gandeng.graduation.views.common import WORKS, case_row, known
from gandeng.graduation.views.lists import FILTERS
from gandeng.web.paging import narrowed

KIND = "graduasi"
HEADER = ("Nomor keluarga", "Keluarga", "Desa/kelurahan", "Macam", "Keadaan", "Sejak", "Dibuka pada", "Dibuka oleh")


@source(KIND, May.SEE_FAMILIES, FILTERS, alone=True, shown_to=WORKS)
def cases(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """As the page lists them."""
    filters = known(dict(arguments))
    region = region_around(acting, May.SEE_FAMILIES, filters)
    rows = queries.narrowed(queries.cases(), filters)
    return Listing(
        title=f"Proses graduasi, {region_name(region)}", region=region, channel="", header=HEADER, count=rows.count,
        lines=lambda: _lines(rows), back=narrowed(reverse("graduation:cases"), filters),
    )  # fmt: skip


def _lines(rows: QuerySet[Any]) -> Iterator[list[str | int]]:
    for one in rows.select_related("family__collector", "by").order_by("-id").iterator():
        told = case_row(one)
        since = vars(one)["since"]
        yield [
            one.family.family_no, told["name"], told["village"], str(one.get_kind_display()), str(told["state"]),
            (since or localdate(one.at)).isoformat(), localdate(one.at).isoformat(), one.by.name,
        ]  # fmt: skip
