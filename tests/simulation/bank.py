"""A naive bank: what it says of payments, in the layout of the contract. Knows nothing of the product."""

import csv
import io
from dataclasses import dataclass, replace
from datetime import date

from tests.engines import reconciliation_oracle as contract

COLUMNS = (
    "bank_reference", "channel", "payment_id", "account_no", "nik", "name", "event", "amount", "occurred_on", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """A payment as the bank knows it."""

    payment_id: str
    village: str
    channel: str
    amount: int
    nik: str
    account_no: str
    name: str
    family: str
    """Its number."""
    original: str = ""
    """The payment whose money it sends again."""

    @property
    def district(self):
        return self.village[:4]


@dataclass(frozen=True)
class Row:
    """One event of a file, as text."""

    bank_reference: str
    channel: str
    payment_id: str
    account_no: str
    nik: str
    name: str
    event: str
    amount: str
    occurred_on: str
    reason: str

    def but(self, **changed):
        return replace(self, **changed)


def tell(fact, event="CREDIT", amount=None, *, reference="", day="2024-05-17", reason=""):
    """A true row about a payment; FAILURE needs no amount."""
    wanted = ("" if event == "FAILURE" else fact.amount) if amount is None else amount
    return Row(
        reference or f"{event[:2]}-{fact.payment_id}", fact.channel, fact.payment_id, fact.account_no, fact.nik,
        fact.name, event, str(wanted), day, reason,
    )  # fmt: skip


def content(rows):
    """The file, as bytes."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([getattr(row, name) for name in COLUMNS] for row in rows)
    return text.getvalue().encode()


def total(rows):
    """What somebody who adds up the column of amounts types."""
    return sum(int(row.amount) for row in rows if row.amount)


def read(row):
    """The row as the contract reads it; leading zeros of an account do not count on the site."""
    return contract.Row(
        row.bank_reference, row.channel, row.payment_id, row.account_no.lstrip("0"), row.nik, row.name, row.event,
        int(row.amount) if row.amount else None, date.fromisoformat(row.occurred_on), row.reason,
    )  # fmt: skip


def listed(fact):
    """The payment as the contract's list has it."""
    return contract.Payment(
        fact.payment_id, "2024-2", fact.payment_id, fact.nik, fact.name, fact.channel, fact.account_no.lstrip("0"),
        fact.district, fact.amount,
    )  # fmt: skip
