"""The empty table people fill in: one sheet with the headers, one that says what each column takes."""

import io

import xlsxwriter

from gandeng.facilitators.importing import LAYOUTS
from gandeng.facilitators.listing import title_of
from gandeng.facilitators.models import Import
from gandeng.files.layouts import Field, Kind

_ROWS = 2_000
_EXPLAINED_KEPT = {
    Kind.DAY: "Tanggal, misalnya 2024-05-17 atau 17/05/2024",
    Kind.PLACE: "Kode wilayah sebagai teks, misalnya 63.71 atau 63.71.01",
    Kind.IDENTIFIER: "Nomor sebagai teks",
    Kind.NIK: "16 angka sebagai teks; kosong: yang tercatat tetap",
    Kind.FAMILY_CARD: "16 angka sebagai teks; kosong: yang tercatat tetap",
}
_ABOUT_KEPT = {
    "region_code": "Tempat tugasnya: 63 koordinator wilayah, 63.71.01 ketua tim kecamatan, selain itu 63.71",
    "home_code": "Kecamatan tempat ia berangkat, misalnya 63.71.01",
    "job_title": "Kosong untuk kontrak; untuk PPPK mengikuti pendidikan",
    "valid_from": "Sejak kapan isian baris ini berlaku",
    "left_on": "Hari pertama tanpa dia; kosong bila masih bekerja",
}
_HELP_HEADER = ("Judul kolom", "Wajib", "Isinya")
_SHEETS_KEPT = {Import.Kind.STAFF: "Daftar", Import.Kind.CASELOAD: "Dampingan"}
_HELP_KEPT = "Petunjuk"


def template(kind: str) -> bytes:
    """XLSX; columns are text, so that no program changes a number or a code."""
    layout, told = LAYOUTS[kind], io.BytesIO()
    with xlsxwriter.Workbook(told, {"in_memory": True}) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(_SHEETS_KEPT[Import.Kind(kind)])
        sheet.freeze_panes(1, 0)
        help_sheet = book.add_worksheet(_HELP_KEPT)
        help_sheet.write_row(0, 0, _HELP_HEADER, bold)
        for place, field in enumerate(layout.fields):
            sheet.set_column(place, place, 22, text)
            sheet.write_string(0, place, title_of(layout, field.name), bold)
            if field.words:
                choices = {"validate": "list", "source": [word for word, _ in field.words], "ignore_blank": True}
                sheet.data_validation(1, place, _ROWS, place, choices)
            line = [title_of(layout, field.name), "ya" if field.required else "tidak", _about(field)]
            help_sheet.write_row(place + 1, 0, line)
        help_sheet.set_column(0, 0, 26)
        help_sheet.set_column(2, 2, 90)
    return told.getvalue()


def _about(field: Field) -> str:
    words = ", ".join(word for word, _ in field.words)
    return " ".join(filter(None, [_ABOUT_KEPT.get(field.name) or _EXPLAINED_KEPT.get(field.kind, ""), words]))
