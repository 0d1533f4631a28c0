"""Lists an office brings along: read and looked at, applied, put away, undone as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.facilitators import caselists, fitting, importing, merging, moving
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.import_queries import APPLIES, TAKES, changes_something, head_count
from gandeng.facilitators.models import CaseloadChange, Import
from gandeng.facilitators.moving import CaseloadRefused
from gandeng.facilitators.unmerging import undo_rows
from gandeng.files.intake import take
from gandeng.jobs.work import Report, WorkRefused
from gandeng.registry.models import ordered_id
from gandeng.registry.staging import StagedOtherwise, uploaded
from gandeng.registry.undoing import Touched
from gandeng.web.days import transaction_time

Kind, State = Import.Kind, Import.State


@dataclass(frozen=True)
class Sent:
    """What was uploaded: our folder, the name it came under, what it is, the region it is about, and why."""

    upload: str
    called: str
    kind: str
    region: str
    reason: str


def take_list(acting: Acting, sent: Sent, report: Report) -> Import:
    """Read, check and compare a list; nothing of it is so yet. Raises WorkRefused, PermissionDenied."""
    authority = _right_to_take(acting, sent)
    with uploaded(sent.upload) as folder:
        with in_territory(MACHINE):
            importing.forget_old(set(Import.objects.filter(state=State.STAGED).values_list("pk", flat=True)))
        found = _taken(acting, sent, folder, report)
    record(
        acting, "staff_list.taken", found, region=sent.region, authority=authority, reason=sent.reason,
        kind=sent.kind, counts=found.preview["counts"], sha256=found.sha256,
    )  # fmt: skip
    return found


def _right_to_take(acting: Acting, sent: Sent) -> str:
    rights = TAKES[sent.kind]
    held = next((may for may in rights if acting.may(may, sent.region)), rights[0])
    return acting.authority(held, sent.region)


def _taken(acting: Acting, sent: Sent, folder: Path, report: Report) -> Import:
    layout = importing.LAYOUTS[sent.kind]
    report("Membaca berkas", 0, 3)
    file = take(next(folder.glob("list*")), layout, folder / "work", source=sent.called)
    import_id = ordered_id()
    digest = importing.keep(import_id, file, layout)
    try:
        report("Mencocokkan dengan catatan", 1, 3)
        preview = _preview(acting, sent, import_id, digest)
        report("Menyimpan pratinjau", 2, 3)
        return Import.objects.create(
            pk=import_id, kind=sent.kind, region_code=sent.region, name=sent.called, sha256=file.sha256,
            staged_sha256=digest, reason=sent.reason, preview=preview, taken_by_id=acting.person_id,
        )  # fmt: skip
    except BaseException:
        importing.forget(import_id)
        raise


def _preview(acting: Acting, sent: Sent, import_id: UUID, digest: str) -> dict[str, Any]:
    if sent.kind == Kind.CASELOAD:
        _hold_caseload(sent.region)
        counts = _compared(sent.region, import_id, digest)
        return {"counts": counts, "people": caselists.by_facilitator()}
    today = timezone.localdate()
    with _tried():
        _staff_ready(acting, sent.region, import_id, digest)
        before = head_count(sent.region, today)
        counts = asdict(_merged())
        return {"counts": counts, "before": before, "after": head_count(sent.region, today)}


@contextmanager
def _tried() -> Iterator[None]:
    """What is done inside is looked at and then as if it had never been."""
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)


def _staff_ready(acting: Acting, region: str, import_id: UUID, digest: str) -> None:
    """The list stands beside the staff, and fits it. Raises WorkRefused."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('facilitators_staff'), 0)")
    _fill(import_id, Kind.STAFF, digest)
    merging.prepare()
    _refuse(*fitting.refusals(region, acting.person_id, timezone.localdate()))


def _merged(found: Import | None = None) -> merging.Merged:
    try:
        with transaction.atomic():
            return merging.merge(found.pk if found else None, found.region_code if found else "")
    except IntegrityError as error:
        raise WorkRefused(
            _("Ada nomor yang sudah dipakai di wilayah lain, atau tanggal yang bertumpuk dengan catatan yang ada.")
        ) from error


def _compared(region: str, import_id: UUID, digest: str) -> dict[str, Any]:
    """Counts of a caseload list that fits. Raises WorkRefused."""
    _fill(import_id, Kind.CASELOAD, digest)
    caselists.prepare()
    _refuse(*caselists.refusals(region, timezone.localdate()))
    told = asdict(caselists.compare())
    return told | {"acts": [list(act) for act in told["acts"]]}


def _hold_caseload(region: str) -> None:
    """A province's districts in their order, so that two lists wait for one another."""
    if len(region) >= DISTRICT_DIGITS:
        moving.hold(region)


def _fill(import_id: UUID, kind: str, digest: str) -> None:
    try:
        importing.fill(import_id, importing.LAYOUTS[kind], digest)
    except StagedOtherwise as error:
        raise WorkRefused(
            _("Baris yang disimpan bukan lagi yang diunggah. Tarik daftar ini dan unggah lagi.")
        ) from error


def _refuse(sentences: list[str], count: int) -> None:
    if not count:
        return
    told = ngettext(
        "Berkas tidak diambil: %(n)s hal tidak cocok. Tidak satu baris pun dipakai.",
        "Berkas tidak diambil: %(n)s hal tidak cocok. Tidak satu baris pun dipakai.", count,
    )  # fmt: skip
    more = count - len(sentences)
    lines = [told % {"n": count}, *sentences]
    raise WorkRefused("\n".join([*lines, _("Dan %(n)s lagi.") % {"n": more}] if more > 0 else lines))


