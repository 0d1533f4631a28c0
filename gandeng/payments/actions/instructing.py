"""From approved lists to one encrypted file per channel; identifiers stand in the open in one private folder only."""

import csv
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.accounts.signed_papers import NotSigned, signature_of
from gandeng.audit.actions import record
from gandeng.audit.sealing import NotOurs, Place, blind, blind_account, index_version, seal, unseal
from gandeng.core.channels import CHANNELS
from gandeng.core.faults import FileRefused
from gandeng.core.region_code import RegionCode
from gandeng.files.digests import sha256_of
from gandeng.files.instruction_layouts import TotalsDiffer
from gandeng.files.layouts import PAYMENTS
from gandeng.files.locked_zip import new_password, write_locked_zip
from gandeng.payments.actions.approvals import require_unchanged, words_of
from gandeng.payments.actions.journal import Account, Kind, Line, book
from gandeng.payments.actions.locking import locked
from gandeng.payments.levels import AFTER_INSTRUCTION, Level, asked, fully_approved
from gandeng.payments.models import Approval, Cycle, Instruction, Payment, PaymentList
from gandeng.payments.refused import Refused
from gandeng.runs.instruct import FORMATS
from gandeng.runs.instruct import instruct as write_instruction
from gandeng.words import say

type Report = Callable[[str, int, int], None]

State = PaymentList.State
FORMAT = "zip"
_BATCH = 5000


@dataclass(frozen=True)
class _Packed:
    """An encrypted file and what it holds."""

    path: Path
    password: str
    rows: int
    total_rupiah: int
    list_sha256: str
    sha256: str


def instruct(
    acting: Acting, cycle: Cycle, report: Report, *, channel: str | None = None, execute_on: date | None = None
) -> list[Instruction]:
    """Order the payments of every channel whose own lists are all approved, or of one; each channel once.

    The same approved lists are instructed and booked once, however often this is asked. Raises Refused.
    """
    authority = acting.authority(May.INSTRUCT, cycle.region_code)
    with locked(cycle, Cycle.State.LISTED, Cycle.State.APPROVED) as found:
        ready = _ready(found, channel)
        if not ready:
            raise Refused("nothing_to_instruct")
        made = timezone.now().replace(microsecond=0)
        day = execute_on or timezone.localdate()
        _sweep(found)
        instructions = [_order(acting, authority, found, lists, made, day, report) for lists in ready.values()]
        waiting = PaymentList.objects.filter(cycle=found, round=0, payments__gt=0).exclude(state=State.INSTRUCTED)
        if not waiting.exists():
            found.state = Cycle.State.INSTRUCTED
            found.save(update_fields=["state"])
    return instructions


def instruct_round(
    acting: Acting,
    cycle: Cycle,
    number: int,
    sources: Mapping[Cycle, Iterable[Line]],
    report: Report,
    *,
    execute_on: date | None = None,
) -> list[Instruction]:
    """Order a supplementary round, all its channels at once: with money that came back, and with what was held back.

    `sources` says of each cycle where the money that came back stands: lines into FUNDS, as much as the round sends
    again. Whoever calls has made sure that it stands there (`reconciliation.actions.reissues`). What was held back has
    not left the funds. Raises Refused.
    """
    authority = acting.authority(May.INSTRUCT, cycle.region_code)
    with locked(cycle, *AFTER_INSTRUCTION) as found:
        lists = _by_channel(found, number)
        ordered = [each for group in lists.values() for each in group]
        if not ordered or any(each.state != fully_approved(found) for each in ordered):
            raise Refused("round_not_approved", number=number)
        _require_backed(ordered, sources)
        for about, lines in sources.items():
            source = f"reissue:{found.pk}:{number}:{about.pk}"
            book(acting, found, Kind.REISSUED, source, lines, about_cycle=None if about.pk == found.pk else about)
        made = timezone.now().replace(microsecond=0)
        day = execute_on or timezone.localdate()
        _sweep(found)
        return [_order(acting, authority, found, own, made, day, report) for own in lists.values()]


def _by_channel(cycle: Cycle, number: int) -> dict[str, list[PaymentList]]:
    """The lists of a round that are not empty, each channel's by district."""
    rows = PaymentList.objects.filter(cycle=cycle, round=number, payments__gt=0).order_by("district_code")
    lists = {name: [each for each in rows if each.channel == name] for name in CHANNELS}
    return {name: own for name, own in lists.items() if own}


def _require_backed(ordered: list[PaymentList], sources: Mapping[Cycle, Iterable[Line]]) -> None:
    """Not a rupiah more or less than came back."""
    back = sum(rupiah for lines in sources.values() for *_, rupiah in lines)
    again = Payment.objects.filter(list__in=ordered, reissue_of__isnull=False)
    out = again.aggregate(rupiah=Sum("amount_rupiah", default=0))["rupiah"]
    if back != out:
        raise Refused("identity", check=f"sent again = came back {out} {back}")


