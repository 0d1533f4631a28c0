"""camt.053 BankToCustomerStatement and camt.054 BankToCustomerDebitCreditNotification, versions 02 to 13.

Read as statements of the programme's own disbursing account: money that leaves it went to a family (CREDIT), money
that comes back into it was taken back (REVERSAL). What is neither (charges, the treasury's funding, entries not booked
yet) gives no row and is told in a note with its count. Tables and reasons: docs/bank-files.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import IO, Final

from lxml import etree

from gandeng.files.iso20022_camt_totals import EntryTotals, StatementTotals
from gandeng.files.iso20022_rows import (
    REASON_CHARACTERS_MAX,
    Notes,
    ResultRow,
    account_of,
    agent_channel,
    amount_of,
    damages,
    day_text,
    name_of,
    nik_of,
    reference,
    rupiah_text,
)
from gandeng.files.iso20022_xml import (
    Values,
    elements,
    flat,
    forget,
    identify,
    local_name,
    node,
    nodes,
    own_text,
    text,
)

OUT: Final = "DBIT"
BACK: Final = "CRDT"
BOOKED: Final = "BOOK"
CHARGES: Final = frozenset({"CHRG", "COMM", "FEES", "INTR", "TAXE"})
"""Sub-families of the bank transaction code for what the bank itself takes: none of it goes to a family."""
RETURNS: Final = frozenset({"RRTN", "RPCR", "RCDD", "RIMB"})
"""Sub-families for money that comes back: payment return, cancellation, reimbursement."""

_TAGS = ("Stmt", "Ntfctn", "Ntry", "NtryDtls", "TxDtls")
_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")


def rows_of_camt(stream: IO[bytes], notes: Notes | None = None) -> Iterator[ResultRow]:
    """One row per transaction of a family, in the order of the file; FileRefused where totals disagree."""
    notes = Notes() if notes is None else notes
    reader = _Reader(notes)
    for event, element in elements(stream, identify(stream), _TAGS):
        kind = local_name(element)
        if kind in {"Stmt", "Ntfctn"}:
            reader.statement(element, ends=event == "end")
        elif kind == "NtryDtls" and event == "start":
            reader.entry(element.getparent())
        elif kind == "TxDtls" and event == "end":
            yield from reader.details(element)
            forget(element)
        elif kind == "Ntry" and event == "end":
            yield from reader.end_of_entry(element)
            forget(element)


@dataclass(frozen=True)
class _Entry:
    """What an entry says before its details. What it says behind them is read at its end, if at all: until then it is
    chance how much of it has been parsed.
    """

    direction: str
    reverses: bool
    booked: bool
    day: str
    day_damage: str
    values: Values
    amount_text: str
    currency: str
    bank_reference: str
    code: str

    @classmethod
    def of(cls, entry: Values) -> "_Entry":
        day, day_damage = day_text(text(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"))
        return cls(
            direction=text(entry, "CdtDbtInd"),
            reverses=text(entry, "RvslInd") in {"true", "1"},
            booked=text(entry, "Sts/Cd", "Sts") == BOOKED,
            day=day,
            day_damage=day_damage,
            values=entry,
            amount_text=text(entry, "Amt"),
            currency=text(entry, "Amt@Ccy"),
            bank_reference=reference(text(entry, "AcctSvcrRef")),
            code=text(entry, "BkTxCd/Domn/Fmly/SubFmlyCd"),
        )


@dataclass
class _Detail:
    """One transaction of an entry, its row almost ready; `worded` where the bank says something of it in words."""

    row: ResultRow
    worded: bool
    direction: str
    returned: bool
    code: str
    amount_text: str
    currency: str


@dataclass
class _Reader:
    """Goes through statements, entries and details; holds back one detail until it is known to be the only one."""

    notes: Notes
    number: int = 0
    channel: str = ""
    own_account: str = ""
    totals: StatementTotals = field(default_factory=StatementTotals)
    now: _Entry | None = None
    held: _Detail | None = None
    entry_totals: EntryTotals = field(default_factory=EntryTotals)

    def statement(self, element: etree._Element, *, ends: bool) -> None:
        """Begin a statement, or hold its totals and balances against what stood in it."""
        if ends:
            self.totals.check(element, self.notes)
        self.totals = StatementTotals()
        self.channel, self.own_account = "", ""

    def entry(self, element: etree._Element | None) -> None:
        """Read what an entry says before its first details; a second block of details changes nothing."""
        if element is None or self.now is not None:
            return
        if not self.channel and not self.own_account:
            self._account(element.getparent())
        self.now = _Entry.of(flat(element))
        self.held = None
        self.entry_totals = EntryTotals()

    def _account(self, statement: etree._Element | None) -> None:
        account = None if statement is None else node(statement, "Acct")
        values = flat(account)
        self.channel = agent_channel(values, "Svcr")
        self.own_account = text(values, "Id/Othr/Id", "Id/IBAN")

    def details(self, element: etree._Element) -> Iterator[ResultRow]:
        """A further transaction of the entry: the one held back goes out, as it is not alone."""
        if self.now is None:
            return
        detail = self._detail(element, self.now)
        self.entry_totals.add(
            element,
            detail.amount_text,
            opposite=detail.direction not in {"", self.now.direction},
            comparable=detail.currency == self.now.currency,
        )
        first = self.entry_totals.count == 1
        if first:
            self.held = detail
            return
        if self.held is not None:
            yield from self._out(_told_apart(self.held, self.now), self.now)
            self.held = None
        yield from self._out(_told_apart(detail, self.now), self.now)

    def end_of_entry(self, element: etree._Element) -> Iterator[ResultRow]:
        """The only transaction, or an entry without details; then the entry's own sums."""
        self.entry(element)
        entry = self.now
        if entry is None:
            return
        sole = self._detail(element, entry) if self.entry_totals.count == 0 else self.held
        if sole is not None:
            yield from self._out(_completed(sole, entry, element), entry)
        charges = self.entry_totals.check(element, entry.amount_text)
        if charges and entry.booked:
            self.notes.pass_over("charges_between", rupiah_text(str(charges), entry.currency)[0])
        self.totals.add(entry.direction, entry.amount_text, booked=entry.booked)
        self.now, self.held = None, None

    def _detail(self, element: etree._Element, entry: _Entry) -> _Detail:
        self.number += 1
        is_details = local_name(element) == "TxDtls"
        values = flat(element) if is_details else entry.values
        amount, damage = amount_of(values, *_AMOUNTS)
        direction = text(values, "CdtDbtInd") or entry.direction
        party, account = self._family(values, direction)
        returned = node(element, "RtrInf") if is_details else None
        words = text(values, "AddtlTxInf")
        row = ResultRow(
            row=self.number,
            event="",
            channel=self.channel or agent_channel(values, "RltdAgts/CdtrAgt"),
            bank_reference=reference(text(values, "Refs/AcctSvcrRef", "Refs/TxId")),
            payment_id=reference(text(values, "Refs/EndToEndId")),
            account_no=account,
            nik=nik_of(values, party),
            name=name_of(values, party),
            amount=amount,
            occurred_on=entry.day,
            reason=_reason(returned, words),
            damage=damages(damage, entry.day_damage),
        )
        return _Detail(
            row=row,
            worded=words != "",
            direction=direction,
            returned=returned is not None,
            code=text(values, "BkTxCd/Domn/Fmly/SubFmlyCd") or entry.code,
            amount_text=text(values, *_AMOUNTS) if is_details else "",
            currency=text(values, *(f"{path}@Ccy" for path in _AMOUNTS)),
        )

    def _family(self, values: Values, direction: str) -> tuple[str, str]:
        """The creditor; of money that came back the debtor, where the creditor's account is our own."""
        account = account_of(values, "RltdPties/CdtrAcct")
        if direction == BACK and (not account or account == self.own_account):
            other = account_of(values, "RltdPties/DbtrAcct")
            if other and other != self.own_account:
                return "RltdPties/Dbtr", other
        return "RltdPties/Cdtr", "" if account == self.own_account else account

    def _out(self, detail: _Detail, entry: _Entry) -> Iterator[ResultRow]:
        event = self._event(detail, entry)
        if event is not None:
            yield replace(detail.row, event=event, reason=detail.row.reason if event != "CREDIT" else "")

    def _event(self, detail: _Detail, entry: _Entry) -> str | None:
        """CREDIT, REVERSAL, the unreadable direction itself, or None with a note."""
        if not entry.booked:
            self.notes.pass_over("not_booked", detail.row.amount, detail.direction or "-")
            return None
        if detail.direction == OUT:
            if detail.code in CHARGES and not detail.row.payment_id:
                self.notes.pass_over("charges", detail.row.amount)
                return None
            return "CREDIT"
        if detail.direction == BACK:
            signs = entry.reverses or detail.returned or detail.code in RETURNS or detail.row.payment_id
            if not signs:
                self.notes.pass_over("other_credits", detail.row.amount)
                return None
            return "REVERSAL"
        return detail.direction


