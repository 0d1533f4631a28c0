"""ISO 20022 answers as a bank would send them: pain.002 status reports and camt.054 notifications."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from lxml import etree

from gandeng.files.iso20022_rows import CURRENCY, agent_of

_PAIN002 = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
_CAMT054 = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
_MADE = "2024-01-01T00:00:00+07:00"
"""The message's own moment; rows carry their days themselves."""

_STATUS = {"CREDIT": "ACSC", "FAILURE": "RJCT"}
_DIRECTION = {"CREDIT": "DBIT", "REVERSAL": "CRDT"}
_OWN_ACCOUNT = "1110000000001"
_NOT_PROVIDED = "NOTPROVIDED"

Row = dict[str, Any]


def write_pain002(rows: pa.Table, path: Path) -> None:
    """CREDIT and FAILURE rows as a CustomerPaymentStatusReport, one TxInfAndSts each."""
    with path.open("wb") as file, etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("Document", xmlns=_PAIN002), xml.element("CstmrPmtStsRpt"):
            channel = rows["channel"][0].as_py()
            agent = _parent("DbtrAgt", _parent("FinInstnId", _leaf("BICFI", agent_of(channel).bic)))
            xml.write(_parent("GrpHdr", _leaf("MsgId", f"{channel}-STS"), _leaf("CreDtTm", _MADE), agent))
            xml.write(
                _parent(
                    "OrgnlGrpInfAndSts", _leaf("OrgnlMsgId", _NOT_PROVIDED), _leaf("OrgnlMsgNmId", "pain.001.001.09")
                )
            )
            with xml.element("OrgnlPmtInfAndSts"):
                xml.write(_leaf("OrgnlPmtInfId", _NOT_PROVIDED))
                for row in _rows(rows):
                    xml.write(_status(row))


def write_camt054(rows: pa.Table, path: Path) -> None:
    """CREDIT and REVERSAL rows as notifications of the programme's own account, one entry each."""
    with path.open("wb") as file, etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("Document", xmlns=_CAMT054), xml.element("BkToCstmrDbtCdtNtfctn"):
            channel = rows["channel"][0].as_py()
            servicer = _parent("Svcr", _parent("FinInstnId", _leaf("BICFI", agent_of(channel).bic)))
            xml.write(_parent("GrpHdr", _leaf("MsgId", f"{channel}-NTF"), _leaf("CreDtTm", _MADE)))
            with xml.element("Ntfctn"):
                xml.write(_leaf("Id", f"{channel}-1"))
                xml.write(_parent("Acct", _account(_OWN_ACCOUNT), servicer))
                for row in _rows(rows):
                    xml.write(_entry(row))


def _rows(rows: pa.Table) -> Iterator[Row]:
    for batch in rows.to_batches():
        yield from batch.to_pylist()


def _status(row: Row) -> etree._Element:
    line = _parent("TxInfAndSts")
    line.append(_leaf("OrgnlEndToEndId", row["payment_id"] or _NOT_PROVIDED))
    line.append(_leaf("TxSts", _STATUS[row["event"]]))
    if row["reason"]:
        line.append(_parent("StsRsnInf", _leaf("AddtlInf", row["reason"])))
    line.append(_parent("FctvIntrBkSttlmDt", _leaf("Dt", row["occurred_on"].isoformat())))
    if row["bank_reference"]:
        line.append(_leaf("AcctSvcrRef", row["bank_reference"]))
    original = _parent("OrgnlTxRef")
    if row["amount"] is not None:
        original.append(_parent("Amt", _amount("InstdAmt", row["amount"])))
    for part in _family(row):
        original.append(part)
    line.append(original)
    return line


def _entry(row: Row) -> etree._Element:
    direction = _DIRECTION[row["event"]]
    details = _parent("TxDtls", _references(row), _amount("Amt", row["amount"]), _leaf("CdtDbtInd", direction))
    details.append(_parent("RltdPties", *_family(row)))
    if row["reason"]:
        details.append(_parent("RtrInf", _leaf("AddtlInf", row["reason"])))
    entry = _parent(
        "Ntry",
        _amount("Amt", row["amount"]),
        _leaf("CdtDbtInd", direction),
        *([_leaf("RvslInd", "true")] if direction == "CRDT" else []),
        _parent("Sts", _leaf("Cd", "BOOK")),
        _parent("BookgDt", _leaf("Dt", row["occurred_on"].isoformat())),
    )
    entry.append(_parent("NtryDtls", details))
    return entry


def _references(row: Row) -> etree._Element:
    references = _parent("Refs")
    if row["bank_reference"]:
        references.append(_leaf("AcctSvcrRef", row["bank_reference"]))
    references.append(_leaf("EndToEndId", row["payment_id"] or _NOT_PROVIDED))
    return references


def _family(row: Row) -> list[etree._Element]:
    """The creditor, with name and NIK, and the account where the row has one."""
    party = _parent("Pty", _leaf("Nm", row["name"]))
    if row["nik"]:
        party.append(_parent("Id", _parent("PrvtId", _parent("Othr", _leaf("Id", row["nik"])))))
    parts = [_parent("Cdtr", party)]
    if row["account_no"]:
        parts.append(_parent("CdtrAcct", _account(row["account_no"])))
    return parts


def _account(number: str) -> etree._Element:
    return _parent("Id", _parent("Othr", _leaf("Id", number)))


def _amount(tag: str, amount: int) -> etree._Element:
    leaf = _leaf(tag, f"{amount}.00")
    leaf.set("Ccy", CURRENCY)
    return leaf


def _leaf(tag: str, text: str) -> etree._Element:
    leaf = etree.Element(tag)
    leaf.text = text
    return leaf


def _parent(tag: str, *children: etree._Element) -> etree._Element:
    parent = etree.Element(tag)
    parent.extend(children)
    return parent