def _order(
    acting: Acting, authority: str, cycle: Cycle, lists: list[PaymentList], made: datetime, day: date, report: Report
) -> Instruction:
    """One channel's approved lists of one round become its instruction, and their money goes to the channel."""
    _require_approved(cycle, lists)
    require_unchanged(*lists)
    packed = _pack(cycle, lists, made, day, report)
    instruction = _kept(acting, cycle, lists[0], packed, made, day)
    _book(acting, cycle, lists)
    facts: dict[str, Any] = {
        "channel": instruction.channel,
        "round": instruction.round,
        "payments": packed.rows,
        "rupiah": packed.total_rupiah,
        "sha256": packed.sha256,
    }
    record(acting, "cycle.instructed", instruction, region=cycle.region_code, authority=authority, **facts)
    return instruction


def _ready(cycle: Cycle, channel: str | None) -> dict[str, list[PaymentList]]:
    """Channels whose lists are all approved and not yet instructed, with those lists."""
    done = fully_approved(cycle)
    return {
        name: own
        for name, own in _by_channel(cycle, 0).items()
        if channel in (None, name) and all(each.state == done for each in own)
    }


def _require_approved(cycle: Cycle, lists: list[PaymentList]) -> None:
    """Every level asked has said yes to the content there is now, each by another person."""
    wanted = {Level.PREPARE.value, *(level.value for level in asked(cycle))}
    for each in lists:
        given = dict(Approval.objects.filter(list=each, root=each.root).values_list("level", "person_id"))
        if set(given) != wanted or len(set(given.values())) != len(wanted):
            raise Refused("not_approved", list=words_of(each))


def _kept(acting: Acting, cycle: Cycle, one: PaymentList, packed: _Packed, made: datetime, day: date) -> Instruction:
    """The instruction of the channel and round that `one` of its lists has."""
    region = cycle.region_code or "nasional"
    late = f"-susulan-{one.round}" if one.round else ""
    instruction = Instruction(
        cycle=cycle, channel=one.channel, round=one.round, format=FORMAT, region_code=cycle.region_code,
        path=_kept_as(packed.path), name=f"{one.channel}-{cycle.key}-{region}{late}.zip", rows=packed.rows,
        total_rupiah=packed.total_rupiah, list_sha256=packed.list_sha256, sha256=packed.sha256,
        made_by_id=acting.person_id, made_at=made, execute_on=day,
    )  # fmt: skip
    _keep_password(instruction, packed.password)
    instruction.save(force_insert=True)
    return instruction


def _keep_password(instruction: Instruction, password: str) -> None:
    instruction.password_sealed = seal(password, _password_place(instruction))
    instruction.password_sha256 = hashlib.sha256(password.encode()).hexdigest()


def _password_place(instruction: Instruction) -> Place:
    return Place("payments_instruction", "password", str(instruction.pk))


def _book(acting: Acting, cycle: Cycle, lists: list[PaymentList]) -> None:
    """From where approval has put it; a supplementary round's straight from the funds, where it went back or stayed."""
    for each in lists:
        each.state = State.INSTRUCTED
        each.save(update_fields=["state"])
    channel, number = lists[0].channel, lists[0].round
    leaves = Account.FUNDS if number else Account.NOT_SENT
    lines = [(each.district_code, channel, leaves, Account.AT_CHANNEL, each.total_rupiah) for each in lists]
    late = f":{number}" if number else ""
    book(acting, cycle, Kind.INSTRUCTED, f"instruct:{cycle.pk}:{channel}{late}", lines)


def _kept_as(path: Path) -> str:
    return path.relative_to(settings.DATA_DIR).as_posix()


def path_of(instruction: Instruction) -> Path:
    """Where the encrypted file is."""
    return Path(settings.DATA_DIR) / instruction.path


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


def _sweep(cycle: Cycle) -> None:
    """Files no instruction names: what killed jobs left behind."""
    named = set(Instruction.objects.filter(cycle=cycle).values_list("path", flat=True))
    shutil.rmtree(_folder(cycle) / "open", ignore_errors=True)
    for path in _folder(cycle).glob("*.zip"):
        if _kept_as(path) not in named:
            path.unlink()


def _pack(cycle: Cycle, lists: list[PaymentList], made: datetime, day: date, report: Report) -> _Packed:
    """The files of one channel's lists in one ZIP, AES-256, with a password of its own."""
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
    digests = {file.list_sha256 for file in done.files if file.rows == done.rows}
    return _Packed(path, password, done.rows, done.total_rupiah, digests.pop(), sha256_of(path))


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
    left(p.village_code, 4), f.family_no, p.amount_rupiah
from payments_payment p join registry_family f on f.id = p.family_id
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
    payment_id, nik_sealed, nik_index, account_sealed, account_index, name, channel, district, family, amount = row
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
    return [payment_id, cycle.key, family, nik, name, channel, account, dotted, amount]


def _version(index: bytes | None) -> int | None:
    """A payment keeps the index its list was made with."""
    return index_version(index) if index else None


