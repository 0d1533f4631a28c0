"""Workbooks: what a spreadsheet spoils is never guessed at, and a hostile zip is refused by name."""

import io
import re
import struct
import zipfile
from datetime import date

import pytest
import xlsxwriter

from gandeng.files import profiles, xlsx_reader
from gandeng.files.layouts import MEMBERS, PAYMENTS, RESULTS
from gandeng.files.limits import Limits
from gandeng.files.tests.tables import (
    PAYMENT,
    RESULT,
    codes,
    convert,
    csv,
    payment,
    refusal,
    rows,
    with_part,
    workbook,
)

SHEET = "xl/worksheets/sheet1.xml"
SAMPLE = workbook(PAYMENTS, PAYMENT)
PROVINCES = [*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 97)]


def result(**cells: object) -> tuple[object, ...]:
    return tuple(cells.get(name, cell) for name, cell in zip(RESULTS.names, RESULT, strict=True))


def damage(*results: tuple[object, ...]) -> list[object]:
    return [row["damage"] for row in rows(convert(workbook(RESULTS, *results), RESULTS))]


def test_it_works() -> None:
    amounts = workbook(PAYMENTS, (*PAYMENT[:-1], 225000), payment(payment_id="2024-2-F2", amount="225.000"))
    same = csv(PAYMENTS, PAYMENT, payment(payment_id="2024-2-F2"))
    assert rows(convert(amounts)) == rows(convert(same))


def test_real_date_cells_are_days_in_both_date_systems() -> None:
    for options in ({}, {"date_1904": True}):
        data = workbook(RESULTS, result(occurred_on=date(2024, 5, 17)), **options)
        assert rows(convert(data, RESULTS))[0]["occurred_on"] == date(2024, 5, 17)


@pytest.mark.parametrize("province", PROVINCES)
def test_a_numeric_nik_is_damaged_in_every_province(province: int) -> None:
    number = province * 10**14 + 1_014_101_800_007
    stored = with_part(workbook(RESULTS, result(nik=12345)), SHEET, lambda xml: xml.replace(b"12345", b"%d" % number))
    assert rows(convert(stored, RESULTS))[0]["damage"] == "nik_damaged"


def test_numeric_identifiers_are_damaged_and_numeric_money_is_not() -> None:
    assert damage(
        result(account_no=1234567890123),
        result(payment_id=42),
        result(bank_reference=7),
        result(amount=225000, reason=51, name=7),
        result(amount=1.125),
        result(amount=-5),
        result(occurred_on=45429),
    ) == [
        "account_damaged",
        "identifier_damaged",
        "identifier_damaged",
        "",
        "amount_unreadable",
        "amount_unreadable",
        "date_unreadable",
    ]


def test_an_account_kept_as_a_number_gets_its_zeros_back_where_a_profile_says_how_long_it_is() -> None:
    bri = profiles.load("BRI")
    assert bri.account_digits == 15
    ours = dict(zip(RESULTS.names, RESULT, strict=True)) | {"event": next(iter(bri.events))}

    def told(account: object) -> tuple[object, object]:
        cells = [account if name == "account_no" else ours.get(name, "") for name in bri.columns.values()]

        def fill(book: xlsxwriter.Workbook) -> None:
            sheet = book.add_worksheet()
            for number, row in enumerate(([*bri.columns], cells), start=bri.skip_rows):
                sheet.write_row(number, 0, row)

        (row,) = rows(convert(_book(fill), RESULTS, profile=bri))
        return row["account_no"], row["damage"]

    assert told(1234567890123) == told("1234567890123") == ("001234567890123", "")
    assert told(123456789012345)[1] == ""
    for lost in (1234567890123456, 1234567890123.5, -5, True):
        assert "account_damaged" in str(told(lost)[1])


