"""ISO 20022 pain.001.001.09 CustomerCreditTransferInitiation: the order to a channel as its systems take it.

One payment block per stage and district, counts and sums at both levels, the payment id as EndToEndId, so that every
answer of the bank finds its payment. Streams; the same order gives the same bytes.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from lxml import etree

from gandeng.core.channels import POST
from gandeng.files.instruction_layouts import Block, Order, Payment, TotalsDiffer, initiating_party
from gandeng.files.iso20022_rows import CURRENCY, agent_of

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
IDENTIFICATION_MAX: Final = 35
ACCOUNT_MAX: Final = 34
NAME_MAX: Final = 140
ACCOUNT_NOT_KNOWN: Final = "NOTPROVIDED"
PURPOSE: Final = "SSBE"
"""External purpose code for a social security benefit paid by a government."""

_NSMAP: Final[dict[Any, str]] = {None: NAMESPACE}
_NOT_XML = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")


def write_pain001(path: Path, order: Order, payments: Iterable[Payment]) -> None:
    """Write the message; `payments` come by stage and district. Raises TotalsDiffer."""
    blocks = {(block.stage, block.district_code): block for block in order.blocks}
    with path.open("wb") as file, etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        # the full digest; MsgId has room for the beginning of it only
        xml.write(etree.Comment(f" SHA-256 {order.digest} "))
        # names go out without a namespace of their own: they stand inside the default one of Document, and lxml
        # would otherwise repeat its declaration in each of millions of transactions
        with xml.element("Document", nsmap=_NSMAP), xml.element("CstmrCdtTrfInitn"):
            xml.write(_group_header(order))
            for key, group in groupby(payments, key=lambda payment: (payment.stage, payment.district_code)):
                _write_block(xml, order, blocks.pop(key), group)
    if blocks:
        raise TotalsDiffer(order.channel, (len(order.blocks), 0), (len(order.blocks) - len(blocks), 0))


def message_id(order: Order) -> str:
    """The same order, the same id: a bank that gets the file twice knows it."""
    return f"{order.channel}-{order.digest[:24]}"


def clean(text: str, most: int = NAME_MAX) -> str:
    """Text as XML and a bank's screen can carry it: control characters become spaces, runs of white space one."""
    return " ".join(_NOT_XML.sub(" ", text).split())[:most].rstrip()


def _write_block(xml: Any, order: Order, block: Block, payments: Iterator[Payment]) -> None:
    rows, total = 0, 0
    lines = {named: _Line(order, named=named) for named in (True, False)}
    with xml.element("PmtInf"):
        for element in _block_header(order, block):
            xml.write(element)
        for payment in payments:
            name = clean(payment.name)
            xml.write(lines[bool(name)].filled(payment, name))
            rows += 1
            total += payment.amount
    if (rows, total) != (block.rows, block.total):
        raise TotalsDiffer(order.channel, (block.rows, block.total), (rows, total))


def _group_header(order: Order) -> etree._Element:
    header = _element("GrpHdr")
    _add(header, "MsgId", message_id(order))
    _add(header, "CreDtTm", order.created.isoformat(timespec="seconds"))
    _add(header, "NbOfTxs", str(order.rows))
    _add(header, "CtrlSum", str(order.total))
    _add(_add(header, "InitgPty"), "Nm", initiating_party())
    return header


def _block_header(order: Order, block: Block) -> Iterator[etree._Element]:
    """The post pays cash at its counter: CHK is the method of the message that needs no account (bank-files.md)."""
    cash = order.channel == POST
    yield _element("PmtInfId", f"{block.stage}-{order.channel}-{block.district_code}-{order.digest[:8]}")
    yield _element("PmtMtd", "CHK" if cash else "TRF")
    yield _element("BtchBookg", "false")
    yield _element("NbOfTxs", str(block.rows))
    yield _element("CtrlSum", str(block.total))
    if cash:
        kind = _element("PmtTpInf")
        _add(_add(kind, "LclInstrm"), "Prtry", "TUNAI")
        yield kind
    date = _element("ReqdExctnDt")
    _add(date, "Dt", order.execute_on.isoformat())
    yield date
    debtor = _element("Dbtr")
    _add(debtor, "Nm", initiating_party())
    yield debtor
    account = _element("DbtrAcct")
    _add_account(account, order.debtor_account or ACCOUNT_NOT_KNOWN)
    _add(account, "Ccy", CURRENCY)
    yield account
    agent = _element("DbtrAgt")
    _add_agent(agent, order.channel)
    yield agent


class _Line:
    """A transaction's element, built once and filled anew for each payment: building takes five times as long."""

    def __init__(self, order: Order, *, named: bool) -> None:
        cash = order.channel == POST
        self.element = _element("CdtTrfTxInf")
        self.payment_id = _add(_add(self.element, "PmtId"), "EndToEndId")
        self.amount = _add(_add(self.element, "Amt"), "InstdAmt")
        self.amount.set("Ccy", CURRENCY)
        if not cash:
            _add_agent(_add(self.element, "CdtrAgt"), order.channel)
        creditor = _add(self.element, "Cdtr")
        self.name = _add(creditor, "Nm") if named else etree.Element("Nm")
        self.whom = _add_nik(creditor) if cash else _add_account(_add(self.element, "CdtrAcct"))
        self.whom_of = Payment._fields.index("nik" if cash else "account_no")
        _add(_add(self.element, "Purp"), "Cd", PURPOSE)
        self.words = _add(_add(self.element, "RmtInf"), "Ustrd")

    def filled(self, payment: Payment, name: str) -> etree._Element:
        """The element for this payment, until the next is filled in."""
        self.payment_id.text = payment.payment_id
        self.amount.text = str(payment.amount)
        self.name.text = name
        self.whom.text = str(payment[self.whom_of])
        self.words.text = f"PKH {payment.stage}"
        return self.element


def _add_account(account: etree._Element, number: str = "") -> etree._Element:
    return _add(_add(_add(account, "Id"), "Othr"), "Id", number)


def _add_nik(party: etree._Element) -> etree._Element:
    other = _add(_add(_add(party, "Id"), "PrvtId"), "Othr")
    nik = _add(other, "Id")
    _add(_add(other, "SchmeNm"), "Prtry", "NIK")
    return nik


def _add_agent(agent: etree._Element, channel: str) -> None:
    institution = _add(agent, "FinInstnId")
    known = agent_of(channel)
    if known.bic:
        _add(institution, "BICFI", known.bic)
    else:
        _add(institution, "Nm", known.name)


def _element(local: str, text: str | None = None) -> etree._Element:
    element = etree.Element(local)
    element.text = text
    element.tail = "\n"
    return element


def _add(parent: etree._Element, local: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, local)
    child.text = text
    return child
