"""From one payment list to an instruction per channel: CSV and XLSX in its layout, pain.001, and control totals."""

import csv
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from gandeng.core.faults import Fault
from gandeng.engine.duckdb_engine import connect
from gandeng.files.digests import sha256_of
from gandeng.files.instruction_csv import guarded, write_csv
from gandeng.files.instruction_layouts import Order, Payment
from gandeng.files.instruction_list import Dates, orders_of, payments_of, refuse_what_cannot_be_carried
from gandeng.files.instruction_pain001 import write_pain001
from gandeng.files.instruction_xlsx import write_workbooks
from gandeng.files.intake import Taken, take
from gandeng.files.layouts import PAYMENTS
from gandeng.runs.manifest import OutputFile, input_file, write_manifest
from gandeng.runs.publish import published

CSV, XLSX, PAIN001 = "csv", "xlsx", "pain.001"
FORMATS: Final = (CSV, XLSX, PAIN001)
CONTROL: Final = "kendali.csv"
_SCRATCH = "scratch"
_MEMORY = "600MB"

type Progress = Callable[[str, int, int], None]
"""Called with what is being written, rows done and rows in all."""


@dataclass(frozen=True)
class Instruction:
    """One file for a channel: its path in the folder, and what it orders."""

    name: str
    channel: str
    format: str
    rows: int
    total_rupiah: int
    list_sha256: str
    sha256: str


@dataclass(frozen=True)
class InstructReport:
    """What was written to `out`; the totals of `orders` are those of the list."""

    out: Path
    source: str
    rows: int
    total_rupiah: int
    orders: tuple[Order, ...]
    files: tuple[Instruction, ...]
    notes: tuple[Fault, ...]


def instruct(
    payments: Path,
    out: Path,
    *,
    created: datetime,
    execute_on: date | None = None,
    debtor_accounts: Mapping[str, str] | None = None,
    formats: Collection[str] = FORMATS,
    progress: Progress | None = None,
) -> InstructReport:
    """Write the instruction files of a PAYMENTS list into `out`, which appears whole or not at all.

    `created` (aware) and `execute_on` (its day by default) are what the files bear, so the same list gives the same
    bytes. `debtor_accounts`: channel -> the programme's disbursing account there. Raises FileRefused for a list that
    cannot be trusted or carried, TotalsDiffer where what was written is not what was ordered, FolderNotOurs.
    """
    if created.tzinfo is None:
        raise ValueError("created must know its time zone")
    dates = Dates(created, execute_on or created.date())
    with published(out, "instruct") as work:
        scratch = work / _SCRATCH
        scratch.mkdir()
        taken = take(payments, PAYMENTS, scratch)
        orders = _orders(taken, scratch, dates, debtor_accounts or {})
        files = tuple(_write_all(work, scratch, orders, formats, progress or _nothing))
        shutil.rmtree(scratch)
        _write_control(work / CONTROL, files)
        _write_manifest(work, payments, taken, orders, files)
    notes = (*taken.notes, *_notes(orders))
    return InstructReport(out, taken.source, taken.rows, taken.total_rupiah or 0, orders, files, notes)


def _nothing(_: str, __: int, ___: int) -> None:
    """For callers who do not watch."""


def _orders(taken: Taken, scratch: Path, dates: Dates, debtor_accounts: Mapping[str, str]) -> tuple[Order, ...]:
    con = connect(scratch / "spill", memory_limit=_MEMORY)
    con.execute("set preserve_insertion_order = true")  # each channel's list is written in its order
    try:
        refuse_what_cannot_be_carried(con, taken)
        return orders_of(con, taken, scratch, dates, lambda channel: debtor_accounts.get(channel, ""))
    finally:
        con.close()


def _write_all(
    work: Path, scratch: Path, orders: tuple[Order, ...], formats: Collection[str], progress: Progress
) -> Iterator[Instruction]:
    for order in orders:
        folder = work / order.channel
        folder.mkdir()
        for kind in (one for one in FORMATS if one in formats):
            payments = payments_of(scratch, order, _teller(progress, f"{order.channel} {kind}", order.rows))
            for path, part in _write(kind, folder, order, payments, scratch):
                yield Instruction(
                    name=path.relative_to(work).as_posix(),
                    channel=order.channel,
                    format=kind,
                    rows=part.rows,
                    total_rupiah=part.total,
                    list_sha256=order.digest,
                    sha256=sha256_of(path),
                )


def _teller(progress: Progress, what: str, rows: int) -> Callable[[int], None]:
    return lambda done: progress(what, done, rows)


def _write(
    kind: str, folder: Path, order: Order, payments: Iterator[Payment], scratch: Path
) -> list[tuple[Path, Order]]:
    """The files of one format, each with the part of the order it holds."""
    stem = f"{order.channel}-{'_'.join(dict.fromkeys((order.stages[0], order.stages[-1])))}"
    if kind == XLSX:
        return write_workbooks(folder, stem, order, payments, scratch)
    if kind == CSV:
        path = folder / f"{stem}.csv"
        write_csv(path, order, payments)
    else:
        path = folder / f"{stem}.pain.001.xml"
        write_pain001(path, order, payments)
    return [(path, order)]


def _write_control(path: Path, files: tuple[Instruction, ...]) -> None:
    """One row per file, for whoever compares by hand."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(Instruction.__dataclass_fields__)
        writer.writerows([guarded(cell) for cell in asdict(one).values()] for one in files)


def _write_manifest(
    work: Path, payments: Path, taken: Taken, orders: tuple[Order, ...], files: tuple[Instruction, ...]
) -> None:
    write_manifest(
        work,
        kind="instruct",
        created=orders[0].created.isoformat(timespec="seconds"),
        execute_on=orders[0].execute_on.isoformat(),
        stages=sorted({stage for order in orders for stage in order.stages}),
        inputs=[input_file("payments", payments, taken)],
        outputs=[*files, OutputFile(CONTROL, sha256_of(work / CONTROL), len(files))],
    )


def _notes(orders: tuple[Order, ...]) -> list[Fault]:
    unknown = ", ".join(order.channel for order in orders if not order.debtor_account)
    return [Fault("bankfiles.debtor_account_missing", facts={"channels": unknown})] if unknown else []
