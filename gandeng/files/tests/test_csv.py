"""Text tables: what is taken, and what each irregularity is called."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from gandeng.files.layouts import FAMILIES, MEMBERS, PAYMENTS, RESULTS, VERDICTS, Layout
from gandeng.files.limits import LIMITS
from gandeng.files.tests.tables import PAYMENT, RESULT, codes, convert, csv, payment, refusal, rows, workbook

SAMPLE = csv(PAYMENTS, PAYMENT)


def test_it_works() -> None:
    taken = convert(csv(PAYMENTS, PAYMENT, payment(payment_id="2024-2-F2", amount="Rp1.250.000")))
    assert (taken.rows, taken.total_rupiah, taken.notes) == (2, 1_475_000, ())
    assert rows(taken)[1] == dict(zip(PAYMENTS.names, payment(payment_id="2024-2-F2"), strict=True)) | {
        "amount": 1_250_000,
        "row": 2,
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_it_reads_every_delimiter_line_end_and_mark(delimiter: str, mark: bytes, end: str) -> None:
    second = payment(payment_id="2024-2-F2")
    taken = convert(mark + csv(PAYMENTS, PAYMENT, second, delimiter=delimiter, end=end))
    assert [row["payment_id"] for row in rows(taken)] == ["2024-2-F1", "2024-2-F2"]


def test_it_reads_quoted_line_ends_and_numbers_the_rows_as_a_spreadsheet() -> None:
    broken = payment(payment_id="2024-2-F2", amount="1.25")
    data = csv(PAYMENTS, payment(name='"SITI\nAMINAH"'), broken)
    assert codes(refusal(data)) == [("amount_unreadable", 3, "amount")]
    assert rows(convert(csv(PAYMENTS, payment(name='"SITI\nAMINAH"'))))[0]["name"] == "SITI\nAMINAH"


def test_blank_rows_count_as_rows_and_are_no_rows() -> None:
    data = csv(PAYMENTS, PAYMENT, ("",), ("",) * 9, payment(payment_id="2024-2-F2"))
    assert [row["row"] for row in rows(convert(data))] == [1, 4]


def test_columns_come_in_any_order_and_more_of_them_are_told() -> None:
    names, cells = (*PAYMENTS.names[::-1], "catatan"), (*PAYMENT[::-1], "x")
    taken = convert(f"{','.join(names)}\n{','.join(cells)}\n".encode())
    assert rows(taken)[0]["amount"] == 225_000
    assert [(note.code, note.facts["names"]) for note in taken.notes] == [("extra_columns", "catatan")]


def test_white_space_around_cells_is_trimmed() -> None:
    padded = tuple(f" \u00a0{cell}\t " for cell in PAYMENT)
    assert rows(convert(csv(PAYMENTS, padded))) == rows(convert(SAMPLE))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_is_read_and_told(encoding: str) -> None:
    text = SAMPLE.decode().replace("SITI", "SITÍ")
    data = text.encode(encoding) if encoding == "utf-16" else ("\ufeff" + text).encode(encoding)
    taken = convert(data)
    assert rows(taken)[0]["name"] == "SITÍ AMINAH"
    assert taken.notes[0].facts == {"encoding": "UTF-16"}


def test_a_zero_byte_far_down_in_windows_1252_is_found() -> None:
    """Beyond what a look at the beginning shows."""
    far = csv(RESULTS, *[RESULT] * 5_000).replace(b"SITI", "SITÍ".encode("cp1252"), 1)
    head, _, last = far.rpartition(b"SITI")
    assert codes(refusal(head + b"S\0TI" + last, RESULTS)) == [("nul_bytes", None, None)]


def test_windows_1252_is_read_and_told() -> None:
    taken = convert(SAMPLE.decode().replace("SITI", "SITÍ").encode("cp1252"))
    assert rows(taken)[0]["name"] == "SITÍ AMINAH"
    assert taken.notes[0].facts == {"encoding": "Windows-1252"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty_file"),
        (csv(PAYMENTS), "no_rows"),
        (SAMPLE.replace(b"SITI", b"S\0TI"), "nul_bytes"),
        (SAMPLE.decode().encode("utf-16-le"), "nul_bytes"),
        (SAMPLE.decode().encode("utf-32"), "encoding_unknown"),
        (SAMPLE.replace(b"SITI", b"\xc3\x8d \xcd"), "encoding_mixed"),
        (SAMPLE.replace(b"SITI", b"\x81"), "encoding_unknown"),
        (SAMPLE + "Í".encode()[:1], "cut_short"),
        (SAMPLE.replace(b"SITI", b"S" * 1_048_576), "line_too_long"),
        (SAMPLE.replace(b"SITI", b'"SITI') + SAMPLE * 9000, "line_too_long"),
        (SAMPLE.replace(b"SITI", b'"SITI'), "broken_quotes"),
        (SAMPLE.replace(b"SITI", b'"SI"TI'), "broken_quotes"),
        (SAMPLE.replace(b"nik", b"nik,nik", 1), "duplicate_column"),
        (SAMPLE.replace(b"nik,", b"", 1), "missing_column"),
        (SAMPLE.replace(b"\n", b"," * 64 + b"x\n", 1), "too_many_columns"),
        (SAMPLE.replace(b",225000", b""), "too_few_cells"),
        (SAMPLE.replace(b"225000", b"225000,7"), "too_many_cells"),
        (b"\x1f\x8b" + SAMPLE, "compressed"),
        (b"%PDF-1.7 " + SAMPLE, "pdf"),
    ],
)
def test_it_refuses_a_file_that_is_not_a_table(data: bytes, code: str) -> None:
    assert code in [fault.code for fault in refusal(data).faults]


def test_it_refuses_a_misnamed_column_with_the_nearest_name() -> None:
    refused = refusal(SAMPLE.replace(b"account_no", b"acount_no").replace(b"district_code", b"kode"))
    assert [(fault.code, fault.column, fault.facts.get("found")) for fault in refused.faults] == [
        ("misnamed_column", "account_no", "acount_no"),
        ("missing_column", "district_code", None),
    ]


@pytest.mark.parametrize("form", [csv, workbook])
@pytest.mark.parametrize(("layout", "given"), [*permutations((FAMILIES, MEMBERS, PAYMENTS, RESULTS, VERDICTS), 2)])
def test_a_file_in_the_place_of_another_is_said_to_be_that_one(
    form: Callable[..., bytes], layout: Layout, given: Layout
) -> None:
    """Its cells are not looked at: each would be a fault."""
    told = refusal(form(given, tuple("x" for _ in given.names)), layout).faults
    assert told[0].code == f"looks_like_{given.name}"
    assert {fault.code for fault in told[1:]} <= {"missing_column", "misnamed_column"}


@pytest.mark.parametrize("form", [csv, workbook])
@pytest.mark.parametrize(
    ("lacking", "more"),
    [
        ("nik", [("account_missing", 3, "account_no"), ("duplicate_key", 3, "payment_id")]),
        ("payment_id", [("account_missing", 3, "account_no")]),
        ("channel", [("duplicate_key", 3, "payment_id")]),
    ],
)
def test_a_missing_column_hides_no_fault_of_the_others(
    form: Callable[..., bytes], lacking: str, more: list[tuple[str, int, str]]
) -> None:
    """Nor does it make one of what nobody can judge without it."""
    present = replace(PAYMENTS, fields=tuple(field for field in PAYMENTS.fields if field.name != lacking))
    listed = [payment(amount="1.25"), payment(account_no="")]
    data = form(present, *(_without(lacking, row) for row in listed))
    told = [("missing_column", 1, lacking), ("amount_unreadable", 2, "amount"), *more]
    assert sorted(codes(refusal(data))) == sorted(told)
    assert refusal(data).fault_count == len(told)
    assert len(refusal(data, limits=replace(LIMITS, faults=1)).faults) == 1


def _without(column: str, row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(cell for name, cell in zip(PAYMENTS.names, row, strict=True) if name != column)


def test_it_refuses_look_alike_letters_in_a_header_by_their_names() -> None:
    fault = refusal(SAMPLE.replace(b"amount", "am\u03bfunt".encode())).faults[0]
    assert (fault.code, fault.column) == ("foreign_letters", "amount")
    assert "GREEK SMALL LETTER OMICRON" in str(fault.facts["letters"])


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("payment_id", "", "cell_empty"),
        ("payment_id", "6.37101E+15", "identifier_damaged"),
        ("payment_id", "=HYPERLINK(A1)", "formula"),
        ("family_id", "@SUM(A1)", "formula"),
        ("account_no", "+cmd|A1", "formula"),
        ("stage", "2024-T2", "stage_unreadable"),
        ("stage", "0000-1", "stage_unreadable"),
        ("stage", "9999-4", "stage_unreadable"),
        ("nik", "", "cell_empty"),
        ("nik", "637101410180000", "nik_damaged"),
        ("nik", "６３７１０１４１０１８００００１", "nik_damaged"),
        ("nik", "6.37101E+15", "nik_damaged"),
        ("channel", "BCA", "not_a_choice"),
        ("account_no", "", "account_missing"),
        ("account_no", "1,23457E+14", "account_damaged"),
        ("district_code", "6371", "district_unreadable"),
        ("amount", "", "cell_empty"),
        ("amount", "0", "amount_not_positive"),
        ("amount", "-225000", "amount_unreadable"),
        ("amount", "1000000000000000000", "amount_unreadable"),
        ("amount", "225000.5", "amount_unreadable"),
        ("amount", "2.25E5", "amount_unreadable"),
        ("amount", "٢٢٥٠٠٠", "amount_unreadable"),
    ],
)
def test_it_refuses_a_payment_by_row_and_column(column: str, cell: str, code: str) -> None:
    cell = f'"{cell}"' if "," in cell else cell
    data = csv(PAYMENTS, PAYMENT, payment(payment_id="2024-2-F2"))
    data += ",".join(payment(**{"payment_id": "2024-2-F3", column: cell})).encode() + b"\n"
    assert codes(refusal(data)) == [(code, 4, column)]


def test_it_refuses_an_account_for_the_post() -> None:
    assert codes(refusal(csv(PAYMENTS, payment(channel="POS")))) == [("account_not_expected", 2, "account_no")]
    assert convert(csv(PAYMENTS, payment(channel="POS", account_no=""))).rows == 1


def test_a_channel_nobody_knows_is_one_fault() -> None:
    assert codes(refusal(csv(PAYMENTS, payment(channel="BCA", account_no="")))) == [("not_a_choice", 2, "channel")]


def test_it_refuses_repeated_payments_and_names_the_first() -> None:
    refused = refusal(csv(PAYMENTS, PAYMENT, payment(payment_id="2024-2-F2"), PAYMENT, PAYMENT))
    assert [(fault.row, fault.facts["first_row"]) for fault in refused.faults] == [(4, 2), (5, 2)]
    assert refused.fault_count == 2


def test_it_lists_the_first_hundred_faults_and_counts_them_all() -> None:
    many = [payment(payment_id=f"P{number}", nik="1", amount="x") for number in range(150)]
    refused = refusal(csv(PAYMENTS, *many))
    assert (len(refused.faults), refused.fault_count) == (100, 300)
    assert [fault.row for fault in refused.faults] == [2 + number // 2 for number in range(100)]


def test_no_fault_shows_a_full_nik_or_account() -> None:
    refused = refusal(csv(PAYMENTS, payment(nik="63710141018000012"), payment(account_no="001234567890123E+1")))
    shown = " ".join(str(value) for fault in refused.faults for value in fault.facts.values())
    assert "637101" not in shown and "00123456" not in shown and "0012" in shown


def test_a_result_row_is_never_dropped() -> None:
    bad = [
        ("R2", "BRI", "P", "", "637101", "", "CREDIT", "1,250", "30/02/2024", ""),
        ("R3", "BRI", "P", "1,2E+10", "", "", "CREDIT", "-5", "0202-05-17", ""),
        ("R4", "BRI", "P", "", "", "", "FAILURE", "", "17-05-2024", "F04"),
        ("R5", "BRI"),
    ]
    quoted = [tuple(f'"{cell}"' if "," in cell else cell for cell in row) for row in bad]
    taken = convert(csv(RESULTS, RESULT, *quoted), RESULTS)
    assert [row["damage"] for row in rows(taken)] == [
        "",
        "amount_unreadable,date_unreadable,nik_damaged",
        "account_damaged,amount_unreadable",
        "",
        "date_unreadable,too_few_cells",
    ]
    assert (taken.rows, taken.total_rupiah) == (5, 225_000)
    assert [row["amount"] for row in rows(taken)] == [225_000, None, None, None, None]


def test_families_members_and_verdicts_are_read_as_the_contract_says() -> None:
    family = ("F1", "M1", "63.71.01.1001", "ACTIVE", "POS", "")
    member = ("F1", "M1", "", "SITI", "17/05/1990", "F", "", "1", "false", "TRUE", "")
    assert rows(convert(csv(FAMILIES, family), FAMILIES))[0]["village_code"] == "63.71.01.1001"
    read = rows(convert(csv(MEMBERS, member), MEMBERS))[0]
    assert (str(read["birth_date"]), read["pregnancy_no"], read["rights_victim"]) == ("1990-05-17", 1, True)
    assert read["deceased_on"] is None and read["nik"] == ""
    assert convert(csv(VERDICTS, ("M1", "HEALTH", "MET"), ("M1", "EDUCATION", "NOT_MET")), VERDICTS).rows == 2


def test_it_refuses_members_that_cannot_be() -> None:
    member = ("F1", "M1", "123", "SITI", "30/02/1990", "P", "SMK", "0", "ya", "", "soon")
    assert codes(refusal(csv(MEMBERS, member), MEMBERS)) == [
        ("nik_damaged", 2, "nik"),
        ("date_unreadable", 2, "birth_date"),
        ("not_a_choice", 2, "sex"),
        ("not_a_choice", 2, "school_level"),
        ("number_unreadable", 2, "pregnancy_no"),
        ("flag_unreadable", 2, "severe_disability"),
        ("cell_empty", 2, "rights_victim"),
        ("date_unreadable", 2, "deceased_on"),
    ]


def test_a_fault_far_below_the_first_rows_is_found() -> None:
    many = [payment(payment_id=f"P{number}") for number in range(120_000)]
    short = csv(PAYMENTS, *many, PAYMENT[:-1])
    assert codes(refusal(short)) == [("too_few_cells", 120_002, None), ("cell_empty", 120_002, "amount")]
    broken = csv(PAYMENTS, *many) + b"\xff,x\n"
    assert codes(refusal(broken))[0][1] == 120_002
