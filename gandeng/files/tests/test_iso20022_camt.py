"""Statements of the disbursing account: which entries are events of a family, and what identifies each."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.faults import FileRefused
from gandeng.core.money import parse_rupiah
from gandeng.files import profiles
from gandeng.files.intake import explain_note
from gandeng.files.iso20022_camt import rows_of_camt
from gandeng.files.iso20022_reader import read
from gandeng.files.iso20022_rows import Notes, ResultRow
from gandeng.files.layouts import RESULTS
from gandeng.files.readers import Reading
from gandeng.files.tests.tables import convert
from gandeng.files.tests.tables import rows as taken_rows

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
FAMILY = "<RltdPties><CdtrAcct><Id><Othr><Id>111</Id></Othr></Id></CdtrAcct></RltdPties>"
OURS = "<Refs><EndToEndId>2024-2-F1</EndToEndId></Refs>"


def notification(entries: str, servicer: str = "BNINIDJA") -> str:
    return (
        f'<Document xmlns="{NAMESPACE}"><BkToCstmrDbtCdtNtfctn><Ntfctn><Acct><Id><Othr><Id>99</Id></Othr></Id><Svcr>'
        f"<FinInstnId><BICFI>{servicer}</BICFI></FinInstnId></Svcr></Acct>{entries}</Ntfctn></BkToCstmrDbtCdtNtfctn>"
        "</Document>"
    )


def entry(direction: str, details: str = "", more: str = "", status: str = "BOOK", amount: str = "500") -> str:
    return (
        f'<Ntry><Amt Ccy="IDR">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{more}<Sts><Cd>{status}</Cd></Sts>'
        f"<BookgDt><Dt>2024-05-17</Dt></BookgDt><AcctSvcrRef>E1</AcctSvcrRef>{details}</Ntry>"
    )


def one(content: str) -> str:
    return f"<NtryDtls><TxDtls>{content}</TxDtls></NtryDtls>"


def rows(entries: str, notes: Notes | None = None) -> list[ResultRow]:
    return list(rows_of_camt(io.BytesIO(notification(entries).encode()), notes))


def test_it_works() -> None:
    (row,) = rows(entry("DBIT", one(OURS + FAMILY)))
    assert (row.event, row.channel, row.payment_id, row.account_no) == ("CREDIT", "BNI", "2024-2-F1", "111")
    assert (row.amount, row.occurred_on, row.bank_reference) == ("500", "2024-05-17", "E1")


@pytest.mark.parametrize(
    ("entries", "events"),
    [
        (entry("DBIT"), ["CREDIT"]),
        (entry("DBIT", one(OURS), more="<RvslInd>true</RvslInd>"), ["CREDIT"]),
        (entry("CRDT", one(OURS)), ["REVERSAL"]),
        (entry("CRDT", one("<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")), ["REVERSAL"]),
        (entry("CRDT", more="<RvslInd>1</RvslInd>"), ["REVERSAL"]),
        (entry("CRDT", more="<RvslInd>false</RvslInd>"), []),
        (entry("CRDT"), []),
        (entry("DBIT", status="PDNG"), []),
        (entry("DBIT", status="INFO"), []),
        (entry("SIDE", one(OURS)), ["SIDE"]),
        (entry("", one(OURS)), [""]),
    ],
)
def test_which_entries_are_events(entries: str, events: list[str]) -> None:
    notes = Notes()
    assert [row.event for row in rows(entries, notes)] == events
    assert bool(notes.all()) == (events == [])


def test_charges_are_told_unless_they_bear_our_reference() -> None:
    code = "<BkTxCd><Domn><Fmly><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd>"
    assert rows(entry("DBIT", one(code + FAMILY))) == []
    assert [row.event for row in rows(entry("DBIT", one(OURS + code)))] == ["CREDIT"]


def test_what_gives_no_row_is_told_to_the_rupiah() -> None:
    code = "<BkTxCd><Domn><Fmly><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd>"
    between = f"<Chrgs><Amt>3</Amt></Chrgs>{one(f'{OURS}<Amt Ccy="IDR">500</Amt>')}"
    unsaid = f"<NtryDtls><TxDtls>{OURS}</TxDtls><TxDtls>{FAMILY}</TxDtls></NtryDtls>"
    notes = Notes()
    told = [
        entry("DBIT", code, amount="6500"),
        entry("DBIT", code, amount="500"),
        entry("CRDT", amount="9000000"),
        entry("DBIT", between, amount="503"),
        entry("DBIT", one(OURS), status="PDNG", amount="700"),
        entry("CRDT", unsaid, status="PDNG"),
    ]
    assert [row.amount for row in rows("".join(told), notes)] == ["500"]
    assert [(note.code.removeprefix("bankfiles."), *note.facts.values()) for note in notes.all()] == [
        ("charges", "", 2, "Rp7.000"),
        ("charges_between", "", 1, "Rp3"),
        ("not_booked", "CRDT", 2, "Rp0"),
        ("not_booked", "DBIT", 1, "Rp700"),
        ("other_credits", "", 1, "Rp9.000.000"),
        ("without_amount", 2),
    ]
    assert all(explain_note(note) for note in notes.all())


def test_a_message_without_an_event_says_so(tmp_path: Path) -> None:
    path, codes = tmp_path / "n.xml", list[str]()
    path.write_text(notification(""), encoding="utf-8")
    assert list(read(Reading(path, RESULTS, tell=lambda note: codes.append(note.code)))) == []
    assert codes == ["bankfiles.no_events"]


def test_in_a_batch_the_entrys_reference_is_nobodys() -> None:
    detail = '<TxDtls><Refs><AcctSvcrRef>{}</AcctSvcrRef></Refs><Amt Ccy="IDR">250</Amt></TxDtls>'
    batch = f"<NtryDtls>{detail.format('E1')}{detail.format('T2')}</NtryDtls>"
    assert [row.bank_reference for row in rows(entry("DBIT", batch))] == ["", "T2"]


def test_a_batch_over_several_blocks_is_one_entry() -> None:
    block = f'<NtryDtls><TxDtls>{OURS}<Amt Ccy="IDR">250</Amt></TxDtls></NtryDtls>'
    assert [(row.row, row.amount) for row in rows(entry("DBIT", block * 2))] == [(1, "250"), (2, "250")]


def test_a_batch_without_amounts_is_not_divided() -> None:
    batch = f"<NtryDtls><TxDtls>{OURS}</TxDtls><TxDtls>{FAMILY}</TxDtls></NtryDtls>"
    assert [row.amount for row in rows(entry("DBIT", batch))] == ["", ""]


def test_a_batch_without_details_stays_one_row_for_a_person() -> None:
    (row,) = rows(entry("DBIT", "<NtryDtls><Btch><NbOfTxs>400</NbOfTxs></Btch></NtryDtls>", amount="90000000"))
    assert (row.amount, row.payment_id, row.account_no, row.nik) == ("90000000", "", "", "")


@pytest.mark.parametrize(
    ("amount", "of_entry", "of_detail", "read"),
    [
        ("503", "<Rcrd><Amt>3</Amt></Rcrd>", "", True),
        ("503", "<Amt>3</Amt><CdtDbtInd>DBIT</CdtDbtInd>", "", True),
        ("503", "", "<TtlChrgsAndTaxAmt>3</TtlChrgsAndTaxAmt>", True),
        ("505", "<Rcrd><Amt>3</Amt></Rcrd>", "<Rcrd><Amt>2</Amt></Rcrd>", True),
        ("498", "<Rcrd><Amt>3</Amt></Rcrd><Rcrd><Amt>1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Rcrd>", "", True),
        ("503", "", "", False),
        ("50300", "<Rcrd><Amt>3</Amt></Rcrd>", "", False),
    ],
)
def test_charges_explain_no_more_than_they_are(amount: str, of_entry: str, of_detail: str, read: bool) -> None:
    above, within = (f"<Chrgs>{told}</Chrgs>" if told else "" for told in (of_entry, of_detail))
    told = entry("DBIT", f"{above}{one(f'{OURS}<Amt Ccy="IDR">500</Amt>{within}')}", amount=amount)
    if read:
        assert [row.amount for row in rows(told)] == ["500"]
    else:
        with pytest.raises(FileRefused, match="control_total"):
            rows(told)


def test_a_transaction_in_another_currency_leaves_the_sum_of_its_entry_open() -> None:
    (row,) = rows(entry("DBIT", one(f'{OURS}<Amt Ccy="USD">10</Amt>'), amount="160000"))
    assert (row.amount, row.damage) == ("", "amount_unreadable@amount")


@pytest.mark.parametrize("chance", ["", f"<!--{'x' * 70_000}-->"])
def test_the_reason_does_not_depend_on_how_much_of_the_file_was_parsed(chance: str) -> None:
    (row,) = rows(entry("CRDT", one(OURS) + chance + "<AddtlNtryInf>AC04 Rekening tutup</AddtlNtryInf>"))
    assert row.reason == "AC04 Rekening tutup"


def balance(code: str, amount: int, currency: str = "IDR") -> str:
    return f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt></Bal>'


@pytest.mark.parametrize(
    ("head", "codes"),
    [
        (balance("OPBD", 1_000) + balance("CLBD", 500), []),
        ("<StmtPgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></StmtPgntn>"
         + balance("OPBD", 1_000) + balance("ITBD", 9) + balance("CLBD", 500), []),
        (balance("OPBD", 1_000) + balance("ITBD", 9) + balance("CLBD", 9), ["bankfiles.balance_unproved"]),
        (balance("OPBD", 1_000) + balance("CLBD", 9) + balance("CLBD", 9, "USD"), ["bankfiles.balance_unproved"]),
        ("", ["bankfiles.balance_unproved"]),
    ],
)  # fmt: skip
def test_balances_that_prove_nothing_are_told(head: str, codes: list[str]) -> None:
    notes, told = Notes(), notification(head + entry("DBIT", one(OURS))).replace("camt.054", "camt.053")
    statement = told.replace("BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt").replace("Ntfctn>", "Stmt>")
    assert len(list(rows_of_camt(io.BytesIO(statement.encode()), notes))) == 1
    assert [note.code for note in notes.all()] == codes


CHARGE = "<BkTxCd><Domn><Fmly><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd>"
ENTRIES = {
    "bare": "",
    "ours": one(OURS),
    "family's": one(f'{FAMILY}<Amt Ccy="IDR">{{amount}}</Amt>'),
    "charge": one(CHARGE),
    "batch": f"<NtryDtls>{f'<TxDtls>{OURS}<Amt Ccy="IDR">{{part}}</Amt></TxDtls>' * 2}</NtryDtls>",
    "charged": f"<Chrgs><Amt>7</Amt></Chrgs>{one(f'{OURS}<Amt Ccy="IDR">{{less}}</Amt>')}",
}


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(ENTRIES)),
            st.sampled_from(["DBIT", "CRDT"]),
            st.sampled_from(["BOOK", "BOOK", "PDNG"]),
            st.booleans(),
            st.integers(10, 10**9).map(lambda half: 2 * half),
        ),
        max_size=6,
    )
)
def test_opening_balance_rows_and_notes_add_up_to_the_closing_balance(
    drawn: list[tuple[str, str, str, bool, int]],
) -> None:
    entries, closing = "", 10**12
    for kind, way, status, reverses, amount in drawn:
        direction = "DBIT" if kind == "charged" else way
        details = ENTRIES[kind].format(amount=amount, part=amount // 2, less=amount - 7)
        more = "<RvslInd>true</RvslInd>" if reverses else ""
        entries += entry(direction, details, more, status, str(amount))
        if status == "BOOK":
            closing += amount if direction == "CRDT" else -amount
    notes, told = Notes(), notification(balance("OPBD", 10**12) + balance("CLBD", closing) + entries)
    statement = told.replace("camt.054", "camt.053").replace("BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt")
    found = list(rows_of_camt(io.BytesIO(statement.replace("Ntfctn>", "Stmt>").encode()), notes))
    signs = {"CREDIT": -1, "REVERSAL": 1, "charges": -1, "charges_between": -1, "other_credits": 1, "not_booked": 0}
    moved = [(row.event, row.amount) for row in found]
    moved += [(note.code.removeprefix("bankfiles."), str(note.facts["rupiah"])) for note in notes.all()]
    assert 10**12 + sum(signs[what] * parse_rupiah(amount) for what, amount in moved) == closing


def test_our_own_account_is_never_the_familys() -> None:
    own = "<RltdPties><CdtrAcct><Id><Othr><Id>99</Id></Othr></Id></CdtrAcct></RltdPties>"
    (row,) = rows(entry("CRDT", one(OURS + own)))
    assert row.account_no == ""


def test_a_bank_we_do_not_know_takes_the_profiles_channel(tmp_path: Path) -> None:
    path = tmp_path / "n.xml"
    path.write_text(notification(entry("DBIT", one(OURS)), servicer="DEUTDEFF"), encoding="utf-8")
    (plain,) = read(Reading(path, RESULTS))
    (profiled,) = read(Reading(path, RESULTS, profile=profiles.load("BSI")))
    assert plain.column("channel").to_pylist() == [""]
    assert profiled.column("channel").to_pylist() == ["BSI"]


def test_a_bank_that_is_named_is_not_the_profiles() -> None:
    told = notification(entry("DBIT", one(OURS)), servicer="BRINIDJA").encode()
    (row,) = taken_rows(convert(told, RESULTS, profiles.load("BSI")))
    assert row["channel"] == "BRI"
