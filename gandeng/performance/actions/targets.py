"""An office says what it asks for in a year, and until when it awaits reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.performance.actions.common import PerformanceRefused
from gandeng.performance.models import ReportDay, Target


@dataclass(frozen=True)
class Wanted:
    """What an office asks for: of a job title, or of a post."""

    region: str
    year: int
    areas: Sequence[int]
    job_title: str = ""
    post_role: str = ""
    basis: str = Target.Basis.COUNT
    count: int | None = None
    reason: str = ""


@transaction.atomic
def set_targets(acting: Acting, wanted: Wanted) -> list[Target]:
    """A word about each of the areas. Raises PerformanceRefused, PermissionDenied."""
    authority = acting.authority(May.SET_TARGETS, wanted.region)
    if wanted.year < timezone.localdate().year:
        raise PerformanceRefused(_("Target tahun yang sudah lewat tidak diubah lagi."), "year")
    made = [
        Target.objects.create(
            region_code=wanted.region, year=wanted.year, area=area, job_title=wanted.job_title,
            post_role=wanted.post_role, basis=wanted.basis, count=wanted.count, reason=wanted.reason,
            set_by_id=acting.person_id, authority=authority,
        )
        for area in wanted.areas
    ]  # fmt: skip
    for one in made:
        record(
            acting, "target.set", one, region=wanted.region, authority=authority, reason=wanted.reason,
            year=wanted.year, area=one.area, whose=wanted.job_title or wanted.post_role, basis=wanted.basis,
            count=wanted.count,
        )  # fmt: skip
    return made


@transaction.atomic
def set_report_day(acting: Acting, region: str, day: int | None, valid_from: date, reason: str) -> ReportDay:
    """Reports from that month on are awaited until that day of the next month; None: no day any more."""
    authority = acting.authority(May.SET_TARGETS, region)
    if valid_from < timezone.localdate().replace(month=1, day=1):
        raise PerformanceRefused(_("Paling awal Januari tahun ini."), "begins")
    made = ReportDay.objects.create(
        region_code=region, day=day, valid_from=valid_from.replace(day=1), reason=reason, set_by_id=acting.person_id,
        authority=authority,
    )  # fmt: skip
    record(
        acting, "report_day.set", made, region=region, authority=authority, reason=reason, day=day,
        valid_from=made.valid_from.isoformat(),
    )  # fmt: skip
    return made
