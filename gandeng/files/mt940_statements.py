"""An MT940 file cut into its statements, each parsed by the mt-940 library and held against its balances.

The library is lenient where money is not: it moves 30 February to the 28th, merges a line without a type into the one
before, gives what is told of the whole statement to its last line, cuts a long reference and logs what it cannot read.
Each of these is undone here.
"""

import io
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any, Final

import mt940

from gandeng.files.iso20022_rows import channel_of
from gandeng.files.iso20022_xml import refused

BYTES_MAX: Final = 32 << 20
"""Of a whole file; the format's own messages are of 2.000 characters, whoever has more sends camt.053."""

DAY_UNREADABLE: Final = "day_unreadable"

_STATEMENT = re.compile(r"^(?=:20:)", re.MULTILINE)
_LINE = re.compile(r"^:61:", re.MULTILINE)
_END = re.compile(r"^-(?:\}.*)?\s*$", re.MULTILINE)
"""A line of information that a bank broke before a hyphen goes on; a hyphen alone or with the brace ends a message."""
_FIELD = re.compile(r"^(?=:(?:[0-9]{2}|NS)[A-Z]?:)", re.MULTILINE)
_INFORMATION: Final = ":86:"
_OF_A_LINE: Final = (":61:", ":86:", ":NS:")
_BIC = re.compile(r"(?<![A-Z0-9])[A-Z]{6}[A-Z0-9]{2}")
_OPENING = ("final_opening_balance", "intermediate_opening_balance", "opening_balance")
_CLOSING = ("final_closing_balance", "intermediate_closing_balance", "closing_balance")
_LIBRARY_ERRORS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)

# The library logs whole lines it cannot read, names and accounts included.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True)
class Statement:
    """One statement: its currency, the channel that keeps the account, and the library's dictionary of each line.

    Of a page of a longer one also the balances it shares with the pages before and after it, where it has them.
    """

    currency: str
    channel: str
    lines: tuple[Mapping[str, Any], ...]
    went_before: tuple[str, ...] = ()
    goes_on: tuple[str, ...] = ()


def statements(stream: IO[bytes]) -> Iterator[Statement]:
    """Every statement of the file, its balances proved; FileRefused for one that does not hold or cannot be read."""
    content = stream.read(BYTES_MAX + 1)
    if len(content) > BYTES_MAX:
        raise refused("mt940_too_long", megabytes=BYTES_MAX >> 20)
    if b"\0" in content:  # as in CSV: no database keeps such a text
        raise refused("mt940_nul")
    text = _decoded(content).replace("{1:", "\n{1:").replace("{4:", "{4:\n")
    envelope, *blocks = _STATEMENT.split(text)
    if not blocks or not (envelope.isspace() or not envelope or envelope.lstrip().startswith("{1:")):
        raise refused("mt940_unreadable", statement=1)
    for number, block in enumerate(blocks, start=1):
        body, mark, next_envelope = block.partition("\n{1:")
        yield _statement(_END.sub("", body), envelope, number)
        envelope = mark + next_envelope


def _decoded(content: bytes) -> str:
    """The format is ASCII; banks that write names beyond it use UTF-8 or Latin-1."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _statement(body: str, envelope: str, number: int) -> Statement:
    try:
        parsed = mt940.parse(
            io.StringIO(_told_of_lines(body)),
            processors={"pre_line": [_keep_impossible_day]},
            tags={61: _Line()},
            options=mt940.Options.all(),
        )
        lines = tuple(line.data for line in parsed if "amount" in line.data)
        if len(lines) != len(_LINE.findall(body)):
            raise refused("mt940_unreadable", statement=number)
        _check_balances(parsed.data, lines, number)
    except _LIBRARY_ERRORS:
        raise refused("mt940_unreadable", statement=number) from None
    account = str(parsed.data.get("account_identification") or "")
    went_before, goes_on = (
        tuple(str(parsed.data[key].amount) for key in keys[1:2] if keys[0] not in parsed.data and key in parsed.data)
        for keys in (_OPENING, _CLOSING)
    )
    return Statement(parsed.currency or "", _channel(envelope, account), lines, went_before, goes_on)


class _Line(mt940.tags.Statement):
    """Field 61 with references of any length: cut at 16 characters ours would be another payment's, or nobody's."""

    pattern = mt940.tags.Statement.pattern.replace("[^\\n]){0,16}", "[^\\n])*").replace(".{0,23}", ".*")


def _told_of_lines(body: str) -> str:
    """The statement without information that follows no line: behind the closing balance it is told of all of them."""
    kept, before = [], ""
    for field in _FIELD.split(body):
        if not field.startswith(_INFORMATION) or before.startswith(_OF_A_LINE):
            kept.append(field)
        before = field
    return "".join(kept)


def _keep_impossible_day(_: object, __: object, cells: dict[str, Any], *___: object) -> dict[str, Any]:
    """A day that does not exist is marked, and replaced by one that does so that the line is not lost."""
    try:
        date(2000 + int(cells["year"]), int(cells["month"]), int(cells["day"]))
    except ValueError:
        return {**cells, "month": "01", "day": "01", "entry_month": None, "entry_day": None, DAY_UNREADABLE: True}
    return cells


def _check_balances(data: Mapping[str, Any], lines: tuple[Mapping[str, Any], ...], number: int) -> None:
    """Opening balance + lines = closing balance, in one currency; a statement without both cannot be trusted."""
    opening = next((data[key].amount for key in _OPENING if key in data), None)
    closing = next((data[key].amount for key in _CLOSING if key in data), None)
    if opening is None or closing is None or opening.currency != closing.currency:
        raise refused("mt940_without_balances", statement=number)
    found = opening.amount + sum((line["amount"].amount for line in lines), Decimal(0))
    if found != closing.amount:
        raise refused("control_balance", said=str(closing.amount), found=str(found))


def _channel(envelope: str, account: str) -> str:
    """The one channel whose BIC stands in the envelope or before the account number (`BRINIDJA/0206...`)."""
    found = {channel for bic in _BIC.findall(f"{envelope} {account}".upper()) if (channel := channel_of(bic))}
    return found.pop() if len(found) == 1 else ""
