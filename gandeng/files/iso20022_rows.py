"""What every bank message becomes: rows of the RESULT layout as text, in the order of the file.

Damage is stated here where only the message can tell it (a foreign currency, a fraction of a rupiah, 30 February);
everything else is left to the same normalisation that spreadsheets go through.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import IO

import pyarrow as pa
import yaml

from gandeng.core.faults import Fault, FileRefused
from gandeng.core.money import AMOUNT_DIGITS_MAX, format_rupiah
from gandeng.files.iso20022_xml import Values, refused, text
from gandeng.files.layouts import RESULTS
from gandeng.files.readers import Reading, batches

CURRENCY = "IDR"
REASON_CHARACTERS_MAX = 500
NOT_PROVIDED = frozenset({"NOTPROVIDED", "NONREF", "NOTAVAILABLE"})

AMOUNT_DAMAGE = "amount_unreadable@amount"
DAY_DAMAGE = "date_unreadable@occurred_on"

_WHOLE = re.compile(r"([0-9]+)(?:\.0*)?")
_DECIMAL = re.compile(r"[0-9]{1,18}(?:\.[0-9]{0,5})?")
_COUNT = re.compile(r"[0-9]{1,15}")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*|Z|[+-][0-9]{2}:[0-9]{2})?")
_NIK = re.compile(r"[0-9]{16}")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One event a channel reports, as text; `row` is the transaction's place in the file, from 1."""

    row: int
    event: str
    channel: str = ""
    bank_reference: str = ""
    payment_id: str = ""
    account_no: str = ""
    nik: str = ""
    name: str = ""
    amount: str = ""
    occurred_on: str = ""
    reason: str = ""
    damage: str = ""


@dataclass
class Notes:
    """What a message tells beside its rows: how many transactions of which kind are no event of money."""

    faults: list[Fault] = field(default_factory=list)
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    rupiah: Counter[tuple[str, str]] = field(default_factory=Counter)
    without_amount: int = 0

    def tell(self, code: str, /, **facts: str | int) -> None:
        """A note by a code of `words/*/bankfiles.yaml`."""
        self.faults.append(Fault(f"bankfiles.{code}", facts=facts))

    def count(self, code: str, kind: str = "") -> None:
        """One more of that kind; nothing of it is money."""
        self.counted[code, kind] += 1

    def pass_over(self, code: str, amount: str, kind: str = "") -> None:
        """One more transaction of that kind that gives no row, with its rupiah as text, '' where it has none."""
        self.count(code, kind)
        self.rupiah[code, kind] += int(amount or 0)
        self.without_amount += not amount

    def all(self) -> tuple[Fault, ...]:
        """Every note, the counted ones last: what gave no row by count and rupiah, so that nothing leaves the totals
        unseen."""
        counted = [
            Fault(f"bankfiles.{code}", facts=self._facts(code, kind, count))
            for (code, kind), count in sorted(self.counted.items())
        ]
        open_sums = {"count": self.without_amount}
        without = [Fault("bankfiles.without_amount", facts=open_sums)] if self.without_amount else []
        return (*self.faults, *counted, *without)

    def _facts(self, code: str, kind: str, count: int) -> dict[str, str | int]:
        facts: dict[str, str | int] = {"kind": kind, "count": count}
        if (code, kind) in self.rupiah:
            facts["rupiah"] = format_rupiah(self.rupiah[code, kind])
        return facts


type RowsOf = Callable[[IO[bytes], Notes], Iterator[ResultRow]]


def read_rows(reading: Reading, rows_of: RowsOf) -> Iterator[pa.RecordBatch]:
    """A file of bank messages as the raw RESULT table; refusals bear the file's name, notes go to the reading."""
    if reading.layout is not RESULTS:
        raise reading.refuse("bankfiles.only_results", layout=reading.layout.name)
    notes = Notes()
    sender = (reading.profile.channel or "") if reading.profile else ""
    rows = 0
    try:
        with reading.path.open("rb") as stream:
            for batch in batches(reading.layout, (_cells(row, sender) for row in rows_of(stream, notes))):
                rows += batch.num_rows
                yield batch
    except FileRefused as error:
        raise FileRefused(reading.source or reading.path.name, error.faults, error.fault_count) from None
    if not rows:
        notes.tell("no_events")
    for note in notes.all():
        reading.tell(note)


