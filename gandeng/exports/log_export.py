"""The log of acts as a list that leaves the office; here, for `accounts`, whose page it is, knows no exports."""

from collections.abc import Iterator, Mapping

from django.db.models import QuerySet
from django.urls import reverse

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.accounts.templatetags.places import wewenang
from gandeng.audit.models import AuditEntry
from gandeng.audit.queries import FILTERS, entries
from gandeng.exports.sources import Listing, region_around, source
from gandeng.web.days import ZONES
from gandeng.web.paging import narrowed
from gandeng.web.templatetags.gandeng import perbuatan

KIND = "jejak"
HEADER = ("Nomor", "Waktu", "Siapa", "Wewenang", "Perbuatan", "Wilayah", "Alasan", "Dari", "Keterangan")


@source(KIND, May.SEE_LOG, FILTERS, alone=True)
def log(acting: Acting, arguments: Mapping[str, str]) -> Listing:
    """As the page lists it, each entry with its number in its chain, by which `gandeng verify` names it."""
    filters = dict(arguments)
    region, rows = region_around(acting, May.SEE_LOG, filters), entries(filters, acting.hours)
    return Listing(
        title=f"Jejak, {region_name(region)}", region=region, channel="", header=HEADER, count=rows.count,
        lines=lambda: _lines(rows, acting.hours), back=narrowed(reverse("audit:entries"), filters),
    )  # fmt: skip


def _lines(rows: QuerySet[AuditEntry], hours: str) -> Iterator[list[str | int]]:
    for one in rows.iterator():
        facts = "; ".join(f"{fact.name}: {fact.text}" for fact in one.told_facts)
        at = one.at.astimezone(ZONES[hours]).isoformat(timespec="seconds") if one.at else ""
        yield [
            f"{one.shard}/{one.number}", at, one.person_name, wewenang(one.authority), perbuatan(one.action),
            region_name(one.region_code), one.reason, one.from_address or "mesin kantor", facts,
        ]  # fmt: skip
