"""A file of a bank or the post: received, taken whole or refused whole, withdrawn whole."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.machine import for_everyone
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.faults import FileRefused
from gandeng.core.money import format_number
from gandeng.files.flushed import flush
from gandeng.files.intake import explain_note, take
from gandeng.files.layouts import RESULTS
from gandeng.files.room import is_full
from gandeng.jobs.models import Job
from gandeng.jobs.work import Report, WorkRefused, start
from gandeng.payments.actions import before_closing, stays_open
from gandeng.payments.models import Cycle
from gandeng.payments.queries import books_for
from gandeng.payments.refused import Refused
from gandeng.reconciliation.actions.file_faults import Told, of_reading, of_rows
from gandeng.reconciliation.actions.locking import lock_cycle
from gandeng.reconciliation.actions.run import STEPS, rows_path, run_cycle
from gandeng.reconciliation.actions.voiding import void_of_file
from gandeng.reconciliation.blinding import write_blinded
from gandeng.reconciliation.models import ResultFile
from gandeng.reconciliation.snapshots import index_version_of, named_elsewhere, write_payments
from gandeng.reconciliation.workplace import workplace
from gandeng.web.room import FULL
from gandeng.web.templatetags.gandeng import waktu

RECEIVES = (Cycle.State.INSTRUCTED, Cycle.State.RECONCILING, Cycle.State.SIGNED)
"""States of a cycle that files may come in for; those about a closed one are booked in an open one (`books_for`)."""

FAULTS_KEPT = 100
RUPIAH_MAX = 99_999_999_999_999
"""Of a typed total: a hundred times a year of the whole programme; numbers of every program hold it exactly."""
_NAME_MAX = 200
_READING = "reconciliation.take_file"
_READING_TITLE = "Membaca berkas {name} dan mencocokkan"


class NotReceived(Exception):
    """The file cannot come in; the message says why, in the language of the page."""


class CameBefore(NotReceived):
    """The same content is there already."""


class Uploaded(Protocol):
    """What a browser sends: a name and pieces."""

    @property
    def name(self) -> str | None:
        """As the sender calls it."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """The content."""
        ...


@dataclass(frozen=True)
class Typed:
    """Totals a person typed before seeing ours."""

    rows: int
    rupiah: int


def receive_file(
    acting: Acting, cycle: Cycle, sent: Uploaded, *, channel: str, region: str, typed: Typed
) -> tuple[ResultFile, Job]:
    """Keep a file about the payments of `cycle` as it came and put its reading in the queue.

    Where the cycle is closed, the file belongs to the open one that books it. Raises NotReceived, CameBefore.
    """
    authority = acting.authority(May.SEND_RESULTS, region, channel)
    if not region.startswith(cycle.region_code):
        raise NotReceived(_("Wilayah berkas di luar wilayah tahap ini."))
    books, file_id = _books(cycle), uuid4()
    path, digest, size = _kept(file_id, sent)
    try:
        with transaction.atomic():
            books = _kept_open(cycle)
            late = {"about": str(cycle)} if books.pk != cycle.pk else {}
            file = ResultFile.objects.create(
                pk=file_id, cycle=books, about_cycle=cycle if late else None, channel=channel, region_code=region,
                name=(sent.name or "berkas")[:_NAME_MAX], sha256=digest, size_bytes=size, path=str(path),
                typed_rows=typed.rows, typed_rupiah=typed.rupiah, sent_by_id=acting.person_id,
            )  # fmt: skip
            record(
                acting, "results.received", file, region=region, authority=authority, channel=channel, sha256=digest,
                bytes=size, typed_rows=typed.rows, typed_rupiah=typed.rupiah, cycle=str(books), **late,
            )  # fmt: skip
            job = start(acting, _READING, _reading(file), file_id=str(file.pk))
    except IntegrityError as error:
        path.unlink(missing_ok=True)
        if "result_file_once" not in str(error):
            raise
        named = {"cycle": books, "about_cycle": None if books.pk == cycle.pk else cycle, "channel": channel}
        if (again := _read_again(acting, {**named, "region_code": region, "sha256": digest}, typed)) is not None:
            return again
        raise CameBefore(_came_before(cycle, digest)) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return file, job


def _read_again(acting: Acting, named: dict[str, Any], typed: Typed) -> tuple[ResultFile, Job] | None:
    """The same file, where its reading was stopped or failed and nobody waits for it: in the queue once more.

    Without this it would stay unread for ever, and its districts could never sign.
    """
    with transaction.atomic():
        waiting = ResultFile.objects.select_for_update(of=("self",), no_key=True)
        file = waiting.filter(**named, state=ResultFile.State.RECEIVED).first()
        under_way = Job.objects.filter(
            kind=_READING, arguments__file_id=str(file and file.pk), state__in=[Job.State.WAITING, Job.State.RUNNING]
        )
        if file is None or under_way.exists():
            return None
        file.typed_rows, file.typed_rupiah = typed.rows, typed.rupiah
        file.save(update_fields=["typed_rows", "typed_rupiah"])
        record(
            acting, "results.received_again", file, region=file.region_code, channel=file.channel, sha256=file.sha256,
            typed_rows=typed.rows, typed_rupiah=typed.rupiah,
        )  # fmt: skip
        return file, start(acting, _READING, _reading(file), file_id=str(file.pk))


def _reading(file: ResultFile) -> str:
    return _READING_TITLE.format(name=file.name)


def _books(cycle: Cycle) -> Cycle:
    """The cycle that a file about `cycle` belongs to: itself, or after its closing the next one that is open."""
    if cycle.state == Cycle.State.CLOSED:
        books = books_for(cycle)
        if books is None:
            raise NotReceived(
                _(
                    "Tahap ini sudah ditutup dan tidak berubah lagi. Laporan yang datang kemudian dicatat sebagai"
                    " koreksi pada tahap berikutnya, dan tahap itu belum dibuka. Minta petugas provinsi membukanya,"
                    " lalu kirim lagi."
                )
            )
        return books
    if cycle.state not in RECEIVES:
        raise NotReceived(_("Perintah bayar tahap ini belum dikirim, jadi belum ada hasil yang dapat diterima."))
    return cycle


def _kept_open(cycle: Cycle) -> Cycle:
    """The cycle that a file about `cycle` belongs to now, which nobody closes until the transaction ends."""
    while True:
        books = _books(Cycle.objects.get(pk=cycle.pk))
        try:
            stays_open(books.pk)
        except Refused as refused:
            raise NotReceived(str(refused)) from refused
        if _books(Cycle.objects.get(pk=cycle.pk)).pk == books.pk:
            return books


def _came_before(cycle: Cycle, digest: str) -> str:
    """When and by whom, for whoever may see that file; else that it came."""
    found = (
        ResultFile.objects.select_related("sent_by")
        .filter(Q(cycle=cycle, about_cycle=None) | Q(about_cycle=cycle))
        .filter(sha256=digest, state__in=[ResultFile.State.RECEIVED, ResultFile.State.TAKEN])
        .first()
    )
    if found is None:
        return _("Isi berkas ini sama dengan berkas yang sudah diterima, jadi tidak dipakai dua kali.")
    return _(
        "Isi berkas ini sama dengan berkas yang sudah diterima pada %(instant)s dari %(person)s dengan nama"
        " %(name)s, jadi tidak dipakai dua kali."
    ) % {"instant": waktu(found.sent_at), "person": found.sent_by.name, "name": found.name}


def _kept(file_id: UUID, sent: Uploaded) -> tuple[Path, str, int]:
    """The file under a name of ours, readable by us alone; its digest and size. Nothing is left of a part of it."""
    home = settings.DATA_DIR / "results"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, digest, size = home / str(file_id), hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in sent.chunks():
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        flush(path)
    except OSError as error:
        path.unlink(missing_ok=True)
        if not is_full(error):
            raise
        raise NotReceived(FULL) from error
    return path, digest.hexdigest(), size


def take_file(acting: Acting, file_id: UUID, report: Report) -> ResultFile:
    """Read a received file, and reconcile the cycle with it, in the caller's transaction.

    A file that cannot be trusted ends REFUSED with its faults; then nothing else changes.
    """
    with in_territory(for_everyone(acting)), transaction.atomic(), workplace() as work:
        file = ResultFile.objects.select_related("cycle", "about_cycle").get(pk=file_id)
        report("Menunggu giliran", 0, STEPS)
        cycle, about = lock_cycle(file.cycle_id), file.about_cycle
        file.refresh_from_db(fields=["state"])
        if file.state != ResultFile.State.RECEIVED:
            return file
        if cycle.state == Cycle.State.CLOSED or (about is None and cycle.state not in RECEIVES):
            raise WorkRefused(_("Tahap ini sudah ditutup sebelum berkas sempat dibaca. Tidak ada yang berubah."))
        report("Membaca berkas", 1, STEPS)
        try:
            taken = take(file.kept, RESULTS, work.folder, source=file.name)
        except FileRefused as refused:
            _refuse(acting, file, [of_reading(fault) for fault in refused.faults], refused.fault_count)
            return file
        file.rows, file.rupiah = taken.rows, taken.total_rupiah or 0
        file.notes = [explain_note(note) for note in taken.notes[:FAULTS_KEPT]]
        payments, version = write_payments((about or cycle).pk, work), index_version_of((about or cycle).pk)
        file.rows_sha256 = write_blinded(taken, rows_path(file), work.con, version)
        elsewhere = named_elsewhere((about or cycle).pk, payments, [rows_path(file)], work)
        if faults := of_rows(file, payments, elsewhere, work):
            rows_path(file).unlink()
            file.rows_sha256 = ""
            _refuse(acting, file, faults, len(faults))
            return file
        file.state = ResultFile.State.TAKEN
        file.save()
        run = run_cycle(acting, cycle, work, report, payments=payments, about=about)
        record(
            acting, "results.taken", file, region=file.region_code, channel=file.channel, rows=file.rows,
            rupiah=file.rupiah, sha256=file.sha256, run=run.number,
        )  # fmt: skip
        report("Selesai", STEPS, STEPS)
        return file


def _refuse(acting: Acting, file: ResultFile, faults: list[Told], count: int) -> None:
    kept = faults[:FAULTS_KEPT]
    if count > len(kept):
        more = _("… dan %(n)s kesalahan lagi yang tidak ditampilkan.") % {"n": format_number(count - len(kept))}
        kept.append({"row": None, "column": "", "words": more})
    file.state, file.faults = ResultFile.State.REFUSED, kept
    file.save()
    record(
        acting, "results.refused", file, region=file.region_code, channel=file.channel, faults=count, sha256=file.sha256
    )


@before_closing
def _require_read(cycle: Cycle) -> None:
    """A file that waits to be read, also one about an earlier cycle, could never be read afterwards."""
    waiting = ResultFile.objects.filter(cycle=cycle, state=ResultFile.State.RECEIVED).count()
    if waiting:
        raise Refused("files_waiting", count=waiting)


def ask_withdrawal(acting: Acting, file: ResultFile, reason: str) -> Job:
    """Put the withdrawal of a file in use in the queue. Raises NotReceived where it cannot be withdrawn."""
    _require_withdrawable(acting, file, reason)
    return start(
        acting, "reconciliation.withdraw_file", f"Menarik berkas {file.name} dan menghitung ulang",
        file_id=str(file.pk), reason=reason.strip(),
    )  # fmt: skip


def _require_withdrawable(acting: Acting, file: ResultFile, reason: str) -> str:
    authority = acting.authority(May.WITHDRAW_RESULTS, file.region_code, file.channel)
    if file.sent_by_id == acting.person_id:
        raise NotReceived(_("Berkas ditarik oleh orang lain, bukan oleh pengirimnya."))
    if file.state != ResultFile.State.TAKEN:
        raise NotReceived(_("Hanya berkas yang sedang dipakai yang dapat ditarik."))
    if file.cycle.state == Cycle.State.CLOSED:
        raise NotReceived(_("Tahap ini sudah ditutup; berkasnya tidak dapat ditarik lagi."))
    if not reason.strip():
        raise NotReceived(_("Tuliskan alasannya."))
    return authority


def withdraw_file(acting: Acting, file_id: UUID, reason: str, report: Report) -> ResultFile:
    """Withdraw a file as a whole and reconcile without it, in the caller's transaction; signatures on it are void."""
    with in_territory(for_everyone(acting)), transaction.atomic(), workplace() as work:
        report("Menunggu giliran", 0, STEPS)
        cycle = lock_cycle(ResultFile.objects.get(pk=file_id).cycle_id)
        file = ResultFile.objects.select_related("cycle", "about_cycle").get(pk=file_id)
        if file.state == ResultFile.State.WITHDRAWN:
            return file
        try:
            authority = _require_withdrawable(acting, file, reason)
        except NotReceived as error:
            raise WorkRefused(str(error)) from error
        file.state, file.withdrawn_by_id = ResultFile.State.WITHDRAWN, acting.person_id
        file.withdrawn_at, file.withdrawn_reason = timezone.now(), reason
        file.save()
        record(
            acting, "results.withdrawn", file, region=file.region_code, authority=authority, reason=reason,
            channel=file.channel, sha256=file.sha256, rows=file.rows, rupiah=file.rupiah,
        )  # fmt: skip
        if file.about_cycle is None:  # what a late one had changed, the run finds changed back
            void_of_file(acting, cycle, file)
        run_cycle(acting, cycle, work, report, about=file.about_cycle)
        report("Selesai", STEPS, STEPS)
        return file
