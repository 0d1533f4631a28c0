"""Signs nobody has looked at, as a list that leaves the office for a purpose; without any position."""

from collections.abc import Iterator, Mapping

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.exports.sources import Listing, region_of, source
from gandeng.signs import queries
from gandeng.signs.models import Found
from gandeng.signs.words import row_of
from gandeng.web.paging import narrowed

KIND = "tanda"
HEADER = ("macam", "tanda", "skor", "wilayah", "tentang", "keluarga", "pertama", "terakhir", "baris")


@source(KIND, May.REVIEW_SIGNS, queries.FILTERS)
def signs(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """As the page lists them."""
    filters = queries.known(dict(arguments))
    region = region_of(acting, May.REVIEW_SIGNS, filters)
    rows = queries.found(acting, filters)
    return Listing(
        title=f"Tanda yang perlu dilihat, {region_name(region)}", region=region, channel="", header=HEADER,
        count=rows.count, lines=lambda: _lines(rows), back=narrowed(reverse("signs:signs"), filters),
    )  # fmt: skip


def _lines(rows: QuerySet[Found]) -> Iterator[list[str | int]]:
    for one in rows.order_by("kind", "-score", "pk").iterator():
        told = row_of(one)
        number = one.family.family_no if one.family else ""
        yield [
            str(told["kind"]), told["sentence"], one.score, told["place"], told["about"], number,
            localdate(one.first_at).isoformat(), localdate(one.last_at).isoformat(), len(one.rows),
        ]  # fmt: skip
