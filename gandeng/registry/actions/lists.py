"""Lists of the ministry: taken and looked at by one person, applied by another, undone as a whole."""

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pghistory
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.cycle import Cycle
from gandeng.core.faults import FileRefused
from gandeng.core.region_code import RegionCode
from gandeng.files.intake import explain_refusal
from gandeng.files.layouts import LISTED_FAMILIES, MEMBERS
from gandeng.files.taken import Taken
from gandeng.files.taken_rows import odd_rows
from gandeng.jobs.work import Report, WorkRefused
from gandeng.policy import benefit_policy
from gandeng.regions import places
from gandeng.registry.comparing import counts, looks_alike, moves_away, rupiah, strays
from gandeng.registry.loading import STATUSES, LoadRefused, merge_or_refuse, refuse_clashes
from gandeng.registry.merging import Whole, hold_families
from gandeng.registry.models import Intake, ordered_id
from gandeng.registry.snapshots import contract_selects, freeze
from gandeng.registry.staging import (
    StagedOtherwise,
    fill_incoming,
    folder_of,
    stage,
    staged_selects,
    upload_folder,
)
from gandeng.registry.taking_back import taken_back
from gandeng.registry.undoing import Touched, undo_rows
from gandeng.runs.cross_file import refuse_what_does_not_fit
from gandeng.runs.taking import Given, take_all
from gandeng.web.days import transaction_time

_FORGOTTEN_SECONDS = 24 * 3600
_MEMORY = "600MB"
_SENTENCES_SHOWN = 20


@dataclass(frozen=True)
class Sent:
    """What was uploaded: our folder, the names it came under, the region it covers, the cycle it is priced for."""

    upload: str
    families_name: str
    members_name: str
    region: str
    cycle: str


def take_list(acting: Acting, sent: Sent, report: Report) -> Intake:
    """Read, check, seal and compare a list; the registry is not touched. Raises WorkRefused, PermissionDenied."""
    authority = acting.authority(May.TAKE_LIST, sent.region)
    folder = upload_folder(sent.upload)
    if not folder.is_dir():
        raise WorkRefused(_("Berkasnya sudah tidak ada. Unggah lagi kedua berkas."))
    _forget_old_uploads()
    try:
        intake = _taken(acting, sent, folder, report)
    except FileRefused as refused:
        shutil.rmtree(folder, ignore_errors=True)
        raise WorkRefused("\n".join(explain_refusal(refused))) from refused
    except LoadRefused as refused:
        shutil.rmtree(folder, ignore_errors=True)
        raise WorkRefused(_sentences(refused)) from refused
    except WorkRefused:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    record(
        acting, "list.taken", intake, region=sent.region, authority=authority, cycle=sent.cycle,
        counts=intake.preview["counts"], families_sha256=intake.families_sha256, members_sha256=intake.members_sha256,
    )  # fmt: skip
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))
    return intake


def _sentences(refused: LoadRefused) -> str:
    more = refused.count - len(refused.sentences[:_SENTENCES_SHOWN])
    told = ngettext(
        "Daftar tidak diambil: %(n)s hal tidak cocok.", "Daftar tidak diambil: %(n)s hal tidak cocok.", refused.count
    )
    lines = [told % {"n": refused.count}, *refused.sentences[:_SENTENCES_SHOWN]]
    return "\n".join([*lines, _("Dan %(n)s lagi.") % {"n": more}] if more > 0 else lines)


def _taken(acting: Acting, sent: Sent, folder: Path, report: Report) -> Intake:
    work = folder / "work"
    given = [
        Given(next(folder.glob("families*")), LISTED_FAMILIES, sent.families_name),
        Given(next(folder.glob("members*")), MEMBERS, sent.members_name),
    ]
    files = take_all(given, work, lambda source, done, total: report(f"Membaca {source}", done, total))
    taken = {"families": files[0], "members": files[1]}
    _refuse_the_same(sent, taken)
    refuse_what_does_not_fit(taken, work / "spill", _MEMORY)
    _refuse_odd_status(taken["families"], work)
    _refuse_odd_deciles(taken["families"], work)
    intake_id = ordered_id()
    digest = stage(intake_id, taken, report)
    fill_incoming(intake_id, report)
    _refuse_strays(sent.region)
    refuse_clashes(report, region=sent.region)
    preview = _preview(sent, intake_id, work, report) | {"staged": digest}
    return Intake.objects.create(
        pk=intake_id, region_code=sent.region, cycle=sent.cycle, families_name=sent.families_name,
        members_name=sent.members_name, families_sha256=files[0].sha256, members_sha256=files[1].sha256,
        folder=str(intake_id), preview=preview, taken_by_id=acting.person_id,
    )  # fmt: skip


