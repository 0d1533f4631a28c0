"""A payment list cut into one sorted list per channel, with its sums and the digest of its content."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet as pq

from gandeng.core.channels import CHANNELS, POST
from gandeng.core.faults import Fault, FileRefused
from gandeng.engine import parquet, quoted
from gandeng.files.instruction_layouts import Block, Order, Payment, TotalsDiffer
from gandeng.files.instruction_pain001 import ACCOUNT_MAX, IDENTIFICATION_MAX
from gandeng.files.layouts import PAYMENTS
from gandeng.files.taken import Taken

FAULTS_TOLD: Final = 100
_BATCH_ROWS = 20_000
_PLAIN: Final = "[!-,.-~]([ -~]*[!-~])?"
"""Printable ASCII without a space at its ends, as every message carries it; figures of full width are none. Behind a
hyphen in front, a CSV would carry the apostrophe that keeps spreadsheets from running it."""


@dataclass(frozen=True)
class Dates:
    """What the files bear: when they were made and the day the channel is to pay."""

    created: datetime
    execute_on: date


def refuse_what_cannot_be_carried(con: duckdb.DuckDBPyConnection, taken: Taken) -> None:
    """An id or account the messages cannot hold would come back changed, and a bank pays no one without account:
    FileRefused.
    """
    if taken.rows == 0:
        raise FileRefused(taken.source, [Fault("bankfiles.no_payments")])
    wrong = f"""select row + 1 as line, length(payment_id) as id_length, length(account_no) as account_length, channel,
            not regexp_full_match(payment_id, '{_PLAIN}') as odd,
            not regexp_full_match(account_no, '({_PLAIN})?') as odd_account
        from ({taken.select})
        where id_length > {IDENTIFICATION_MAX:d} or account_length > {ACCOUNT_MAX:d} or odd or odd_account
            or (channel <> '{POST}' and account_no = '')"""
    count = con.sql(f"select count(*) from ({wrong})").fetchall()[0][0]
    if count:
        rows = con.sql(f"{wrong} order by line limit {FAULTS_TOLD:d}").fetchall()
        raise FileRefused(taken.source, [_fault(*row) for row in rows], count)


def _fault(line: int, id_length: int, account_length: int, channel: str, odd: bool, odd_account: bool) -> Fault:
    if id_length > IDENTIFICATION_MAX:
        facts = {"length": id_length, "most": IDENTIFICATION_MAX}
        return Fault("bankfiles.payment_id_too_long", line, "payment_id", facts)
    if odd:
        return Fault("bankfiles.payment_id_odd", line, "payment_id")
    if account_length > ACCOUNT_MAX:
        facts = {"length": account_length, "most": ACCOUNT_MAX}
        return Fault("bankfiles.account_too_long", line, "account_no", facts)
    if odd_account:
        return Fault("bankfiles.account_odd", line, "account_no")
    return Fault("bankfiles.account_missing", line, "account_no", {"channel": channel})


def orders_of(
    con: duckdb.DuckDBPyConnection, taken: Taken, scratch: Path, dates: Dates, debtor_account: Callable[[str], str]
) -> tuple[Order, ...]:
    """One order per channel present; each channel's payments lie sorted in `scratch`. Raises TotalsDiffer."""
    present = {row[0] for row in con.sql(f"select distinct channel from ({taken.select})").fetchall()}
    orders = tuple(
        _order(con, taken, channel, scratch, dates, debtor_account(channel))
        for channel in CHANNELS
        if channel in present
    )
    found = sum(order.rows for order in orders), sum(order.total for order in orders)
    if found != (taken.rows, taken.total_rupiah):
        raise TotalsDiffer("*", (taken.rows, taken.total_rupiah or 0), found)
    return orders


def _order(
    con: duckdb.DuckDBPyConnection, taken: Taken, channel: str, scratch: Path, dates: Dates, debtor_account: str
) -> Order:
    """Sort a channel's payments into a file of its own, with the text the digest is taken of, and add them up."""
    path = _sorted_list(scratch, channel)
    content = " || ".join(f"strlen({name}::text) || ':' || {name}::text || ','" for name in PAYMENTS.names)
    con.execute(f"""copy (select {", ".join(PAYMENTS.names)}, {content} as content from ({taken.select})
        where channel = '{channel}' order by stage, district_code, payment_id)
        to '{quoted(path)}' (format parquet, compression lz4_raw)""")
    sums = con.sql(f"""select stage, district_code, count(*), cast(sum(amount) as bigint)
        from {parquet(path)} group by all order by stage, district_code""").fetchall()
    blocks = tuple(Block(*row) for row in sums)
    return Order(channel, blocks, _digest(path), dates.created, dates.execute_on, debtor_account)


def _sorted_list(scratch: Path, channel: str) -> Path:
    return scratch / f"{channel}.parquet"


def _digest(path: Path) -> str:
    """SHA-256 over every cell as `length:cell,` (a netstring) in the order of the list: no cell can pose as two."""
    digest = hashlib.sha256()
    for batch in pq.ParquetFile(path).iter_batches(_BATCH_ROWS, columns=["content"]):
        digest.update("".join(batch.column(0).to_pylist()).encode())
    return digest.hexdigest()


def payments_of(scratch: Path, order: Order, told: Callable[[int], None]) -> Iterator[Payment]:
    """An order's payments by stage, district and id, a batch in memory at a time; `told` hears how many are done."""
    done = 0
    file = pq.ParquetFile(_sorted_list(scratch, order.channel))
    for batch in file.iter_batches(_BATCH_ROWS, columns=list(Payment._fields)):
        columns = [batch.column(name).to_pylist() for name in Payment._fields]
        yield from map(Payment._make, zip(*columns, strict=True))
        done += batch.num_rows
        told(done)