def test_a_truth_value_is_no_number_and_no_identifier() -> None:
    assert damage(
        result(amount=True),
        result(payment_id=True),
        result(account_no=True),
        result(occurred_on=True),
        result(nik=True),
    ) == ["amount_unreadable", "identifier_damaged", "account_damaged", "date_unreadable", "nik_damaged"]
    assert ("amount_unreadable", 2, "amount") in codes(refusal(workbook(PAYMENTS, (*PAYMENT[:-1], True))))
    before, after = ("F1", "M1", "", "SITI", "1990-05-17", "F", ""), ("false", "")
    for yes in (True, False):
        member = (*before, "", yes, *after)
        assert rows(convert(workbook(MEMBERS, member), MEMBERS))[0]["severe_disability"] is yes
    pregnant = workbook(MEMBERS, (*before, True, "false", *after))
    assert ("number_unreadable", 2, "pregnancy_no") in codes(refusal(pregnant, MEMBERS))


def test_formulas_and_error_cells_are_damage_or_faults() -> None:
    assert damage(result(amount="=200000+25000"), result(name='="SITI"')) == ["formula", "formula"]
    assert codes(refusal(workbook(PAYMENTS, (*PAYMENT[:-1], "=225000")))) == [("formula", 2, "amount")]
    wrong = with_part(SAMPLE, SHEET, lambda xml: re.sub(rb'<c r="E2" t="s"><v>\d+', b'<c r="E2" t="e"><v>#N/A', xml))
    assert codes(refusal(wrong)) == [("error_cell", 2, "name")]


def test_a_shared_text_that_is_not_there_is_a_fault() -> None:
    lost = with_part(SAMPLE, SHEET, lambda xml: re.sub(rb'(<c r="D2" t="s"><v>)\d+', rb"\g<1>999", xml))
    assert ("cell_unreadable", 2, "nik") in codes(refusal(lost))


def test_a_cell_says_one_thing() -> None:
    """What no spreadsheet writes, and each reads in its own way: a cell twice in a row, a text beside a number."""
    sample, cell = workbook(PAYMENTS, (*PAYMENT[:-1], 225000)), rb'(<c r="I2">)(<v>225000</v>)</c>'
    beside = with_part(sample, SHEET, lambda xml: re.sub(cell, rb"\1\2<is><t>0</t></is></c>", xml))
    assert [row["amount"] for row in rows(convert(beside))] == [225_000]
    twice = with_part(sample, SHEET, lambda xml: re.sub(cell, rb"\1<v>1</v></c>\1\2</c>", xml))
    assert codes(refusal(twice)) == [("workbook_broken", None, None)]


def _book(fill: "object") -> bytes:
    assert callable(fill)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    fill(book)
    book.close()
    return file.getvalue()


def _table(sheet: xlsxwriter.worksheet.Worksheet, *rows_: tuple[str, ...]) -> None:
    for number, row in enumerate((PAYMENTS.names, *rows_)):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell)


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Data")
        _table(sheet, PAYMENT, payment(payment_id="2024-2-F2"))
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(4, 4, None, None, {"hidden": True})

    taken = convert(_book(fill))
    assert taken.rows == 2
    assert [(note.code, dict(note.facts)) for note in taken.notes] == [
        ("hidden_rows", {"count": 1}),
        ("hidden_columns", {"names": "name"}),
    ]


def test_the_first_sheet_with_the_right_header_is_read_and_the_others_are_named() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Kosong")
        book.add_worksheet("Sampul").write_string(0, 0, "Laporan")
        _table(book.add_worksheet("Data"), PAYMENT)
        hidden = book.add_worksheet("Lama")
        hidden.write_string(0, 0, "x")
        hidden.hide()

    notes = {note.code: dict(note.facts) for note in convert(_book(fill)).notes}
    assert notes == {"sheets_not_read": {"sheet": "Data", "names": "Sampul"}, "hidden_sheets": {"names": "Lama"}}


def test_it_refuses_two_sheets_of_the_same_kind() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        _table(book.add_worksheet("A"), PAYMENT)
        _table(book.add_worksheet("B"), payment(payment_id="2024-2-F2"))

    assert codes(refusal(_book(fill))) == [("two_sheets", None, None)]


def test_it_refuses_cells_merged_across_data() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        _table(sheet, PAYMENT, payment(payment_id="2024-2-F2"))
        sheet.merge_range(1, 7, 2, 7, "63.71")

    assert ("merged_cells", 2, "district_code") in codes(refusal(_book(fill)))
    assert ("merged_cells", 3, "district_code") in codes(refusal(_book(fill)))


