"""A payment list as a long export: what the list shows, masked."""

from collections.abc import Iterator, Mapping

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.exports.sources import Listing, source
from gandeng.payments import queries
from gandeng.payments.models import Payment
from gandeng.payments.views.lists import HEADER, cells_of
from gandeng.payments.views.shared import list_name, stage_title
from gandeng.web.paging import narrowed

KIND = "daftar-bayar"
_COLUMNS = ("payment_id", "reissue_of_id", "name", "nik_last4", "account_last3", "village_code", "amount_rupiah")


@source(KIND, May.SEE_PAYMENTS, ("list", *queries.LIST_FILTERS))
def payment_list(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """One list of the territory and channel, narrowed as on its page."""
    if not arguments["list"]:
        raise Http404
    found = queries.access_list(acting, arguments["list"])
    filters = {name: value for name, value in arguments.items() if name != "list" and value}
    rows = queries.rows_of(found, filters)
    return Listing(
        title=f"Daftar bayar {list_name(found)}, {stage_title(found.cycle)}", region=found.district_code,
        channel=found.channel, header=HEADER, count=rows.count, lines=lambda: _lines(rows),
        back=narrowed(reverse("payments:list", args=[found.pk]), filters),
    )  # fmt: skip


def _lines(rows: QuerySet[Payment]) -> Iterator[list[str | int]]:
    for row in rows.order_by(*queries.LIST_ORDER).values_list(*_COLUMNS, named=True).iterator():
        yield cells_of(row)
