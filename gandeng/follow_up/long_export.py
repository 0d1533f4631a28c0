"""News from the field as a list that leaves the office, without notes."""

from collections.abc import Iterator, Mapping

from django.db.models import QuerySet
from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.exports.sources import Listing, channel_of, region_around, source
from gandeng.follow_up import queries
from gandeng.follow_up.models import FollowUp
from gandeng.follow_up.views import OFFICE
from gandeng.reconciliation.words import reason_name
from gandeng.web.paging import narrowed
from gandeng.web.templatetags.gandeng import tahap

KIND = "kabar-lapangan"
HEADER = (
    "ID pembayaran", "Nama penerima", "Desa/kelurahan", "Penyalur", "Tahap", "Hari", "Cara", "Hasil", "Sebab", "Oleh",
)  # fmt: skip


@source(KIND, May.SEE_RECONCILIATION, queries.REPORT_FILTERS, alone=True, shown_to=OFFICE)
def reports(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """As the page lists them."""
    filters = dict(arguments)
    region, rows = region_around(acting, May.SEE_RECONCILIATION, filters), queries.reports(acting, filters)
    return Listing(
        title=f"Kabar dari lapangan, {region_name(region)}", region=region, channel=channel_of(acting, filters),
        header=HEADER, count=rows.count, lines=lambda: _lines(rows),
        back=narrowed(reverse("follow_up:reports"), filters),
    )  # fmt: skip


def _lines(rows: QuerySet[FollowUp]) -> Iterator[list[str | int]]:
    for one in rows.order_by("-at", "pk").iterator():
        yield [
            one.payment_id, one.payment.name, region_name(one.village_code), one.channel, tahap(one.payment.cycle),
            one.on_day.isoformat(), str(one.get_how_display()), str(one.get_found_display()),
            reason_name(one.reason_code), one.by.name,
        ]  # fmt: skip