def test_blank_rows_keep_their_numbers() -> None:
    bad = workbook(PAYMENTS, PAYMENT, ("",) * 9, payment(payment_id="2024-2-F2", nik="1"))
    assert codes(refusal(bad)) == [("nik_damaged", 4, "nik")]


def test_it_refuses_a_far_cell_without_asking_for_its_memory() -> None:
    far = rb'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    assert codes(refusal(with_part(SAMPLE, SHEET, lambda xml: xml.replace(b"</sheetData>", far)))) == [
        ("far_cell", 1_048_576, None)
    ]
    styled = far.replace(b"<v>1</v>", b"")
    assert convert(with_part(SAMPLE, SHEET, lambda xml: xml.replace(b"</sheetData>", styled))).rows == 1


def _zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def _encrypted() -> bytes:
    data = bytearray(SAMPLE)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for at in [match.start() for match in re.finditer(re.escape(mark), SAMPLE)]:
            data[at + offset] |= 1
    return bytes(data)


def _lying_size() -> bytes:
    """The central directory says the sheet is 10 bytes long."""
    data = bytearray(SAMPLE)
    at = SAMPLE.rindex(SHEET.encode()) - 46
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (SAMPLE[:-30], "workbook_broken"),
        (SAMPLE[: len(SAMPLE) // 2], "workbook_broken"),
        (_lying_size(), "workbook_broken"),
        (_encrypted(), "password_protected"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password_protected"),
        (_zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "open_document"),
        (_zip(**{"xl/workbook.bin": b"x"}), "binary_workbook"),
        (_zip(**{"laporan.csv": b"x"}), "zip_without_workbook"),
        (_zip(**{"xl/workbook.xml": b"<a/>", "../x": b""}), "workbook_suspicious"),
        (_zip(**{"xl/workbook.xml": b"<a/>"} | {f"x{n}": b"" for n in range(2001)}), "too_many_members"),
        (b"<html><body><table><tr><td>payment_id</td></tr></table>", "html"),
        (workbook(PAYMENTS), "no_rows"),
        (_book(lambda book: book.add_worksheet()), "empty_file"),
        (with_part(SAMPLE, SHEET, lambda xml: xml.replace(b"?>", b"?><!DOCTYPE x>", 1)), "xml_doctype"),
        (
            with_part(SAMPLE, "xl/sharedStrings.xml", lambda xml: xml.replace(b"?>", b"?><!DOCTYPE x>", 1)),
            "xml_doctype",
        ),
        (with_part(SAMPLE, SHEET, lambda xml: xml[:-40]), "workbook_broken"),
        (with_part(SAMPLE, SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="1"')), "workbook_broken"),
    ],
)
def test_it_refuses_what_is_not_a_sound_workbook(data: bytes, code: str) -> None:
    assert [fault.code for fault in refusal(data).faults] == [code]


def test_it_refuses_a_zip_bomb_by_its_declared_and_by_its_streamed_size() -> None:
    bomb = with_part(SAMPLE, SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * (300 << 20)))
    assert len(bomb) < 2 << 20
    assert [fault.code for fault in refusal(bomb).faults] == ["unpacks_too_large"]
    small = Limits(unpacked=1_000)
    assert [fault.code for fault in refusal(SAMPLE, limits=small).faults] == ["unpacks_too_large"]


def test_every_cut_of_a_workbook_gets_a_verdict() -> None:
    for length in range(1, len(SAMPLE), 71):
        assert refusal(SAMPLE[:length]).faults
    for length in range(len(SAMPLE) - 24, len(SAMPLE)):
        assert refusal(SAMPLE[:length]).faults


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("225000", "225000"),
        ("2.25E5", "225000"),
        ("225000.0", "225000"),
        ("1.5", None),
        ("1E400000", None),
        ("NaN", None),
    ],
)
def test_whole_numbers(text: str, number: str | None) -> None:
    assert xlsx_reader.whole_number(text) == number


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        ("1", date(1900, 1, 1)),
        ("59", date(1900, 2, 28)),
        ("60", None),
        ("61", date(1900, 3, 1)),
        ("45429.9", date(2024, 5, 17)),
    ],
)
def test_days_of_serials(serial: str, day: date | None) -> None:
    assert xlsx_reader.day_of(serial, from_1904=False) == day