def _completed(detail: _Detail, entry: _Entry, element: etree._Element) -> _Detail:
    """The only transaction of its entry takes the entry's amount, reference and words where it has none of its own."""
    row = detail.row
    if not detail.amount_text:
        amount, damage = amount_of(entry.values, "Amt")
        row = replace(row, amount=amount, damage=damages(damage, entry.day_damage))
    if not row.bank_reference:
        row = replace(row, bank_reference=entry.bank_reference)
    words = None if detail.worded else node(element, "AddtlNtryInf")
    return replace(detail, row=row if words is None else replace(row, reason=_joined(row.reason, own_text(words))))


def _told_apart(detail: _Detail, entry: _Entry) -> _Detail:
    """In a batch the entry's own reference names the batch: taken for a transaction's it would join strangers."""
    same = detail.row.bank_reference == entry.bank_reference
    return replace(detail, row=replace(detail.row, bank_reference="")) if same else detail


def _reason(returned: etree._Element | None, words: str) -> str:
    more = [] if returned is None else [own_text(one) for one in nodes(returned, "AddtlInf")]
    return _joined(text(flat(returned), "Rsn/Cd", "Rsn/Prtry"), *more, words)


def _joined(*told: str) -> str:
    return " ".join(one for one in told if one)[:REASON_CHARACTERS_MAX]