def apply_list(acting: Acting, import_id: UUID | str, report: Report) -> Import:
    """Make it so, whole or not at all. Raises WorkRefused, PermissionDenied."""
    found = _locked(import_id)
    authority = acting.authority(APPLIES[found.kind], found.region_code)
    if found.state != State.STAGED:
        raise WorkRefused(_("Daftar ini tidak lagi menunggu penerapan."))
    if not changes_something(found):
        raise WorkRefused(_("Daftar ini tidak mengubah apa-apa: semuanya sudah demikian."))
    report("Mencocokkan dengan catatan", 0, 2)
    changes: list[str] = []
    if found.kind == Kind.STAFF:
        _staff_ready(acting, found.region_code, found.pk, found.staged_sha256)
        report("Menyimpan", 1, 2)
        counts: dict[str, Any] = asdict(_merged(found))
    else:
        _hold_caseload(found.region_code)
        counts = _compared(found.region_code, found.pk, found.staged_sha256)
    if counts != found.preview["counts"]:
        raise WorkRefused(_("Catatan berubah sejak pratinjau dibuat. Tarik daftar ini dan unggah lagi."))
    if found.kind == Kind.CASELOAD:
        changes = _carried_out(acting, found, report)
    report("Mencatat", 2, 2)
    found.state, found.applied_by_id, found.applied_at = State.APPLIED, acting.person_id, transaction_time()
    found.changes = changes
    found.save()
    record(
        acting, "staff_list.applied", found, region=found.region_code, authority=authority, reason=found.reason,
        kind=found.kind, counts=counts,
    )  # fmt: skip
    transaction.on_commit(lambda: importing.forget(found.pk))
    return found


def _carried_out(acting: Acting, found: Import, report: Report) -> list[str]:
    """One act per district and day; their ids."""
    made, acts = [], caselists.acts()
    for place, (district, day, _families) in enumerate(acts):
        report("Memindahkan keluarga", place, len(acts))
        authority = acting.authority(May.DECIDE_CASELOAD, district)
        caselists.fill(district, day)
        try:
            done = moving.carry_out(acting, caselists.kind_of(district, day), district, day=day, reason=found.reason)
        except CaseloadRefused as refused:
            raise WorkRefused(str(refused)) from refused
        made.append(str(caseload.note(acting, authority, *done, list=str(found.pk)).pk))
    return made


def withdraw_list(acting: Acting, found: Import, reason: str) -> None:
    """Put a list that was not applied away. Raises WorkRefused, PermissionDenied."""
    rights = TAKES[found.kind]
    held = next((may for may in rights if acting.may(may, found.region_code)), rights[0])
    authority = acting.authority(held, found.region_code)
    with transaction.atomic():
        locked = _locked(found.pk)
        if locked.state != State.STAGED:
            raise WorkRefused(_("Daftar ini tidak lagi menunggu penerapan."))
        _end(acting, locked, State.WITHDRAWN, reason)
        record(
            acting, "staff_list.withdrawn", locked, region=locked.region_code, authority=authority,
            reason=locked.end_reason,
        )  # fmt: skip
    transaction.on_commit(lambda: importing.forget(found.pk))


def undo_list(acting: Acting, import_id: UUID | str, reason: str, report: Report) -> Import:
    """Make everything the list touched what it was, or nothing. Raises WorkRefused, PermissionDenied."""
    found = _locked(import_id)
    authority = acting.authority(APPLIES[found.kind], found.region_code)
    if found.state != State.APPLIED:
        raise WorkRefused(_("Hanya daftar yang sudah diterapkan yang dapat dibatalkan."))
    report("Mengembalikan catatan", 0, 0)
    if found.kind == Kind.STAFF:
        _staff_back(found)
    else:
        _families_back(acting, found, reason)
    report("Mencatat", 0, 0)
    _end(acting, found, State.UNDONE, reason)
    record(acting, "staff_list.undone", found, region=found.region_code, authority=authority, reason=found.end_reason)
    return found


def _staff_back(found: Import) -> None:
    try:
        with transaction.atomic():
            undo_rows(found.pk, found.applied_at)
    except Touched as touched:
        told = ngettext(
            "%(n)s baris sudah berubah lagi sesudah daftar diterapkan. Perbaiki lewat catatan orangnya.",
            "%(n)s baris sudah berubah lagi sesudah daftar diterapkan. Perbaiki lewat catatan orangnya.", touched.count,
        )  # fmt: skip
        raise WorkRefused(told % {"n": touched.count}) from touched


def _families_back(acting: Acting, found: Import, reason: str) -> None:
    """Each act of the list, the last one first; one undone by hand already is left so."""
    acts = CaseloadChange.objects.filter(pk__in=found.changes, undone_by=None).order_by("-id")
    for change in acts:
        try:
            caseload.undo(acting, change, reason=reason)
        except CaseloadRefused as refused:
            raise WorkRefused(str(refused)) from refused


def _locked(import_id: UUID | str) -> Import:
    return Import.objects.select_for_update(of=("self",), no_key=True).get(pk=import_id)


def _end(acting: Acting, found: Import, state: str, reason: str) -> None:
    found.state, found.ended_by_id, found.ended_at = state, acting.person_id, timezone.now()
    found.end_reason = reason.strip()
    found.save()
