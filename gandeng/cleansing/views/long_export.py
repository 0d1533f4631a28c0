"""What wants putting right in a district, as a list that leaves the office for a purpose; no identifier."""

from collections.abc import Iterator, Mapping

from django.db.models import QuerySet
from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.cleansing import queries
from gandeng.cleansing.models import Found
from gandeng.cleansing.views.common import row_of
from gandeng.exports.sources import Listing, region_of, source
from gandeng.web.paging import narrowed

KIND = "rapikan"
HEADER = ("hal", "keluarga", "pengurus", "anggota", "desa")


@source(KIND, May.REQUEST_CHANGE, queries.FILTERS)
def found(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """As the page lists them."""
    filters = queries.known(dict(arguments))
    region = region_of(acting, May.REQUEST_CHANGE, filters)
    rows = queries.found(acting, filters)
    return Listing(
        title=f"Data yang perlu diperiksa, {region_name(region)}", region=region, channel="", header=HEADER,
        count=rows.count, lines=lambda: _lines(rows), back=narrowed(reverse("cleansing:found"), filters),
    )  # fmt: skip


def _lines(rows: QuerySet[Found]) -> Iterator[list[str | int]]:
    for one in rows.order_by("village_code", "family__family_no", "kind", "pk").iterator():
        told = row_of(one)
        member = one.member.name if one.member else ""
        yield [str(told["kind"].name), one.family.family_no, one.family.called, member, told["place"]]
