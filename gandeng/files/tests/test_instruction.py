"""What a channel is sent: its totals, its ids, its bytes, and nothing a spreadsheet or a parser could take amiss."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

import pytest
import sepaxml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from gandeng.core.channels import CHANNELS
from gandeng.files.instruction_csv import guarded, write_csv
from gandeng.files.instruction_layouts import Block, Order, Payment, TotalsDiffer, layout_of
from gandeng.files.instruction_pain001 import NAMESPACE, clean, write_pain001
from gandeng.files.instruction_xlsx import write_workbooks

GOLDEN = Path(__file__).parents[1] / "golden"
SCHEMA = etree.XMLSchema(file=str(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"))
CREATED = datetime(2024, 5, 15, 1, 0, tzinfo=UTC)
PAYMENTS = [
    Payment(
        "2024-2-F0001", "2024-2", "F0001", "6371014107900001", "SITI AMINAH", "BRI", "000201000001501", "63.71", 750000
    ),
    Payment(
        "2024-2-F0002",
        "2024-2",
        "F0002",
        "6371014107900002",
        '=HYPERLINK("x")',
        "BRI",
        "000201000002502",
        "63.71",
        333333,
    ),
    Payment(
        "2024-2-F0003",
        "2024-2",
        "F0003",
        "6372014107900003",
        "NUR'AINI & <b>",
        "BRI",
        "000201000003503",
        "63.72",
        225000,
    ),
]


def order_of(payments: list[Payment]) -> Order:
    groups = groupby(payments, key=lambda one: (one.stage, one.district_code))
    blocks = []
    for (stage, district), group in groups:
        amounts = [one.amount for one in group]
        blocks.append(Block(stage, district, len(amounts), sum(amounts)))
    return Order(payments[0].channel, tuple(blocks), "ab" * 32, CREATED, date(2024, 5, 17), "0099000001")


def pain001(path: Path, payments: list[Payment]) -> etree._Element:
    """The message as a channel's systems would take it: valid by the schema ISO 20022 publishes."""
    write_pain001(path, order_of(payments), payments)
    message = etree.parse(path)
    SCHEMA.assertValid(message)
    return message.getroot()


def texts(root: etree._Element, path: str) -> list[str]:
    return [one.text or "" for one in root.iterfind("/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/")))]


