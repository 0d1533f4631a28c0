"""Bank messages that must not be believed, and those that must not be able to harm."""

import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.faults import FileRefused
from gandeng.files.iso20022_reader import rows_of_message
from gandeng.files.iso20022_rows import Notes, ResultRow
from gandeng.files.iso20022_xml import elements, forget, identify, local_name

GOLDEN = Path(__file__).parents[1] / "golden"
PAIN002 = (GOLDEN / "pain002_v03.xml").read_text(encoding="utf-8")
CAMT053 = (GOLDEN / "camt053_v02.xml").read_text(encoding="utf-8")
CAMT054 = (GOLDEN / "camt054_v08.xml").read_text(encoding="utf-8")


def rows(xml: str | bytes, notes: Notes | None = None) -> list[ResultRow]:
    content = xml.encode() if isinstance(xml, str) else xml
    return list(rows_of_message(io.BytesIO(content), Notes() if notes is None else notes))


def refusal(xml: str | bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        rows(xml)
    return refused.value.faults[0].code


def doctype(declarations: str, use: str = "") -> str:
    declared = PAIN002.replace("<Document", f"<!DOCTYPE Document [{declarations}]>\n<Document", 1)
    return declared.replace("AC04", use or "AC04")


def test_it_works() -> None:
    assert [row.event for row in rows(PAIN002)] == ["CREDIT", "FAILURE", "CREDIT", "FAILURE", "BLCK"]


@pytest.mark.parametrize(
    "xml",
    [
        PAIN002.replace("<Document", "<!DOCTYPE Document>\n<Document", 1),
        PAIN002.replace("<Document", '<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd">\n<Document', 1),
        doctype('<!ENTITY x "AC04">', "&x;"),
        doctype('<!ENTITY x SYSTEM "file:///etc/hostname">', "&x;"),
        doctype('<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;'),
        doctype("".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(1, 9)) + '<!ENTITY l1 "lol">', "&l9;"),
        doctype('<!ENTITY a "x"><!ATTLIST Document b CDATA "&a;">'),
        "<!DOCTYPE html><html/>",
    ],
    ids=["plain", "external", "entity", "file", "parameter", "laughs", "attribute", "html"],
)
def test_it_refuses_every_doctype(xml: str) -> None:
    assert refusal(xml) == "bankfiles.xml_doctype"
    assert refusal(xml.replace("UTF-8", "UTF-16").encode("utf-16")) == "bankfiles.xml_doctype"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ("", "xml_unreadable"),
        ("no xml", "xml_unreadable"),
        ("<a>" * 100_000, "xml_not_iso20022"),
        (PAIN002.replace("<GrpHdr>", "<x>" * 5_000 + "<GrpHdr>"), "xml_unreadable"),
        (PAIN002.replace("AC04", "&unknown;"), "xml_unreadable"),
        (PAIN002.replace("UTF-8", "X-KLINGON"), "xml_unreadable"),
        (PAIN002.replace("SITI AMINAH", "SITI \x00 AMINAH"), "xml_unreadable"),
        (PAIN002.encode() + b"<trailing/>", "xml_unreadable"),
        (PAIN002.replace("SITI", "SIT\xcf").encode("latin-1"), "xml_unreadable"),
        ("<Document/>", "xml_not_iso20022"),
        (PAIN002.replace("urn:iso:std:iso:20022:tech:xsd:pain.002.001.03", "urn:other"), "xml_not_iso20022"),
        (PAIN002.replace("pain.002.001.03", "pain.008.001.02"), "xml_other_message"),
        (PAIN002.replace("pain.002.001.03", "pain.002.001.99"), "xml_other_version"),
        (PAIN002.replace("pain.002.001.03", "camt.053.001.02"), "xml_without_body"),
        (PAIN002.replace("Document", "Dokument"), "xml_not_iso20022"),
        (PAIN002.replace("CstmrPmtStsRpt", "Other"), "xml_without_body"),
    ],
)
def test_it_refuses_what_is_no_bank_message(xml: str | bytes, code: str) -> None:
    assert refusal(xml) == f"bankfiles.{code}"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("<OrgnlNbOfTxs>6<", "<OrgnlNbOfTxs>5<", "control_lines"),
        ("<OrgnlNbOfTxs>6<", "<OrgnlNbOfTxs>six<", "control_unreadable"),
        ("<DtldNbOfTxs>2</DtldNbOfTxs><DtldSts>RJCT", "<DtldNbOfTxs>3</DtldNbOfTxs><DtldSts>RJCT", "control_status"),
        ("<TxSts>ACSC</TxSts>", "<TxSts>RJCT</TxSts>", "control_status"),
        ("<OrgnlCtrlSum>3925000<", "<OrgnlCtrlSum>1475000<", "control_total"),
        ("<OrgnlCtrlSum>3925000.00<", "<OrgnlCtrlSum>1000000<", "control_total"),
        ("<OrgnlCtrlSum>3925000<", "<OrgnlCtrlSum>-5<", "control_unreadable"),
    ],
)
def test_it_refuses_a_report_whose_totals_disagree(before: str, after: str, code: str) -> None:
    assert before in PAIN002
    assert refusal(PAIN002.replace(before, after)) == f"bankfiles.{code}"


