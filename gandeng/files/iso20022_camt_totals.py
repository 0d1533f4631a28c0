"""What a statement says of itself, held against what stands in it: counts, sums, balances; a difference refuses all."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from lxml import etree

from gandeng.files.iso20022_rows import Notes, control_count, control_sum, summand
from gandeng.files.iso20022_xml import Values, flat, node, nodes, refused, text

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
    """The transactions of one entry."""

    count: int = 0
    total: Decimal = Decimal(0)
    complete: bool = True

    def add(self, amount: str, *, opposite: bool) -> None:
        """One transaction; one that goes against its entry counts negative, one without amount leaves the sum open."""
        value = summand(amount)
        self.count += 1
        self.complete = self.complete and value is not None
        if value is not None:
            self.total += -value if opposite else value

    def check(self, entry: etree._Element, amount: str) -> None:
        """Hold the batch's count and sum, and the entry's amount, against the details; charges may explain a sum."""
        if self.count == 0:
            return
        said = [control_count(text(flat(batch), "NbOfTxs")) for batch in nodes(entry, "NtryDtls/Btch")]
        counts = [count for count in said if count is not None]
        blocks = len(nodes(entry, "NtryDtls"))
        if counts and len(counts) == blocks and sum(counts) != self.count:
            raise refused("control_lines", level="Btch", said=sum(counts), found=self.count)
        total = control_sum(amount)
        if self.complete and total is not None and total != self.total and node(entry, "Chrgs") is None:
            raise refused("control_total", level="Ntry", said=str(total), found=str(self.total))


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
        if self.readable:
            self._check_balances(statement)
        pages = node(statement, "StmtPgntn"), node(statement, "NtfctnPgntn")
        if any(text(flat(page), "LastPgInd") in {"false", "0"} for page in pages):
            notes.tell("not_the_last_page")

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

    def _check_balances(self, statement: etree._Element) -> None:
        """Opening balance + money in - money out = closing balance; not for a page of a longer statement."""
        told = [flat(one) for one in nodes(statement, "Bal")]
        balances = {text(one, "Tp/CdOrPrtry/Cd"): _signed(one) for one in told}
        opening = next((balances[code] for code in OPENING if code in balances), None)
        closing = balances.get(CLOSING)
        if opening is None or closing is None or INTERMEDIATE in balances:
            return
        found = opening + self.booked["CRDT"].total - self.booked["DBIT"].total
        if found != closing:
            raise refused("control_balance", said=str(closing), found=str(found))


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