def _preview(sent: Sent, intake_id: UUID, work: Path, report: Report) -> dict[str, Any]:
    told: dict[str, Any] = {
        "counts": counts(sent.region), "codes": _unrecorded_codes(), "taken_back": taken_back(sent.region),
    }  # fmt: skip
    policy = benefit_policy(Cycle.parse(sent.cycle))
    told["alike"] = looks_alike(report) if told["counts"]["members"]["added"] else {"members": 0, "pairs": []}
    report("Menghitung rupiah sebelum", 0, 0)
    freeze(sent.region, work / "before", on=timezone.localdate())
    told["before"] = rupiah(policy, contract_selects(work / "before"), work / "rupiah")
    report("Menghitung rupiah sesudah", 0, 0)
    told["after"] = rupiah(policy, staged_selects(intake_id), work / "rupiah")
    return told


def _unrecorded_codes() -> int:
    """Families of the list that go away from a code no place has any more: their village changed rather than they."""
    return sum(n for village, n in moves_away().items() if places.place(RegionCode(village)) is None)


def _refuse_the_same(sent: Sent, taken: dict[str, Taken]) -> None:
    same = Intake.objects.filter(
        families_sha256=taken["families"].sha256, members_sha256=taken["members"].sha256, region_code=sent.region,
        state__in=[Intake.State.STAGED, Intake.State.APPLIED],
    ).first()  # fmt: skip
    if same:
        day = timezone.localtime(same.taken_at).strftime("%d-%m-%Y")
        told = _("Kedua berkas ini sudah diambil pada %(day)s (%(state)s).")
        raise WorkRefused(told % {"day": day, "state": same.get_state_display().lower()})


def _refuse_odd_status(families: Taken, work: Path) -> None:
    known = ", ".join(f"'{status}'" for status in sorted(STATUSES))
    if odd := odd_rows(families, work, f"status not in ({known})"):
        told = _("%(file)s: %(n)s baris berstatus tidak dikenal, antara lain baris %(rows)s. Yang dikenal: %(known)s.")
        raise WorkRefused(told % (odd | {"known": ", ".join(sorted(STATUSES))}))


def _refuse_odd_deciles(families: Taken, work: Path) -> None:
    """A decile is of a day, and that day has come."""
    if odd := odd_rows(families, work, "(decile is null) <> (decile_on is null)"):
        told = _("%(file)s: %(n)s baris memuat desil tanpa tanggalnya atau sebaliknya, antara lain baris %(rows)s.")
        raise WorkRefused(told % odd)
    if odd := odd_rows(families, work, f"decile_on > date '{timezone.localdate():%Y-%m-%d}'"):
        told = _("%(file)s: %(n)s baris memuat tanggal desil yang belum tiba, antara lain baris %(rows)s.")
        raise WorkRefused(told % odd)


def _refuse_strays(region: str) -> None:
    outside, villages = strays(region)
    if outside:
        told = ngettext(
            "%(n)s keluarga di daftar tinggal di luar wilayah yang dipilih.",
            "%(n)s keluarga di daftar tinggal di luar wilayah yang dipilih.", outside,
        )  # fmt: skip
        raise WorkRefused(told % {"n": outside})
    unknown = [code for code in villages if places.name_of(RegionCode(code)) is None]
    if unknown:
        shown = ", ".join(RegionCode(code).dotted() for code in unknown[:10])
        told = ngettext(
            "%(n)s kode desa tidak dikenal, antara lain %(codes)s.",
            "%(n)s kode desa tidak dikenal, antara lain %(codes)s.", len(unknown),
        )  # fmt: skip
        raise WorkRefused(told % {"n": len(unknown), "codes": shown})


def _forget_old_uploads() -> None:
    """What a killed worker left behind is gone after a day."""
    root = Path(settings.DATA_DIR) / "uploads"
    for folder in root.iterdir() if root.is_dir() else ():
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _FORGOTTEN_SECONDS:
                shutil.rmtree(folder)


