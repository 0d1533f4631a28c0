"""What a statement says of itself, held against what stands in it: counts, sums, balances; a difference refuses all."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from lxml import etree

from gandeng.files.iso20022_rows import Notes, control_count, control_sum, summand
from gandeng.files.iso20022_xml import Values, flat, local_name, node, nodes, refused, text

DIRECTIONS: Final = {"TtlNtries": None, "TtlCdtNtries": "CRDT", "TtlDbtNtries": "DBIT"}
OPENING: Final = ("OPBD", "PRCD")
CLOSING: Final = "CLBD"
INTERMEDIATE: Final = "ITBD"


@dataclass
class _Sum:
    count: int = 0
    total: Decimal = Decimal(0)

    def add(self, amount: Decimal) -> None:
        self.count += 1
        self.total += amount


@dataclass
class EntryTotals:
    """The transactions of one entry. Their sum is open where one has no amount, or one in another currency."""

    count: int = 0
    total: Decimal = Decimal(0)
    charges: Decimal = Decimal(0)
    complete: bool = True

    def add(self, transaction: etree._Element, amount: str, *, opposite: bool, comparable: bool) -> None:
        """One transaction; one that goes against its entry counts negative."""
        value = summand(amount) if comparable else None
        self.count += 1
        self.complete = self.complete and value is not None
        self.charges += _charges(transaction)
        if value is not None:
            self.total += -value if opposite else value

    def check(self, entry: etree._Element, amount: str) -> Decimal:
        """Hold the batch's count and the entry's amount against the details; charges explain what they are, and are
        given back.
        """
        if self.count == 0:
            return Decimal(0)
        said = [control_count(text(flat(batch), "NbOfTxs")) for batch in nodes(entry, "NtryDtls/Btch")]
        counts = [count for count in said if count is not None]
        blocks = len(nodes(entry, "NtryDtls"))
        if counts and len(counts) == blocks and sum(counts) != self.count:
            raise refused("control_lines", level="Btch", said=sum(counts), found=self.count)
        total = control_sum(amount)
        if not self.complete or total is None or total == self.total:
            return Decimal(0)
        between = abs(total - self.total)
        of_entry = _charges(entry)
        if between not in {abs(of_entry), abs(self.charges), abs(of_entry + self.charges)}:
            raise refused("control_total", level="Ntry", said=str(total), found=str(self.total))
        return between


def _charges(holder: etree._Element) -> Decimal:
    """What the bank says that it took (or gave back) of an entry or a transaction; older versions have no records.

    Charges stand at the entry, at its transactions or at both, and may be told twice.
    """
    total = Decimal(0)
    for charges in nodes(holder, "Chrgs"):
        for record in nodes(charges, "Rcrd") or [charges]:
            told = flat(record)
            amount = control_sum(text(told, "Amt", "TtlChrgsAndTaxAmt")) or Decimal(0)
            total += -amount if text(told, "CdtDbtInd") == "CRDT" else amount
    return total


class StatementTotals:
    """The entries of one statement or notification: all of them, and those that are booked."""

    def __init__(self) -> None:
        self.every = {"CRDT": _Sum(), "DBIT": _Sum()}
        self.booked = {"CRDT": _Sum(), "DBIT": _Sum()}
        self.readable = True

    def add(self, direction: str, amount: str, *, booked: bool) -> None:
        """One entry; one whose direction or amount is no such thing leaves nothing to compare."""
        value = summand(amount)
        if value is None or direction not in self.every:
            self.readable = False
            return
        self.every[direction].add(value)
        if booked:
            self.booked[direction].add(value)

    def check(self, statement: etree._Element, notes: Notes) -> None:
        """Compare with TxsSummry and with the balances, where the statement gives them."""
        summary = node(statement, "TxsSummry")
        if summary is not None:
            self._check_summary(summary)
        pages = [flat(node(statement, name)) for name in ("StmtPgntn", "NtfctnPgntn")]
        if any(text(page, "LastPgInd") in {"false", "0"} for page in pages):
            notes.tell("not_the_last_page")
        alone = any(text(page, "PgNb") == "1" and text(page, "LastPgInd") in {"true", "1"} for page in pages)
        if local_name(statement) == "Stmt" and not self._balances_hold(statement, alone=alone):
            notes.count("balance_unproved")

    def _check_summary(self, summary: etree._Element) -> None:
        values = flat(summary)
        for level, direction in DIRECTIONS.items():
            count, total = text(values, f"{level}/NbOfNtries"), text(values, f"{level}/Sum")
            said = control_count(count), control_sum(total)
            found = [_counted(sums, direction) for sums in (self.every, self.booked)]
            if not any(_agrees(said, one, readable=self.readable) for one in found):
                raise refused(
                    "control_entries",
                    level=level,
                    said=f"{count or '-'} / {total or '-'}",
                    found=f"{found[0].count} / {found[0].total}",
                )

    def _balances_hold(self, statement: etree._Element, *, alone: bool) -> bool:
        """Opening balance + money in - money out = closing balance; False where that cannot be asked.

        `alone` is a statement that says it has no other page: of others, one with intermediate balances is a part.
        """
        told = [flat(one) for one in nodes(statement, "Bal")]
        balances = {text(one, "Tp/CdOrPrtry/Cd"): _signed(one) for one in told}
        opening = next((balances[code] for code in OPENING if code in balances), None)
        closing = balances.get(CLOSING)
        currencies = {text(one, "Amt@Ccy") for one in told}
        if opening is None or closing is None or len(currencies) > 1 or not self.readable:
            return False
        if INTERMEDIATE in balances and not alone:
            return False
        found = opening + self.booked["CRDT"].total - self.booked["DBIT"].total
        if found != closing:
            raise refused("control_balance", said=str(closing), found=str(found))
        return True


def _counted(sums: dict[str, _Sum], direction: str | None) -> _Sum:
    if direction is not None:
        return sums[direction]
    return _Sum(sum(one.count for one in sums.values()), sum((one.total for one in sums.values()), Decimal(0)))


def _agrees(said: tuple[int | None, Decimal | None], found: _Sum, *, readable: bool) -> bool:
    count, total = said
    return count in {None, found.count} and (total is None or not readable or total == found.total)


def _signed(balance: Values) -> Decimal:
    amount = control_sum(text(balance, "Amt")) or Decimal(0)
    return -amount if text(balance, "CdtDbtInd") == "DBIT" else amount
