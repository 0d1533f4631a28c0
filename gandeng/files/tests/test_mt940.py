"""MT940: rows where the balances hold, a refusal with words everywhere else."""

import io
import logging
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.faults import FileRefused
from gandeng.files.iso20022_rows import Notes, ResultRow
from gandeng.files.layouts import PAYMENTS, RESULTS
from gandeng.files.mt940_reader import read
from gandeng.files.mt940_rows import rows_of_mt940
from gandeng.files.readers import Reading, recognise

GOLDEN = Path(__file__).parents[1] / "golden" / "statement.mt940"
STATEMENT = GOLDEN.read_text(encoding="ascii")
BARE = STATEMENT[STATEMENT.index(":20:") : STATEMENT.index("-}")]


def rows(text: str | bytes) -> list[ResultRow]:
    content = text.encode() if isinstance(text, str) else text
    return list(rows_of_mt940(io.BytesIO(content), Notes()))


def refusal(text: str | bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        rows(text)
    return refused.value.faults[0].code


def test_it_works() -> None:
    assert [(row.event, row.amount) for row in rows(STATEMENT)] == [
        ("CREDIT", "750000"),
        ("CREDIT", "375000"),
        ("REVERSAL", "375000"),
        ("CREDIT", "225000"),
    ]


def test_a_bare_statement_takes_its_bank_from_the_account() -> None:
    assert rows(BARE) == rows(STATEMENT)
    assert {row.channel for row in rows(BARE.replace("BTANIDJA/", ""))} == {""}


def test_two_statements_in_one_file_are_numbered_through() -> None:
    twice = rows(STATEMENT + STATEMENT.replace("BTANIDJA", "BRINIDJA"))
    assert [row.row for row in twice] == [1, 2, 3, 6, 7, 8, 9, 12]
    assert [row.channel for row in twice] == ["BTN"] * 4 + ["BRI"] * 4


def line(told: str, reference: str = "2024-2-F0401//BTN0001", after: str = "") -> ResultRow:
    """The one line of a statement, with what field 86 tells of it and what stands behind the closing balance."""
    (row,) = rows(
        f":20:X\n:25:BTANIDJA/1\n:60F:C240516IDR10000000,\n:61:2405170517D750000,NTRF{reference}\n"
        f":86:{told}\n:62F:C240521IDR9250000,\n{after}-"
    )
    return row


def test_what_is_told_of_the_whole_statement_is_no_lines() -> None:
    told = line("/EREF/2024-2-F0401/ACCT/111", after=":64:C240521IDR9250000,\n:86:/EREF/2024-2-F9999/ACCT/777\n")
    assert (told.payment_id, told.account_no) == ("2024-2-F0401", "111")


def test_of_a_code_told_twice_the_first_counts() -> None:
    told = line("/EREF/2024-2-F0401/ACCT/111/REMI/PKH /EREF/2024-2-F9999/ACCT/777/")
    assert (told.payment_id, told.account_no) == ("2024-2-F0401", "111")


def test_a_line_broken_before_a_hyphen_goes_on() -> None:
    told = line("/EREF/2024-2\n-F0401/ACCT/111")
    assert (told.payment_id, told.account_no) == ("2024-2-F0401", "111")


def test_a_code_nobody_reads_ends_what_stands_before_it() -> None:
    told = line("/EREF/2024-2-F0401/TRTP/OVERBOOKING/ACCT/111/NAME/NOR LAILA/BENM/BTN")
    assert (told.payment_id, told.account_no, told.name) == ("2024-2-F0401", "111", "NOR LAILA")


@pytest.mark.parametrize("more", ["", "\nOVERBOOKING"])
def test_a_long_reference_is_read_whole(more: str) -> None:
    told = line("PKH", reference=f"2024-2-K630000028//BTN-2024-05-17-000000000001{more}")
    assert (told.payment_id, told.bank_reference) == ("2024-2-K630000028", "BTN-2024-05-17-000000000001")


def test_a_page_of_a_longer_statement_says_so_and_all_its_pages_do_not() -> None:
    first = BARE.replace(":62F:", ":62M:")
    last = BARE.replace(":60F:C240516IDR10000000", ":60M:C240521IDR9518500")
    last = last.replace(":62F:C240521IDR9518500", ":62F:C240521IDR9037000")
    for text, pages in ((first, 1), (last, 1), (first + last, 0), (BARE, 0)):
        notes = Notes()
        list(rows_of_mt940(io.BytesIO(text.encode()), notes))
        assert [note.code for note in notes.all()].count("bankfiles.not_the_last_page") == pages


def test_30_february_is_damage_and_never_moved() -> None:
    assert (rows(STATEMENT)[-1].occurred_on, rows(STATEMENT)[-1].damage) == ("", "date_unreadable@occurred_on")


def test_a_fraction_or_another_currency_is_damage() -> None:
    cents = BARE.replace("D750000,", "D750000,25").replace("9518500,", "9518499,75")
    assert rows(cents)[0].damage == "amount_unreadable@amount"
    assert rows(BARE.replace("IDR", "USD"))[0].damage == "amount_unreadable@amount"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (":20:X", "mt940_without_balances"),
        ("", "mt940_unreadable"),
        ("garbage\n" + BARE, "mt940_unreadable"),
        (BARE.replace("9518500", "9518501"), "control_balance"),
        (BARE.replace("D750000,", "D750001,"), "control_balance"),
        (BARE.replace(":61:2405170517D750000", ":61:2405170517D7,5,0"), "mt940_unreadable"),
        (BARE.replace(":61:2405170517D750000", ":61:2405170517X750000"), "mt940_unreadable"),
        (BARE.replace("NTRF2024-2-F0401", ""), "mt940_unreadable"),
        (BARE.replace("C240521IDR", "C240521USD"), "mt940_without_balances"),
        (BARE.replace("C240521IDR", "C240231IDR"), "mt940_unreadable"),
        (BARE[: BARE.index(":62F:")], "mt940_without_balances"),
        (BARE.replace("2024-2-F0401", "\x002024-2-F0401", 1), "mt940_nul"),
    ],
)
def test_it_refuses(text: str, code: str) -> None:
    assert refusal(text) == f"bankfiles.{code}"


