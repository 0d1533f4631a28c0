"""A list of families as CSV: for a purpose, small, written down, and without any identifier."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.exports.actions import take_alone
from gandeng.exports.refused import Refused
from gandeng.exports.sources import ROWS_ALONE
from gandeng.exports.tables import table_bytes
from gandeng.registry.deciles import Reading, reading_of
from gandeng.registry.models import Family
from gandeng.registry.queries import account_listed
from gandeng.web.language import indonesian

ROWS_MAX = ROWS_ALONE

HEADER = ("Nomor keluarga", "Pengurus", "Kode desa", "Desa/kelurahan", "Status", "Penyalur", "Desil", "Desil per")


class ExportRefused(Exception):
    """The list is not handed out; the message says why."""


def export_families(acting: Acting, rows: QuerySet[Family], purpose: str, filters: dict[str, str]) -> bytes:
    """The families of `rows` as CSV in UTF-8. Raises ExportRefused, PermissionDenied."""
    authority = acting.authority(May.SEE_FAMILIES)
    if not purpose.strip():
        raise ExportRefused(_("Tulis keperluan unduhan."))
    families = list(rows.order_by("family_no")[: ROWS_MAX + 1])
    if len(families) > ROWS_MAX:
        raise ExportRefused(
            _(
                "Unduhan langsung paling banyak 1.000 keluarga. Persempit daftarnya, atau minta unduhan panjang, yang"
                " disetujui orang kedua."
            )
        )
    region = acting.held(May.SEE_FAMILIES).region_code
    try:
        take_alone(acting, "Family", len(families), region=region)
    except Refused as refused:
        raise ExportRefused(str(refused)) from refused
    with indonesian():  # what leaves the office
        told = table_bytes(HEADER, map(_cells, families), delimiter=",")
    record(
        acting, "families.exported", object_type="Family", region=region,
        authority=authority, reason=purpose.strip(), rows=len(families),
        narrowed_by={name: value for name, value in filters.items() if value},
    )  # fmt: skip
    return told


def decile_cells(reading: Reading | None) -> list[str]:
    """The decile and its day; empty where it is unknown."""
    return [str(reading.decile), reading.read_on.isoformat()] if reading else ["", ""]


def _cells(family: Family) -> list[str]:
    account = account_listed(family)
    return [
        family.family_no, family.collector.name if family.collector else "", family.village_code,
        region_name(family.village_code), str(family.get_status_display()),
        account.channel if account else "", *decile_cells(reading_of(family)),
    ]  # fmt: skip
