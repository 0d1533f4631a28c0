"""Visits to homes as a list that leaves the office, without notes and photos."""

from collections.abc import Iterator, Mapping

from django.db.models import QuerySet
from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.exports.sources import Listing, region_around, source
from gandeng.field.models import Visit
from gandeng.field.queries import VISIT_FILTERS
from gandeng.field.views.visits import visits_asked
from gandeng.web.paging import narrowed

KIND = "kunjungan"
HEADER = ("Nomor keluarga", "Keluarga", "Desa/kelurahan", "Hari", "Tujuan", "Hasil", "Kasus", "Oleh")


@source(KIND, May.SEE_FAMILIES, VISIT_FILTERS, alone=True)
def visits(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """As the page lists them."""
    filters = dict(arguments)
    region, rows = region_around(acting, May.SEE_FAMILIES, filters), visits_asked(filters)
    return Listing(
        title=f"Kunjungan rumah, {region_name(region)}", region=region, channel="", header=HEADER, count=rows.count,
        lines=lambda: _lines(rows), back=narrowed(reverse("field:visits"), filters),
    )  # fmt: skip


def _lines(rows: QuerySet[Visit]) -> Iterator[list[str | int]]:
    for one in rows.order_by("-on_day", "pk").iterator():
        yield [
            one.family.family_no, one.family.called, region_name(one.village_code), one.on_day.isoformat(),
            str(one.get_purpose_display()), str(one.get_result_display()), str(one.get_found_case_display()),
            one.by.name,
        ]  # fmt: skip
