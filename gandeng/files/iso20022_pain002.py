"""pain.002 CustomerPaymentStatusReport, versions 03 to 14: what the bank says became of each instructed payment.

Nothing succeeds by inference: only a line that names a transaction gives a row. The status of a group or of a payment
block gives none and overrules none (reconciliation contract, identities).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import IO, Final

from lxml import etree

from gandeng.files.iso20022_rows import (
    AMOUNT_DAMAGE,
    REASON_CHARACTERS_MAX,
    Notes,
    ResultRow,
    account_of,
    agent_channel,
    amount_of,
    control_count,
    control_sum,
    damages,
    day_text,
    name_of,
    nik_of,
    reference,
    summand,
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
    refused,
    text,
)

EVENTS: Final = {"RJCT": "FAILURE", "ACSC": "CREDIT", "ACCC": "CREDIT"}
WAITING: Final = frozenset({"ACTC", "ACCP", "ACSP", "ACWC", "ACWP", "ACFC", "ACPD", "PATC", "PDNG", "PRES", "RCVD"})
"""Statuses of a payment under way: no money has moved or come back yet."""

_SETTLED = ("FctvIntrBkSttlmDt/Dt", "FctvIntrBkSttlmDt/DtTm", "OrgnlTxRef/IntrBkSttlmDt", "AccptncDtTm")
"""The day of settlement, else of acceptance, else (at the caller) of the report: never the day that was asked for."""

_INSTRUCTED = "OrgnlTxRef/Amt/InstdAmt"
_SETTLED_AMOUNT = "OrgnlTxRef/IntrBkSttlmAmt"

_TAGS = ("GrpHdr", "OrgnlGrpInfAndSts", "OrgnlPmtInfAndSts", "TxInfAndSts")


def rows_of_pain002(stream: IO[bytes], notes: Notes | None = None) -> Iterator[ResultRow]:
    """One row per TxInfAndSts with money in its status, in the order of the file; FileRefused as a whole otherwise."""
    notes = Notes() if notes is None else notes
    group, block = _Level("OrgnlGrpInfAndSts"), _Level("OrgnlPmtInfAndSts")
    header: Values = {}
    for event, element in elements(stream, identify(stream), _TAGS):
        kind = local_name(element)
        if event == "start":
            block = _Level(kind) if kind == "OrgnlPmtInfAndSts" else block
        elif kind == "GrpHdr":
            header = flat(element)
        elif kind == "OrgnlGrpInfAndSts":
            group.said = _Said.of(element)
        elif kind == "OrgnlPmtInfAndSts":
            block.said = _Said.of(element)
            block.check(notes)
        elif kind == "TxInfAndSts":
            line = flat(element)
            for level in (group, block):
                level.add(text(line, "TxSts"), text(line, _INSTRUCTED))
            row = _row(line, header, group.lines, notes)
            if row is not None and row.event == "FAILURE":
                row = replace(row, reason=_reason(element))
            if row is not None:
                yield row
            forget(element)
    group.check(notes)


def _row(line: Values, header: Values, number: int, notes: Notes) -> ResultRow | None:
    """A status that is neither money nor waiting becomes a row whose event nobody can read: a person looks at it."""
    status = text(line, "TxSts")
    amount, amount_damage = _amount(line, EVENTS.get(status))
    if status in WAITING:
        notes.pass_over("status_waiting", amount, status)
        return None
    day, day_damage = day_text(text(line, *_SETTLED) or text(header, "CreDtTm"))
    return ResultRow(
        row=number,
        event=EVENTS.get(status, status),
        channel=_channel(line, header),
        bank_reference=text(line, "AcctSvcrRef"),
        payment_id=reference(text(line, "OrgnlEndToEndId")),
        account_no=account_of(line, "OrgnlTxRef/CdtrAcct"),
        nik=nik_of(line, "OrgnlTxRef/Cdtr"),
        name=name_of(line, "OrgnlTxRef/Cdtr"),
        amount=amount,
        occurred_on=day,
        damage=damages(amount_damage, day_damage),
    )


def _amount(line: Values, event: str | None) -> tuple[str, str]:
    """What was instructed, as the line repeats it. Money that came is what was settled, where the bank says it: the
    two must then agree, or a payment looks whole of which less has arrived.
    """
    instructed = amount_of(line, _INSTRUCTED)
    if event != "CREDIT" or _SETTLED_AMOUNT not in line:
        return instructed
    settled = amount_of(line, _SETTLED_AMOUNT)
    return settled if _INSTRUCTED not in line or settled == instructed else ("", AMOUNT_DAMAGE)


def _channel(line: Values, header: Values) -> str:
    """Whose report it is: the debtor's bank, who was instructed; the family's bank where the report names no other."""
    return (
        agent_channel(header, "DbtrAgt")
        or agent_channel(line, "OrgnlTxRef/DbtrAgt")
        or agent_channel(line, "OrgnlTxRef/CdtrAgt")
        or agent_channel(header, "CdtrAgt")
    )


def _reason(line: etree._Element) -> str:
    """Codes and words of every reason given: `AC04 Rekening sudah ditutup; AM04`."""
    told = []
    for reason in nodes(line, "StsRsnInf"):
        words = [text(flat(reason), "Rsn/Cd", "Rsn/Prtry"), *(own_text(more) for more in nodes(reason, "AddtlInf"))]
        told.append(" ".join(word for word in words if word))
    return "; ".join(one for one in told if one)[:REASON_CHARACTERS_MAX]


def _child_text(level: etree._Element, name: str) -> str:
    child = node(level, name)
    return "" if child is None else own_text(child)


@dataclass(frozen=True)
class _Said:
    """What a level of the report says of the original message and of its own lines."""

    status: str = ""
    lines: int | None = None
    total: Decimal | None = None
    by_status: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, level: etree._Element) -> "_Said":
        by_status: Counter[str] = Counter()
        for per_status in nodes(level, "NbOfTxsPerSts"):
            told = flat(per_status)
            by_status[text(told, "DtldSts")] += control_count(text(told, "DtldNbOfTxs")) or 0
        return cls(
            status=_child_text(level, "GrpSts") or _child_text(level, "PmtInfSts"),
            lines=control_count(_child_text(level, "OrgnlNbOfTxs")),
            total=control_sum(_child_text(level, "OrgnlCtrlSum")),
            by_status=dict(by_status),
        )


@dataclass
class _Level:
    """The group, or one payment block: what its lines come to, held against what it says of them."""

    name: str
    said: _Said = field(default_factory=_Said)
    lines: int = 0
    total: Decimal = Decimal(0)
    amounts: int = 0
    by_status: Counter[str] = field(default_factory=Counter)

    def add(self, status: str, amount: str) -> None:
        """Count one line; an amount that is no number counts as none here and as damage in its row."""
        self.lines += 1
        self.by_status[status] += 1
        value = summand(amount)
        if value is not None:
            self.amounts += 1
            self.total += value

    def check(self, notes: Notes) -> None:
        """Refuse totals that disagree. Fewer lines than ordered are allowed: who is not named stays UNREPORTED."""
        said = self.said
        if said.lines is not None and self.lines > said.lines:
            raise refused("control_lines", level=self.name, said=said.lines, found=self.lines)
        if said.total is not None and self._total_disagrees(said.total):
            raise refused("control_total", level=self.name, said=str(said.total), found=str(self.total))
        for status, count in said.by_status.items():
            found = self.by_status[status]
            if count != found and (found or status == "RJCT"):
                raise refused("control_status", level=self.name, status=status, said=count, found=found)
        self._tell(notes)

    def _total_disagrees(self, total: Decimal) -> bool:
        complete = self.lines == self.said.lines and self.amounts == self.lines
        return self.total != total if complete else self.total > total

    def _tell(self, notes: Notes) -> None:
        if self.lines == 0 and (self.said.status or self.said.lines):
            notes.tell("group_status_only", level=self.name, status=self.said.status or "-")
        elif self.said.lines is not None and self.lines < self.said.lines:
            notes.tell("not_all_named", level=self.name, said=self.said.lines, found=self.lines)
