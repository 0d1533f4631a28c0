"""She begins a report, writes in it, adds photos, hands it in."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, seal, seal_content
from gandeng.facilitators.models import Staff
from gandeng.files.photos import Photo as Picture
from gandeng.performance.actions.common import PerformanceRefused, refusing
from gandeng.performance.composing import REMARKS, canonical, compose, digest
from gandeng.performance.models import Photo, Report, ReportVersion
from gandeng.performance.report_queries import Opened, months_to_write, photos_told, remarks_of

PHOTOS_MOST = 10


@transaction.atomic
def begin(acting: Acting, staff: Staff, month: date) -> Report:
    """A draft about a month; the one there is, where she began it before. Raises PerformanceRefused."""
    _herself(acting, staff)
    if again := Report.objects.filter(staff=staff, month=month).first():
        return again
    if month not in months_to_write(staff, timezone.localdate()):
        raise PerformanceRefused(
            _("Laporan bulan itu tidak dapat disusun: Anda belum bertugas, atau sudah terlalu lama.")
        )
    with refusing(_("Laporan bulan itu sudah ada.")):
        made = Report.objects.create(staff=staff, region_code=staff.region_code, month=month)
    _note(acting, "report.begun", made)
    return made


@transaction.atomic
def write(acting: Acting, opened: Opened, remarks: Mapping[str, str]) -> None:
    """Her own words. Raises PerformanceRefused, PermissionDenied."""
    report = _open_draft(acting, opened)
    told = json.dumps({name: remarks.get(name, "") for name in REMARKS}, ensure_ascii=False)
    Report.objects.filter(pk=report.pk).update(
        remarks_sealed=seal(told, Place("performance_report", "remarks", str(report.pk)))
    )
    _note(acting, "report.written", report)


@transaction.atomic
def add_photo(acting: Acting, opened: Opened, picture: Picture, caption: str) -> Photo:
    """A picture that was drawn anew, with what it shows. Raises PerformanceRefused, PermissionDenied."""
    report = _open_draft(acting, opened)
    there = Photo.objects.filter(report=report, removed_at=None)
    if there.filter(sha256=picture.sha256).exists():
        raise PerformanceRefused(_("Foto ini sudah ada dalam laporan ini."), "photo")
    if there.count() >= PHOTOS_MOST:
        raise PerformanceRefused(_("Paling banyak %(most)s foto.") % {"most": PHOTOS_MOST}, "photo")
    key = uuid4()
    made = Photo.objects.create(
        pk=key, report=report, region_code=report.region_code, byte_count=len(picture.jpeg), width=picture.width,
        height=picture.height, sha256=picture.sha256, look=picture.perceptual_hash,
        caption_sealed=seal(caption, Place("performance_photo", "caption", str(key))),
        content_sealed=seal_content(picture.jpeg, Place("performance_photo", "content", str(key))),
    )  # fmt: skip
    _note(acting, "report.photo_added", report, sha256=picture.sha256)
    return made


@transaction.atomic
def remove_photo(acting: Acting, opened: Opened, photo: Photo) -> None:
    """Deleted where it was never handed in, otherwise left out from now on. Raises PerformanceRefused."""
    report = _open_draft(acting, opened)
    rows = Photo.objects.filter(pk=photo.pk, report=report)
    if photo.handed_in:
        rows.update(removed_at=timezone.now())
    else:
        rows.delete()
    _note(acting, "report.photo_removed", report, sha256=photo.sha256)


@transaction.atomic
def hand_in(acting: Acting, opened: Opened) -> ReportVersion:
    """Frozen as the records are now, once the month is over. Raises PerformanceRefused, PermissionDenied."""
    if opened.report.month >= timezone.localdate().replace(day=1):
        raise PerformanceRefused(_("Bulan ini belum selesai. Laporan diserahkan sesudah bulan berakhir."))
    report = _open_draft(acting, opened)
    remarks = remarks_of(report)
    if not remarks.get("conclusion", "").strip():
        raise PerformanceRefused(_("Tulis kesimpulan Anda dahulu, lalu serahkan."), "conclusion")
    content = compose(report, report.staff, remarks, photos_told(report))
    key = uuid4()
    with refusing(_("Laporan ini sudah diserahkan.")):
        made = ReportVersion.objects.create(
            pk=key, report=report, region_code=report.region_code, number=report.versions.count() + 1,
            content_sealed=seal(canonical(content), Place("performance_reportversion", "content", str(key))),
            content_sha256=digest(content),
        )  # fmt: skip
    _note(acting, "report.handed_in", report, number=made.number, sha256=made.content_sha256)
    return made


def _herself(acting: Acting, staff: Staff) -> None:
    if staff.person_id != acting.person_id:
        raise PermissionDenied("only she herself")


def _open_draft(acting: Acting, opened: Opened) -> Report:
    """The row, locked; what was returned is a draft again."""
    _herself(acting, opened.report.staff)
    report = (
        Report.objects.select_for_update(of=("self",), no_key=True)
        .select_related("staff__person")
        .get(pk=opened.report.pk)
    )
    if report.state == Report.State.RETURNED:
        Report.objects.filter(pk=report.pk).update(state=Report.State.DRAFT)
        report.state = Report.State.DRAFT
    if report.state != Report.State.DRAFT:
        raise PerformanceRefused(_("Laporan ini sudah diserahkan dan tidak berubah lagi."))
    return report


def _note(acting: Acting, action: str, report: Report, **facts: Any) -> None:
    held = acting.first
    record(
        acting, action, report, region=report.region_code, authority=held.words if held else "",
        month=report.month.isoformat()[:7], **facts,
    )  # fmt: skip
