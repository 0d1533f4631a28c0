"""The files of a channel's lists in one encrypted file; identifiers stand in the open in one private folder only."""

import csv
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.utils import timezone

from gandeng.audit.sealing import NotOurs, Place, blind, blind_account, index_version, seal, unseal
from gandeng.core.faults import FileRefused
from gandeng.core.region_code import RegionCode
from gandeng.files.digests import sha256_of
from gandeng.files.flushed import flush
from gandeng.files.instruction_layouts import TotalsDiffer
from gandeng.files.layouts import PAYMENTS
from gandeng.files.locked_zip import new_password, write_locked_zip
from gandeng.payments.ids import family_no_of
from gandeng.payments.models import Cycle, Instruction, PaymentList
from gandeng.payments.refused import Refused
from gandeng.runs.instruct import FORMATS
from gandeng.runs.instruct import instruct as write_instruction
from gandeng.words import say

type Report = Callable[[str, int, int], None]

_BATCH = 5000


@dataclass(frozen=True)
class Packed:
    """An encrypted file and what it holds."""

    path: Path
    password: str
    rows: int
    total_rupiah: int
    list_sha256: str
    sha256: str


def path_of(instruction: Instruction) -> Path:
    """Where the encrypted file is."""
    return Path(settings.DATA_DIR) / instruction.path


def kept_as(path: Path) -> str:
    """As a record names the file: beneath the office's folder, wherever that is."""
    return path.relative_to(settings.DATA_DIR).as_posix()


def sweep(cycle: Cycle) -> None:
    """Files no instruction names: what killed jobs left behind."""
    named = set(Instruction.objects.filter(cycle=cycle).values_list("path", flat=True))
    shutil.rmtree(_folder(cycle) / "open", ignore_errors=True)
    for path in _folder(cycle).glob("*.zip"):
        if kept_as(path) not in named:
            path.unlink()


def pack(cycle: Cycle, lists: list[PaymentList], made: datetime, day: date, report: Report) -> Packed:
    """The files of one channel's lists in one ZIP, AES-256, with a password of its own. Raises Refused."""
    channel = lists[0].channel
    ordered = (sum(each.payments for each in lists), sum(each.total_rupiah for each in lists))
    with _private(cycle) as folder:
        listed = folder / "payments.csv"
        written = _write_payments(cycle, lists, listed, lambda done: report(f"Menyiapkan {channel}", done, ordered[0]))
        if written != ordered:
            raise Refused("totals", written=written, ordered=ordered, channel=channel)
        try:
            done = write_instruction(
                listed, folder / "files", created=timezone.localtime(made), execute_on=day, formats=FORMATS,
                progress=lambda what, rows, total: report(f"Menulis {what}", rows, total),
            )  # fmt: skip
        except FileRefused as refused:
            raise Refused("file_refused", channel=channel, sentence=_sentence(refused)) from refused
        except TotalsDiffer as differ:
            raise Refused("totals", written=differ.written, ordered=differ.ordered, channel=channel) from differ
        password = new_password()
        path = _folder(cycle) / f"{uuid4().hex}.zip"
        report(f"Mengunci berkas {channel}", 0, 0)
        _zip(path, folder / "files", password)
        flush(path)
    digests = {file.list_sha256 for file in done.files if file.rows == done.rows}
    return Packed(path, password, done.rows, done.total_rupiah, digests.pop(), sha256_of(path))


def keep_password(instruction: Instruction, password: str) -> None:
    """Sealed until it is shown, and its digest for good; the caller saves."""
    instruction.password_sealed = seal(password, password_place(instruction))
    instruction.password_sha256 = hashlib.sha256(password.encode()).hexdigest()


def password_place(instruction: Instruction) -> Place:
    """What the sealed password is bound to."""
    return Place("payments_instruction", "password", str(instruction.pk))


def _folder(cycle: Cycle) -> Path:
    return Path(settings.DATA_DIR) / "instructions" / str(cycle.pk)


@contextmanager
def _private(cycle: Cycle) -> Iterator[Path]:
    """The one folder identifiers stand in the open in: nobody else's, and gone afterwards.

    Its name is the cycle's, so what a killed job left is found and deleted by the next; the cycle is locked.
    """
    folder = _folder(cycle) / "open"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sentence(refused: FileRefused) -> str:
    fault = refused.faults[0]
    code = fault.code if "." in fault.code else f"faults.{fault.code}"
    try:
        return say(code, **fault.facts)
    except (KeyError, IndexError):
        return fault.code


def _zip(path: Path, files: Path, password: str) -> None:
    told = sorted(each for each in files.rglob("*") if each.is_file() and each.name != "manifest.json")
    write_locked_zip(path, told, password)


_ROWS = """
select p.payment_id, p.nik_sealed, p.nik_index, p.account_sealed, p.account_index, p.name, p.channel,
    left(p.village_code, 4), p.reissue_of_id is not null, p.amount_rupiah
from payments_payment p
where p.list_id = any(%s) order by p.payment_id collate "C" """


def _write_payments(cycle: Cycle, lists: list[PaymentList], path: Path, told: Callable[[int], None]) -> tuple[int, int]:
    """A PAYMENTS list with what was sealed, each identifier proved against its blind index. Gives rows and rupiah."""
    rows = total = 0
    with path.open("w", encoding="utf-8", newline="") as file, connection.chunked_cursor() as cursor:
        writer = csv.writer(file)
        writer.writerow(PAYMENTS.names)
        cursor.execute(_ROWS, [[each.pk for each in lists]])
        while batch := cursor.fetchmany(_BATCH):
            for row in batch:
                writer.writerow(_opened(cycle, row))
                rows, total = rows + 1, total + row[-1]
            told(rows)
    return rows, total


def _opened(cycle: Cycle, row: tuple[Any, ...]) -> list[object]:
    payment_id, nik_sealed, nik_index, account_sealed, account_index, name, channel, district, again, amount = row
    try:
        nik = unseal(nik_sealed, Place("payments_payment", "nik", payment_id))
        account = unseal(account_sealed, Place("payments_payment", "account", payment_id))
    except NotOurs as error:
        raise Refused("damaged_row", payment=payment_id) from error
    by_nik, by_account = (each and bytes(each) for each in (nik_index, account_index))
    told = blind("nik", nik, _version(by_nik)), blind_account(channel, account, _version(by_account))
    if told != (by_nik, by_account):
        raise Refused("damaged_row", payment=payment_id)
    dotted = RegionCode(district).dotted()
    family_no = family_no_of(payment_id, again=again)
    return [payment_id, cycle.key, family_no, nik, name, channel, account, dotted, amount]


def _version(index: bytes | None) -> int | None:
    """A payment keeps the index its list was made with."""
    return index_version(index) if index else None
