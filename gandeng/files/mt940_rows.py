"""SWIFT MT940 customer statement: lines of the programme's own disbursing account as RESULT rows.

Money out (D, and RC which takes a credit back) went to a family: CREDIT. Money in (C, RD) that names one of our
references or says that it is a return was taken back: REVERSAL. Reasons: docs/bank-files.md.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

from gandeng.files.iso20022_rows import (
    DAY_DAMAGE,
    REASON_CHARACTERS_MAX,
    Notes,
    ResultRow,
    damages,
    reference,
    rupiah_text,
)
from gandeng.files.mt940_statements import DAY_UNREADABLE, Statement, statements

OUT: Final = frozenset({"D", "RC"})
BACK: Final = frozenset({"C", "RD"})
CHARGES: Final = frozenset({"NCHG", "NINT", "NCOM"})
RETURNS: Final = frozenset({"NRTI"})

_CODED = re.compile(
    r"/(EREF|ACCT|NAME|NIK|RTRN|REMI"
    r"|ADDR|BENM|BUSP|CHGS|CNTP|COAM|CSID|EXCH|INFO|IREF|ISDT|KREF"
    r"|MARF|OCMT|ORDP|PREF|PURP|SVWZ|TRCD|TRTP|ULTB|ULTD)/"
)
"""Codes of field 86: those that are read, and others that banks write between them, which end what stands before."""
_NIK = re.compile(r"[0-9]{16}")


def rows_of_mt940(stream: IO[bytes], notes: Notes | None = None) -> Iterator[ResultRow]:
    """One row per line of a family, in the order of the file; FileRefused where balances disagree."""
    notes = Notes() if notes is None else notes
    number = 0
    ends: Counter[str] = Counter()
    for statement in statements(stream):
        ends.update(statement.goes_on)
        ends.subtract(statement.went_before)
        for line in statement.lines:
            number += 1
            row = _row(line, statement, number, notes)
            if row is not None:
                yield row
    if any(ends.values()):
        notes.tell("not_the_last_page")


def _row(line: Mapping[str, Any], statement: Statement, number: int, notes: Notes) -> ResultRow | None:
    told = _told(line)
    payment_id = _payment_id(line, told)
    amount, damage = rupiah_text(str(abs(line["amount"].amount)), statement.currency)
    event = _event(line, payment_id, amount, notes)
    if event is None:
        return None
    lost_day = DAY_UNREADABLE in line
    return ResultRow(
        row=number,
        event=event,
        channel=statement.channel,
        bank_reference=reference(_one_line(line.get("bank_reference"))),
        payment_id=payment_id,
        account_no=told.get("ACCT", "") or _one_line(line.get("applicant_iban")),
        nik=told.get("NIK", "") if _NIK.fullmatch(told.get("NIK", "")) else "",
        name=told.get("NAME", "") or _one_line(line.get("applicant_name")),
        amount=amount,
        occurred_on="" if lost_day else line["date"].isoformat(),
        reason=_reason(line, told) if event == "REVERSAL" else "",
        damage=damages(damage, DAY_DAMAGE if lost_day else ""),
    )


def _event(line: Mapping[str, Any], payment_id: str, amount: str, notes: Notes) -> str | None:
    mark, kind = str(line.get("status") or "").upper(), str(line.get("id") or "").upper()
    if mark in OUT:
        if kind in CHARGES and not payment_id:
            notes.pass_over("charges", amount)
            return None
        return "CREDIT"
    if mark == "C" and kind not in RETURNS and not payment_id:
        notes.pass_over("other_credits", amount)
        return None
    return "REVERSAL" if mark in BACK else mark


def _told(line: Mapping[str, Any]) -> dict[str, str]:
    """The `/EREF/...` codes of field 86; its line breaks fall anywhere, so they are taken out first.

    Of a code that occurs twice the first counts: what comes later may be somebody's free text.
    """
    details = str(line.get("transaction_details") or "").replace("\r", "").replace("\n", "")
    _, *pieces = _CODED.split(details)
    told: dict[str, str] = {}
    for code, value in zip(pieces[::2], pieces[1::2], strict=True):
        told.setdefault(code, value.strip().strip("/"))
    return told


def _payment_id(line: Mapping[str, Any], told: Mapping[str, str]) -> str:
    """From field 86 (`/EREF/` or the `EREF+` of the structured form), else the customer reference of field 61."""
    places = (told.get("EREF"), line.get("end_to_end_reference"), line.get("customer_reference"))
    return next((found for place in places if (found := reference(_one_line(place)))), "")


def _reason(line: Mapping[str, Any], told: Mapping[str, str]) -> str:
    words = (told.get("RTRN"), line.get("return_debit_notes"), told.get("REMI"), line.get("extra_details"))
    return " ".join(word for one in words if (word := _one_line(one)))[:REASON_CHARACTERS_MAX]


def _one_line(value: object) -> str:
    return " ".join(str(value or "").split())