def show_password(acting: Acting, instruction: Instruction) -> str:
    """The password, to its maker, once: only its digest stays."""
    authority = acting.authority(May.INSTRUCT, instruction.region_code)
    with transaction.atomic():
        found = Instruction.objects.select_for_update(no_key=True).get(pk=instruction.pk)
        if found.made_by_id != acting.person_id:
            raise Refused("password_not_yours")
        if found.cycle.state == Cycle.State.CLOSED:
            raise Refused("cycle_state", state=Cycle.State.CLOSED.label)
        if not bytes(found.password_sealed):
            raise Refused("password_gone")
        password = unseal(bytes(found.password_sealed), _password_place(found))
        found.password_sealed = b""
        found.save(update_fields=["password_sealed"])
        record(acting, "instruction.password_shown", found, region=found.region_code, authority=authority)
    return password


def may_download(acting: Acting, instruction: Instruction) -> str | None:
    """On whose authority, None for nobody's: whoever instructs, and the channel's own officer."""
    region, channel = instruction.region_code, instruction.channel
    for held in acting.grants:
        own = bool(held.channel) and held.allows(May.SEND_RESULTS, region, channel)
        if own or held.allows(May.INSTRUCT, region, channel):
            return held.words
    return None


def download(acting: Acting, instruction: Instruction) -> tuple[Path, str]:
    """The encrypted file and the name to give it. Logged each time; from the second time on it is named a copy."""
    authority = _authority(acting, instruction)
    with transaction.atomic():
        found = Instruction.objects.select_for_update(no_key=True).get(pk=instruction.pk)
        path = _as_made(found)
        found.downloads += 1
        if found.downloaded_at is None:
            found.downloaded_at, found.downloaded_by_id = timezone.now(), acting.person_id
        if found.cycle.state != Cycle.State.CLOSED:  # then nothing of it changes; the log has the fetching all the same
            found.save(update_fields=["downloads", "downloaded_at", "downloaded_by"])
        facts: dict[str, Any] = {"channel": found.channel, "sha256": found.sha256, "copy": found.downloads}
        record(acting, "instruction.downloaded", found, region=found.region_code, authority=authority, **facts)
    name = found.name if found.downloads == 1 else found.name.replace(".zip", f"-SALINAN-{found.downloads - 1}.zip")
    return path, name


def signature(acting: Acting, instruction: Instruction) -> tuple[bytes, str]:
    """The office's signature of the encrypted file, to lie beside it, and its name. Each is logged. Raises Refused."""
    authority = _authority(acting, instruction)
    try:
        told, serial = signature_of(_as_made(instruction))
    except NotSigned as error:
        raise Refused("not_signed") from error
    record(
        acting, "instruction.signed", instruction, region=instruction.region_code, authority=authority,
        channel=instruction.channel, sha256=instruction.sha256, certificate=serial,
    )  # fmt: skip
    return told, f"{instruction.name}.p7s"


def _authority(acting: Acting, instruction: Instruction) -> str:
    """Of whoever fetches it. Raises PermissionDenied."""
    found = may_download(acting, instruction)
    return acting.authority(May.INSTRUCT, instruction.region_code, instruction.channel) if found is None else found


def _as_made(instruction: Instruction) -> Path:
    """The encrypted file. Raises Refused where it is gone or another."""
    path = path_of(instruction)
    if not path.exists() or sha256_of(path) != instruction.sha256:
        raise Refused("order_damaged")
    return path


def repack(acting: Acting, instruction: Instruction, reason: str, report: Report) -> Instruction:
    """The same files under a new password, where the old one was lost. The content is proved to be what was ordered."""
    if not reason.strip():
        raise Refused("reason_missing")
    authority = acting.authority(May.INSTRUCT, instruction.region_code)
    with locked(instruction.cycle) as cycle:
        found = Instruction.objects.select_for_update(no_key=True).get(pk=instruction.pk)
        if cycle.state == Cycle.State.CLOSED:
            raise Refused("cycle_state", state=Cycle.State.CLOSED.label)
        ordered = PaymentList.objects.filter(cycle=cycle, channel=found.channel, round=found.round)
        lists = list(ordered.filter(state=State.INSTRUCTED))
        require_unchanged(*lists)
        packed = _pack(cycle, lists, found.made_at, found.execute_on or timezone.localdate(), report)
        if packed.list_sha256 != found.list_sha256:
            packed.path.unlink()
            raise Refused("list_differs")
        old = path_of(found)
        found.earlier_sha256.append(found.sha256)
        found.path, found.sha256, found.made_by_id = _kept_as(packed.path), packed.sha256, acting.person_id
        _keep_password(found, packed.password)
        found.save()
        facts: dict[str, Any] = {"channel": found.channel, "sha256": found.sha256}
        record(
            acting, "instruction.repacked", found, region=cycle.region_code, authority=authority, reason=reason, **facts
        )
        transaction.on_commit(lambda: old.unlink(missing_ok=True))
    return found