def _cells(row: ResultRow, sender: str) -> tuple[str | int, ...]:
    """In the order of the raw table; `sender` is the channel of the profile, for messages that name no bank."""
    known = row if row.channel else replace(row, channel=sender)
    return (*(getattr(known, name) for name in RESULTS.names), row.row, row.damage)


def amount_of(values: Values, *paths: str) -> tuple[str, str]:
    """Rupiah and damage of the first path that holds an amount."""
    path = next((path for path in paths if path in values), "")
    return rupiah_text(values.get(path, ""), values.get(f"{path}@Ccy", ""))


def rupiah_text(amount: str, currency: str) -> tuple[str, str]:
    """(`750000`, '') for whole rupiah, ('', '') for no amount, ('', damage) for anything else."""
    if not amount:
        return "", ""
    match = _WHOLE.fullmatch(amount)
    if match is None or currency != CURRENCY or len(match[1].lstrip("0")) > AMOUNT_DIGITS_MAX:
        return "", AMOUNT_DAMAGE
    return str(int(match[1])), ""


def control_sum(amount: str) -> Decimal | None:
    """A control sum, whatever the currency (ISO 20022 sums regardless of it); refuses what is no number."""
    if not amount:
        return None
    total = summand(amount)
    if total is None:
        raise refused("control_unreadable", value=amount[:30])
    return total


def summand(amount: str) -> Decimal | None:
    """A line's amount as the control sum counts it; None for no amount and for one that is no number."""
    return Decimal(amount) if _DECIMAL.fullmatch(amount) else None


def control_count(count: str) -> int | None:
    """A control count; refuses what is not one."""
    if not count:
        return None
    if _COUNT.fullmatch(count) is None:
        raise refused("control_unreadable", value=count[:30])
    return int(count)


def day_text(moment: str) -> tuple[str, str]:
    """Day of an ISO date or date-time as the bank wrote it, without moving it to another time zone."""
    match = _DAY.fullmatch(moment)
    try:
        return (date.fromisoformat(match[1]).isoformat(), "") if match else ("", DAY_DAMAGE)
    except ValueError:
        return "", DAY_DAMAGE


def damages(*codes: str) -> str:
    """Damage codes as one text, each once, in order."""
    return ",".join(dict.fromkeys(code for code in codes if code))


def reference(value: str) -> str:
    """A reference, or '' where the bank says that there is none."""
    return "" if value.upper() in NOT_PROVIDED else value


def account_of(values: Values, path: str) -> str:
    """The account number of a CdtrAcct or DbtrAcct."""
    return text(values, f"{path}/Id/Othr/Id", f"{path}/Id/IBAN")


def nik_of(values: Values, path: str) -> str:
    """The private identification of a party where it looks like a NIK; versions from 2019 wrap the party in Pty."""
    found = text(values, f"{path}/Id/PrvtId/Othr/Id", f"{path}/Pty/Id/PrvtId/Othr/Id")
    return found if _NIK.fullmatch(found) else ""


def name_of(values: Values, path: str) -> str:
    """A party's name."""
    return text(values, f"{path}/Nm", f"{path}/Pty/Nm")


def agent_channel(values: Values, path: str) -> str:
    """The channel of an agent, by BIC, identification or name; '' for one we do not know."""
    known = (values.get(f"{path}/FinInstnId/{kind}") for kind in ("BICFI", "BIC", "Othr/Id", "Nm"))
    return next((channel for one in known if one and (channel := channel_of(one))), "")


def channel_of(identification: str) -> str:
    """The channel a BIC (8 or 11 characters), channel code or registered name stands for; '' for an unknown one."""
    table = _channels()
    key = identification.upper()
    return table.get(key) or (table.get(key[:8], "") if len(key) == len("BRINIDJAXXX") else "")


@dataclass(frozen=True)
class Agent:
    """A channel as the messages name it; the post has no BIC."""

    name: str
    bic: str = ""


def agent_of(channel: str) -> Agent:
    """How a channel of ours is named in a message; KeyError for one we do not know."""
    return agents()[channel]


@cache
def agents() -> dict[str, Agent]:
    """Channel -> agent, from `iso20022_agents.yaml`."""
    loaded = yaml.safe_load(files(__package__).joinpath("iso20022_agents.yaml").read_text(encoding="utf-8"))
    return {str(channel): Agent(**agent) for channel, agent in loaded["channels"].items()}


@cache
def _channels() -> dict[str, str]:
    """Code, name in capitals or BIC -> channel."""
    return {
        known.upper(): channel
        for channel, agent in agents().items()
        for known in (channel, agent.name, agent.bic)
        if known
    }