@pytest.mark.parametrize("name", ["instruction.csv", "instruction.pain.001.xml"])
def test_it_works(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write = write_csv if name.endswith(".csv") else write_pain001
    write(path, order_of(PAYMENTS), PAYMENTS)
    assert path.read_bytes() == (GOLDEN / name).read_bytes()


def test_the_message_states_counts_and_sums_at_both_levels(tmp_path: Path) -> None:
    root = pain001(tmp_path / "p.xml", PAYMENTS)
    assert texts(root, "CstmrCdtTrfInitn/GrpHdr/NbOfTxs") == ["3"]
    assert texts(root, "CstmrCdtTrfInitn/GrpHdr/CtrlSum") == ["1308333"]
    assert texts(root, "CstmrCdtTrfInitn/PmtInf/NbOfTxs") == ["2", "1"]
    assert texts(root, "CstmrCdtTrfInitn/PmtInf/CtrlSum") == ["1083333", "225000"]


def test_the_post_pays_cash_against_the_identity_card(tmp_path: Path) -> None:
    cash = [one._replace(channel="POS", account_no="") for one in PAYMENTS]
    root = pain001(tmp_path / "p.xml", cash)
    assert texts(root, "CstmrCdtTrfInitn/PmtInf/PmtMtd") == ["CHK", "CHK"]
    line = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf"
    assert texts(root, f"{line}/Cdtr/Id/PrvtId/Othr/Id") == [one.nik for one in cash]
    assert texts(root, f"{line}/CdtrAcct/Id/Othr/Id") == []


def test_a_bank_is_not_told_the_nik(tmp_path: Path) -> None:
    folder = tmp_path
    write_csv(folder / "l.csv", order_of(PAYMENTS), PAYMENTS)
    pain001(folder / "p.xml", PAYMENTS)
    for written in folder.iterdir():
        assert PAYMENTS[0].nik not in written.read_text(encoding="utf-8")


NAMES = st.text(max_size=200)
IDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", min_size=1, max_size=35)
LISTS = st.lists(
    st.builds(
        Payment,
        payment_id=IDS,
        stage=st.sampled_from(["2024-1", "2024-2"]),
        family_id=IDS,
        nik=st.just("6371014107900001"),
        name=NAMES,
        channel=st.just("BSI"),
        account_no=st.text("0123456789", min_size=10, max_size=10),
        district_code=st.sampled_from(["63.01", "63.71", "91.71"]),
        amount=st.integers(1, 999_999_999_999),
    ),
    min_size=1,
    max_size=20,
).map(lambda payments: sorted(payments, key=lambda one: (one.stage, one.district_code, one.payment_id)))


@settings(deadline=None, max_examples=60)
@given(payments=LISTS)
def test_read_back_the_message_orders_the_same(
    payments: list[Payment], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = pain001(tmp_path_factory.mktemp("pain") / "p.xml", payments)
    line = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf"
    assert texts(root, f"{line}/PmtId/EndToEndId") == [one.payment_id for one in payments]
    assert texts(root, f"{line}/CdtrAcct/Id/Othr/Id") == [one.account_no for one in payments]
    amounts = [int(amount) for amount in texts(root, f"{line}/Amt/InstdAmt")]
    assert amounts == [one.amount for one in payments]
    assert texts(root, "CstmrCdtTrfInitn/GrpHdr/CtrlSum") == [str(sum(amounts))]
    assert sum(map(int, texts(root, "CstmrCdtTrfInitn/PmtInf/NbOfTxs"))) == len(payments)
    assert max(map(len, texts(root, "CstmrCdtTrfInitn/PmtInf/PmtInfId"))) <= 35


@settings(deadline=None, max_examples=100)
@given(NAMES)
def test_a_cleaned_name_can_stand_in_xml(name: str) -> None:
    cleaned = clean(name)
    element = etree.Element("Nm")
    element.text = cleaned
    assert etree.fromstring(etree.tostring(element)).text == (cleaned or None)
    assert len(cleaned) <= 140
    assert clean(cleaned) == cleaned


@settings(deadline=None, max_examples=60)
@given(payments=LISTS)
def test_read_back_the_csv_orders_the_same(payments: list[Payment], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("csv") / "l.csv"
    write_csv(path, order_of(payments), payments)
    layout = layout_of("BSI")
    header, *rows, trailer = csv.reader(io.StringIO(path.read_bytes().decode(), newline=""), delimiter=layout.delimiter)
    assert header == list(layout.columns)
    names = [row[header.index("NAMA_NASABAH")] for row in rows]
    assert [name.removeprefix("'") for name in names] == [one.name.removeprefix("'") for one in payments]
    assert trailer[:3] == [layout.trailer, str(len(payments)), str(sum(one.amount for one in payments))]


@pytest.mark.parametrize("sign", list("=+-@\t\r\n＝＋－＠"))
def test_no_cell_becomes_a_formula(sign: str) -> None:
    assert guarded(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"
    assert guarded(f"  {sign}1") == f"'  {sign}1"
    assert guarded("") == ""
    assert guarded("SITI") == "SITI"
    assert guarded(5) == 5


def test_the_workbook_holds_text_as_text_and_no_formula(tmp_path: Path) -> None:
    ((path, _),) = write_workbooks(tmp_path, "BRI", order_of(PAYMENTS), PAYMENTS, tmp_path)
    with zipfile.ZipFile(path) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        texts_of = "".join(book.read(name).decode() for name in book.namelist())
    assert len(sheets) == 2
    assert not any("<f>" in sheet for sheet in sheets)
    assert "000201000001501" in texts_of
    assert "1308333" in sheets[1]
    assert "ab" * 32 in texts_of


def test_a_long_order_becomes_a_workbook_per_district_and_further_sheets(tmp_path: Path) -> None:
    written = write_workbooks(tmp_path, "BRI-2024-2", order_of(PAYMENTS), PAYMENTS, tmp_path, most=1)
    assert [(path.name, part.rows, part.total) for path, part in written] == [
        ("BRI-2024-2-63.71.xlsx", 2, 1083333),
        ("BRI-2024-2-63.72.xlsx", 1, 225000),
    ]
    with zipfile.ZipFile(written[0][0]) as book:
        assert sum(name.startswith("xl/worksheets/sheet") for name in book.namelist()) == 3


def test_the_same_order_gives_the_same_bytes(tmp_path: Path) -> None:
    both = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        write_workbooks(folder, "BRI", order_of(PAYMENTS), PAYMENTS, folder)
        write_pain001(folder / "p.xml", order_of(PAYMENTS), PAYMENTS)
        both.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert both[0] == both[1]


@pytest.mark.parametrize("wrong", [PAYMENTS[:2], PAYMENTS[:1] + PAYMENTS[2:], [*PAYMENTS, PAYMENTS[2]]])
def test_it_refuses_to_write_other_than_ordered(wrong: list[Payment], tmp_path: Path) -> None:
    order = order_of(PAYMENTS)
    with pytest.raises(TotalsDiffer):
        write_csv(tmp_path / "l.csv", order, wrong)
    with pytest.raises(TotalsDiffer):
        write_pain001(tmp_path / "p.xml", order, wrong)
    with pytest.raises(TotalsDiffer):
        write_workbooks(tmp_path, "BRI", order, wrong, tmp_path)


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_has_a_layout(channel: str) -> None:
    ours = set(layout_of(channel).columns.values())
    assert ("nik" in ours, "account_no" in ours) == ((True, False) if channel == "POS" else (False, True))