def test_it_refuses_a_wrong_sum_of_a_complete_report() -> None:
    """Every line has an amount: then the sum must be the sum, not only below it."""
    bare = "<Cd>AC01</Cd></Rsn></StsRsnInf>\n        <OrgnlTxRef>"
    assert bare in PAIN002
    complete = PAIN002.replace(bare, f'{bare}<Amt><InstdAmt Ccy="IDR">1449949.50</InstdAmt></Amt>')
    assert len(rows(complete)) == 5
    assert refusal(complete.replace("1449949.50", "1449949.51")) == "bankfiles.control_total"
    assert refusal(complete.replace("1449949.50", "1449949.49")) == "bankfiles.control_total"


@pytest.mark.parametrize(
    ("xml", "before", "after", "code"),
    [
        (CAMT053, "<NbOfNtries>6<", "<NbOfNtries>7<", "control_entries"),
        (CAMT053, "<Sum>10225000<", "<Sum>10225001<", "control_entries"),
        (CAMT053, "<Btch><NbOfTxs>2<", "<Btch><NbOfTxs>3<", "control_lines"),
        (CAMT053, "8343500.00", "8343501.00", "control_balance"),
        (CAMT053, '<TxAmt><Amt Ccy="IDR">375000<', '<TxAmt><Amt Ccy="IDR">375001<', "control_total"),
        (CAMT054, '<Amt Ccy="IDR">600000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>\n            <Rlt',
                  '<Amt Ccy="IDR">60000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>\n            <Rlt', "control_total"),
        (CAMT054, "<Sum>1500000.00<", "<Sum>1500000.01<", "control_entries"),
    ],
)  # fmt: skip
def test_it_refuses_a_statement_whose_totals_disagree(xml: str, before: str, after: str, code: str) -> None:
    assert before in xml
    assert refusal(xml.replace(before, after)) == f"bankfiles.{code}"


def test_a_group_status_alone_moves_no_money() -> None:
    notes = Notes()
    start, end = PAIN002.index("<TxInfAndSts>"), PAIN002.rindex("</OrgnlPmtInfAndSts>")
    alone = PAIN002[:start] + PAIN002[end:].replace("PART", "ACSC")
    alone = alone.replace("<DtldNbOfTxs>2</DtldNbOfTxs><DtldSts>RJCT", "<DtldNbOfTxs>0</DtldNbOfTxs><DtldSts>RJCT")
    assert rows(alone, notes) == []
    assert {note.code for note in notes.all()} == {"bankfiles.group_status_only"}


def test_it_refuses_a_count_of_rejected_lines_that_names_none() -> None:
    start, end = PAIN002.index("<TxInfAndSts>"), PAIN002.rindex("</OrgnlPmtInfAndSts>")
    assert refusal(PAIN002[:start] + PAIN002[end:]) == "bankfiles.control_status"


def test_a_group_status_never_overrules_a_line() -> None:
    overruled = PAIN002.replace("<GrpSts>PART<", "<GrpSts>RJCT<").replace("<PmtInfSts>PART<", "<PmtInfSts>ACSC<")
    assert rows(overruled) == rows(PAIN002)


def test_a_line_without_status_is_kept_for_a_person() -> None:
    assert rows(PAIN002.replace("<TxSts>BLCK</TxSts>", ""))[-1].event == ""


@pytest.mark.parametrize(
    ("amount", "read"),
    [
        ('Ccy="IDR">750000<', ("750000", "")),
        ('Ccy="IDR">750000.<', ("750000", "")),
        ('Ccy="IDR">0750000.00000<', ("750000", "")),
        ('Ccy="IDR">750000.01<', ("", "amount_unreadable@amount")),
        ('Ccy="USD">750000<', ("", "amount_unreadable@amount")),
        ('>750000<', ("", "amount_unreadable@amount")),
        ('Ccy="IDR">-750000<', ("", "amount_unreadable@amount")),
        ('Ccy="IDR">750,000<', ("", "amount_unreadable@amount")),
        ('Ccy="IDR">7.5E5<', ("", "amount_unreadable@amount")),
        ('Ccy="IDR">1000000000000<', ("", "amount_unreadable@amount")),
        ('Ccy="IDR"><', ("", "")),
    ],
)  # fmt: skip
def test_amounts(amount: str, read: tuple[str, str]) -> None:
    xml = PAIN002.replace('Ccy="IDR">750000.00<', amount).replace("3925000", "9" * 16)
    if amount.startswith(">"):
        xml = xml.replace("<InstdAmt >", "<InstdAmt>")
    first = rows(xml)[0]
    assert (first.amount, first.damage) == read


