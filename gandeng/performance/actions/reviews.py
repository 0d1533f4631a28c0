"""A supervisor reads a report and agrees, or returns it with what is wrong; reports and figures leave the office."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, seal
from gandeng.performance.actions.common import PerformanceRefused, refusing
from gandeng.performance.models import Report, Review
from gandeng.performance.report_queries import Opened, may_review


@transaction.atomic
def review(acting: Acting, opened: Opened, verdict: str, comment: str, shown_sha256: str) -> Review:
    """Agree to what was read, or return it. Raises PerformanceRefused, PermissionDenied."""
    report, version = opened.report, opened.version
    authority = acting.authority(May.REVIEW_WORK, report.staff.region_code)
    if opened.own:
        raise PermissionDenied("oneself")
    if version is None or version.content_sha256 != shown_sha256 or not may_review(acting, opened):
        raise PerformanceRefused(_("Laporan ini sudah ditinjau, atau diserahkan lagi. Baca yang sekarang dahulu."))
    if verdict == Review.Verdict.RETURNED and not comment.strip():
        raise PerformanceRefused(_("Tulis apa yang harus diperbaiki."), "comment")
    key = uuid4()
    with refusing(_("Laporan ini sudah ditinjau, atau bukan untuk Anda tinjau.")):
        made = Review.objects.create(
            pk=key, version=version, region_code=report.region_code, verdict=verdict, content_sha256=shown_sha256,
            by_id=acting.person_id, authority=authority,
            comment_sealed=seal(comment, Place("performance_review", "comment", str(key))),
        )  # fmt: skip
    record(
        acting, "report.agreed" if verdict == Review.Verdict.AGREED else "report.returned", report,
        region=report.region_code, authority=authority, sha256=shown_sha256, number=version.number,
        month=report.month.isoformat()[:7],
    )  # fmt: skip
    return made


def note_download(acting: Acting, report: Report, kind: str, sha256: str) -> None:
    """A report was taken away as a file."""
    held = acting.first
    record(
        acting, "report.downloaded", report, region=report.region_code, authority=held.words if held else "",
        format=kind, sha256=sha256,
    )  # fmt: skip


def note_export(acting: Acting, region: str, period: str, rows: int) -> None:
    """Figures of staff were taken away."""
    held = acting.held(May.SEE_STAFF)
    record(
        acting, "performance.exported", object_type="Performance", region=region or held.region_code,
        authority=held.words, period=period, rows=rows,
    )  # fmt: skip
