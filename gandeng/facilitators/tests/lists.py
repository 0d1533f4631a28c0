"""Lists for tests: rows as people write them, put where the page puts them, and the jobs done at once."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import uuid4

import xlsxwriter

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.actions import imports
from gandeng.facilitators.listing import HEADERS
from gandeng.facilitators.models import Import
from gandeng.registry.staging import upload_folder

QUIET = lambda *_: None  # noqa: E731
STAFF, CASELOAD = Import.Kind.STAFF, Import.Kind.CASELOAD
REASON = "SK Dinas Sosial 12/2026"


def person(number: str, **told) -> dict[str, str]:
    """One row of a staff list: a facilitator of Banjarmasin on contract."""
    row = dict.fromkeys(HEADERS[STAFF], "") | {
        "Nomor pendamping": number, "Nama": f"Uji {number}", "Mulai bekerja": "2020-01-01", "Kode wilayah": "63.71",
        "Kode kecamatan asal": "63.71.01", "Pendidikan": "S1", "Status kerja": "Kontrak",
        "Tugas": "Pendamping sosial", "Berlaku mulai": "2020-01-01",
    }  # fmt: skip
    return row | told


def family(number: str, staff_no: str, since: date | str) -> dict[str, str]:
    """One row of a caseload list."""
    return {"Nomor keluarga": number, "Nomor pendamping": staff_no, "Didampingi mulai": str(since)}


def csv_of(rows: list[dict[str, str]], *, encoding: str = "utf-8-sig", delimiter: str = ";") -> bytes:
    """As a spreadsheet saves it."""
    told = io.StringIO()
    writer = csv.DictWriter(told, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return told.getvalue().encode(encoding)


def xlsx_of(rows: Sequence[Mapping[str, str | int]]) -> bytes:
    """One sheet; a cell that starts with `=` is a formula."""
    told = io.BytesIO()
    with xlsxwriter.Workbook(told, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(rows[0]))
        for line, row in enumerate(rows, start=1):
            sheet.write_row(line, 0, list(row.values()))
    return told.getvalue()


def sent(content: bytes, kind: str = STAFF, region: str = "6371", name: str = "daftar.csv") -> imports.Sent:
    """An upload put where the page puts it."""
    upload = str(uuid4())
    folder = upload_folder(upload)
    folder.mkdir(parents=True)
    (folder / f"list.{name.rsplit('.', 1)[-1]}").write_bytes(content)
    return imports.Sent(upload, name, kind, region, REASON)


def taken(acting, rows: list[dict[str, str]], kind: str = STAFF, region: str = "6371") -> Import:
    """Read and looked at."""
    with in_territory(acting):
        return imports.take_list(acting, sent(csv_of(rows), kind, region), QUIET)


def applied(acting, rows: list[dict[str, str]], kind: str = STAFF, region: str = "6371") -> Import:
    """Read and made so."""
    found = taken(acting, rows, kind, region)
    with in_territory(acting):
        return imports.apply_list(acting, found.pk, QUIET)