@pytest.mark.parametrize(
    ("settled", "instructed", "status", "read"),
    [
        ("750000", "750000.00", "ACSC", ("750000", "")),
        ("745000", "750000.00", "ACSC", ("", "amount_unreadable@amount")),
        ("745000", "", "ACCC", ("745000", "")),
        ("745000", "750000.00", "RJCT", ("750000", "")),
    ],
)
def test_money_that_came_is_what_was_settled(settled: str, instructed: str, status: str, read: tuple[str, str]) -> None:
    amount = f'<Amt><InstdAmt Ccy="IDR">{instructed}</InstdAmt></Amt>'
    line = (
        f'<TxSts>{status}</TxSts><OrgnlTxRef><IntrBkSttlmAmt Ccy="IDR">{settled}</IntrBkSttlmAmt>{amount}</OrgnlTxRef>'
    )
    namespace = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
    (row,) = rows(
        f'<Document xmlns="{namespace}"><CstmrPmtStsRpt><OrgnlPmtInfAndSts><TxInfAndSts>{line}</TxInfAndSts>'
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    )
    assert (row.amount, row.damage.removesuffix("date_unreadable@occurred_on").removesuffix(",")) == read


def test_the_same_message_twice_gives_the_same_references() -> None:
    """A repeated MsgId is no fault of a file: told-again rows are the reconciliation's business."""
    again = PAIN002.replace("BRI-STS-0001", "BRI-STS-0002")
    assert [row.bank_reference for row in rows(again)] == [row.bank_reference for row in rows(PAIN002)]


def test_without_an_end_to_end_id_the_account_remains() -> None:
    first = rows(PAIN002.replace("<OrgnlEndToEndId>2024-2-F0001</OrgnlEndToEndId>", ""))[0]
    assert (first.payment_id, first.account_no) == ("", "000201000001501")


@pytest.mark.parametrize("xml", [PAIN002, CAMT053, CAMT054], ids=["pain002", "camt053", "camt054"])
def test_cut_at_every_byte_it_refuses(xml: str) -> None:
    content = xml.encode().rstrip()
    for end in range(len(content)):
        assert refusal(content[:end]).startswith("bankfiles.xml_"), end


def _mutated(content: bytes, changes: list[tuple[int, int]]) -> bytes:
    changed = bytearray(content)
    for place, byte in changes:
        changed[place % len(changed)] = byte
    return bytes(changed)


CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4)


@pytest.mark.parametrize("xml", [PAIN002, CAMT053, CAMT054], ids=["pain002", "camt053", "camt054"])
@settings(deadline=None, max_examples=100)
@given(changes=CHANGES)
def test_changed_bytes_give_rows_or_a_refusal(xml: str, changes: list[tuple[int, int]]) -> None:
    try:
        found = rows(_mutated(xml.encode(), changes))
    except FileRefused as refused:
        assert refused.faults[0].code.startswith("bankfiles.")
    else:
        assert all(row.row >= 1 for row in found)


def test_the_tree_holds_no_more_than_one_read_block() -> None:
    before, line, _ = PAIN002.partition("<TxInfAndSts>")
    line = f"<TxInfAndSts>{PAIN002.split('<TxInfAndSts>')[1]}"
    after = PAIN002[PAIN002.rindex("</OrgnlPmtInfAndSts>") :]
    stream = io.BytesIO(f"{before}{line * 2_000}{after}".encode())
    for event, element in elements(stream, identify(stream), ("TxInfAndSts",)):
        if event == "end" and local_name(element) == "TxInfAndSts":
            parent = element.getparent()
            assert parent is not None
            assert len(parent) < 100
            forget(element)


def test_one_event_told_in_two_reports_bears_one_reference() -> None:
    """The number of a line is the report's own; what the bank booked bears the bank's reference and its own day."""
    later = re.sub(r"<CreDtTm>[0-9-]+", "<CreDtTm>2024-06-30", PAIN002).replace("<StsId>S", "<StsId>T")
    first, again = rows(PAIN002), rows(later)
    assert later != PAIN002 and first[0] == again[0]
    assert [row.bank_reference for row in first] == ["BRI-A1", "", "", "", ""]
    assert {row.occurred_on for row in again[1:]} == {"2024-06-30"}, "without a day of its own a line has the report's"