def apply_list(acting: Acting, intake_id: UUID | str, report: Report) -> Intake:
    """Make the registry of the region what the list says. Raises WorkRefused, PermissionDenied."""
    intake = _locked(intake_id)
    authority = acting.authority(May.APPLY_LIST, intake.region_code)
    if why := why_not_apply(acting, intake):
        raise WorkRefused(why)
    _fill(intake, report)
    hold_families(intake.region_code)
    previewed, now = intake.preview["counts"], counts(intake.region_code)
    if any(told.keys() != now[part].keys() for part, told in previewed.items()):
        raise WorkRefused(_("Daftar ini dipratinjau sebelum Gandeng diperbarui. Tarik daftar ini dan unggah lagi."))
    same = {part: now[part] for part in previewed} == previewed  # one of a release before ours tells of no deciles
    back = intake.preview.get("taken_back")  # one of a release before ours tells of none
    if not same or (back is not None and back != taken_back(intake.region_code)):
        raise WorkRefused(_("Registri berubah sejak pratinjau dibuat. Tarik daftar ini dan unggah lagi."))
    whole = Whole(intake.pk, intake.region_code, f"Tidak ada di daftar {intake.families_name}")
    try:
        with pghistory.context(who=acting.person_name, intake=str(intake.pk)):
            merged = merge_or_refuse(
                timezone.localdate(), report, requested_by=intake.taken_by_id, approved_by=acting.person_id, whole=whole
            )
    except LoadRefused as refused:
        raise WorkRefused(_sentences(refused)) from refused
    intake.state, intake.applied_by_id, intake.applied_at = Intake.State.APPLIED, acting.person_id, transaction_time()
    intake.save()
    record(
        acting, "list.applied", intake, region=intake.region_code, authority=authority,
        families_added=merged.families_added, families_left=merged.families_left, members_added=merged.members_added,
        members_left=merged.members_left, accounts_held=merged.accounts_held, readings_added=merged.readings_added,
    )  # fmt: skip
    return intake


def _fill(intake: Intake, report: Report) -> None:
    refused = _("Daftar yang disimpan bukan lagi yang diunggah. Tarik daftar ini dan unggah lagi.")
    if not (digest := intake.preview.get("staged")):  # of a release that kept none
        raise WorkRefused(refused)
    try:
        fill_incoming(intake.pk, report, digest=digest)
    except StagedOtherwise as error:
        raise WorkRefused(refused) from error


def why_not_apply(acting: Acting, intake: Intake) -> str:
    """Why this person cannot apply this list now; "" where nothing is in the way."""
    if intake.state != Intake.State.STAGED:
        return _("Daftar ini tidak lagi menunggu penerapan.")
    if intake.taken_by_id == acting.person_id:
        return _("Daftar yang Anda unggah sendiri diterapkan oleh orang lain.")
    return ""


def _locked(intake_id: UUID | str) -> Intake:
    return Intake.objects.select_for_update(of=("self",), no_key=True).get(pk=intake_id)


def withdraw_list(acting: Acting, intake: Intake, reason: str) -> None:
    """Put a list that was not applied away. Raises WorkRefused, PermissionDenied."""
    own = intake.taken_by_id == acting.person_id
    authority = acting.authority(May.TAKE_LIST if own else May.APPLY_LIST, intake.region_code)
    with transaction.atomic():
        locked = _locked(intake.pk)
        if locked.state != Intake.State.STAGED:
            raise WorkRefused(_("Daftar ini tidak lagi menunggu penerapan."))
        _end(acting, locked, Intake.State.WITHDRAWN, reason)
        record(
            acting, "list.withdrawn", locked, region=locked.region_code, authority=authority, reason=locked.end_reason
        )
    transaction.on_commit(lambda: shutil.rmtree(folder_of(intake.pk), ignore_errors=True))


def undo_list(acting: Acting, intake_id: UUID | str, reason: str, report: Report) -> Intake:
    """Make everything the list touched what it was before, or nothing. Raises WorkRefused, PermissionDenied."""
    intake = _locked(intake_id)
    authority = acting.authority(May.APPLY_LIST, intake.region_code)
    if intake.state != Intake.State.APPLIED:
        raise WorkRefused(_("Hanya daftar yang sudah diterapkan yang dapat dibatalkan."))
    report("Mengembalikan registri", 0, 0)
    try:
        with transaction.atomic(), pghistory.context(who=acting.person_name, intake=str(intake.pk)):
            _end(acting, intake, Intake.State.UNDONE, reason)
            undo_rows(intake, timezone.localdate())
    except Touched as touched:
        told = ngettext(
            "%(n)s baris sudah berubah lagi sesudah daftar diterapkan. Perbaiki lewat perubahan data per keluarga.",
            "%(n)s baris sudah berubah lagi sesudah daftar diterapkan. Perbaiki lewat perubahan data per keluarga.",
            touched.count,
        )
        raise WorkRefused(told % {"n": touched.count}) from touched
    except IntegrityError as error:
        raise WorkRefused(
            _(
                "Keluarga atau anggota dari daftar ini sudah dipakai: dalam hitungan, daftar bayar, permintaan, atau"
                " pendampingan."
            )
        ) from error
    record(acting, "list.undone", intake, region=intake.region_code, authority=authority, reason=intake.end_reason)
    return intake


def _end(acting: Acting, intake: Intake, state: str, reason: str) -> None:
    intake.state, intake.ended_by_id, intake.ended_at = state, acting.person_id, timezone.now()
    intake.end_reason = reason.strip()
    intake.save()
