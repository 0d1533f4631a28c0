"""Tables of the caseload as files: columns and cells in Indonesian, as what leaves the office."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from gandeng.accounts.context import region_name
from gandeng.exports.tables import table_bytes
from gandeng.facilitators.load_queries import Caseload, Limits
from gandeng.facilitators.models import Accompaniment
from gandeng.files.instruction_csv import guarded
from gandeng.registry.models import Family

PLACES_HEADER = (
    "Kode wilayah", "Wilayah", "Keadaan pada", "Keluarga aktif dan ditangguhkan", "Didampingi", "Tanpa pendamping",
    "Pendamping", "Rata-rata keluarga per pendamping", "Terberat", "Norma", "Di atas norma", "Batas kantor",
    "Mencapai batas",
)  # fmt: skip
PEOPLE_HEADER = (
    "Nomor pendamping", "Nama", "Kabupaten/kota", "Keadaan pada", "Keluarga", "Desa/kelurahan", "Kecamatan",
    "Rumah (kecamatan)", "Jarak rata-rata (km)", "Cuti", "Norma", "Batas kantor",
)  # fmt: skip
ACT_HEADER = ("Kode desa", "Desa/kelurahan", "Kecamatan", "Nomor keluarga", "Pengurus", "Dari", "Kepada", "Mulai")
WITHOUT_HEADER = (
    "Kode desa", "Desa/kelurahan", "Kecamatan", "Nomor keluarga", "Pengurus", "Status", "Keadaan pada",
)  # fmt: skip

_NO_HOME_KEPT = "belum dicatat"

type Cells = Sequence[str | int]


def place_cells(caseload: Caseload, length: int) -> list[Cells]:
    """A line for each place."""
    return [
        (
            one.code, one.name, caseload.day.isoformat(), one.families, one.accompanied, one.without, len(one.people),
            "" if one.mean is None else round(one.mean), one.heaviest, caseload.norm or "", one.over_norm,
            one.limit or "", "" if one.over_limit is None else one.over_limit,
        )
        for one in caseload.parts(length)
    ]  # fmt: skip


def people_cells(caseload: Caseload) -> list[Cells]:
    """A line for each facilitator, heaviest first."""
    return [
        (
            one.staff_no, one.name, region_name(one.region), caseload.day.isoformat(), one.families, len(one.held),
            len({code[:6] for code in one.held}), region_name(one.home) if one.home else _NO_HOME_KEPT,
            "" if one.km is None else round(one.km), "ya" if one.away else "", caseload.norm or "",
            _limit(caseload.limits, one.region),
        )
        for one in caseload.people
    ]  # fmt: skip


def _limit(limits: Limits, region: str) -> int | str:
    return limits.families(region) or ""


def act_cells(rows: Iterable[Accompaniment], day: str) -> Iterable[Cells]:
    """A line for each family an act moved."""
    for row in rows:
        told = vars(row)
        collector = row.family.collector
        yield (
            row.village_code, region_name(row.village_code), region_name(row.village_code[:6]), row.family.family_no,
            collector.name if collector else "", told["giver"] or "", told["taker"] or "", day,
        )  # fmt: skip


def without_cells(families: Iterable[Family], day: str) -> Iterable[Cells]:
    """A line for each family that nobody accompanies on the day."""
    for one in families:
        yield (
            one.village_code, region_name(one.village_code), region_name(one.village_code[:6]), one.family_no,
            one.collector.name if one.collector else "", str(one.get_status_display()), day,
        )  # fmt: skip


def as_xlsx(header: Sequence[str], rows: Iterable[Cells]) -> bytes:
    """One sheet; text stays text."""
    told = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(told, options) as book:
        sheet = book.add_worksheet("Gandeng")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet.write_row(0, 0, header, bold)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write(line, column, guarded(cell))
        sheet.autofit()
    return told.getvalue()


FORMATS = {
    "csv": (table_bytes, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