def test_it_refuses_a_file_beyond_the_limit() -> None:
    assert refusal(b":20:" + b"x" * (32 << 20)) == "bankfiles.mt940_too_long"


def test_what_cannot_be_read_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        refusal(BARE.replace(":61:2405170517D750000", ":61:2405170517X750000"))
    assert caplog.text == ""


def test_cut_at_every_byte_it_refuses_or_is_whole() -> None:
    whole = rows(STATEMENT)
    content = STATEMENT.encode()
    for end in range(len(content)):
        try:
            assert rows(content[:end]) == whole
        except FileRefused as refused:
            assert refused.faults[0].code.startswith("bankfiles."), end


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4))
def test_changed_bytes_give_rows_or_a_refusal(changes: list[tuple[int, int]]) -> None:
    content = bytearray(STATEMENT.encode())
    for place, byte in changes:
        content[place % len(content)] = byte
    try:
        found = rows(bytes(content))
    except FileRefused as refused:
        assert refused.faults[0].code.startswith("bankfiles.")
    else:
        assert all(row.row >= 1 for row in found)


def test_the_reader_gives_the_raw_result_table() -> None:
    notes: list[str] = []
    assert recognise(GOLDEN) == "mt940"
    (batch,) = read(Reading(GOLDEN, RESULTS, tell=lambda note: notes.append(note.code)))
    assert batch.column("payment_id").to_pylist()[0] == "2024-2-F0401"
    assert batch.column("row").to_pylist() == [1, 2, 3, 6]
    assert notes == ["bankfiles.charges", "bankfiles.other_credits"]


def test_it_refuses_to_be_a_payment_list() -> None:
    with pytest.raises(FileRefused) as refused:
        list(read(Reading(GOLDEN, PAYMENTS, source="koran.txt")))
    assert (refused.value.source, refused.value.faults[0].code) == ("koran.txt", "bankfiles.only_results")
