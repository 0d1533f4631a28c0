"""Reports one may open, what waits for review, who has not handed in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May, Role
from gandeng.audit.sealing import Place, unseal, unseal_content
from gandeng.facilitators.models import Post, Staff
from gandeng.facilitators.queries import own_record
from gandeng.facilitators.staff_queries import on_day
from gandeng.performance.composing import compose
from gandeng.performance.models import Photo, Report, ReportVersion, Review
from gandeng.performance.months import month_before, next_month
from gandeng.performance.target_queries import report_day, report_days
from gandeng.web.scoping import Territory

COORDINATORS = (Post.Role.DISTRICT_COORDINATOR, Post.Role.REGIONAL_COORDINATOR)
HEADS = (Role.DISTRICT_HEAD, Role.PROVINCE_HEAD)
BACK = 12
"""Months one may still begin a report about."""


@dataclass(frozen=True)
class Opened:
    """One report as the asker sees it."""

    report: Report
    own: bool
    version: ReportVersion | None
    """The last one handed in."""
    review: Review | None
    """Of that version."""

    @property
    def is_draft(self) -> bool:
        """Her own, which she may write in: what was returned becomes a draft by writing."""
        return self.own and self.report.state in (Report.State.DRAFT, Report.State.RETURNED)


def own_reports(staff: Staff) -> QuerySet[Report]:
    """Hers, newest month first."""
    return Report.objects.filter(staff=staff).order_by("-month")


def reports_in(acting: Acting) -> QuerySet[Report]:
    """Handed in at least once, of the staff one may see; drafts are their writers' alone."""
    handed_in = ReportVersion.objects.filter(report_id=OuterRef("pk"))
    rows = Report.objects.filter(Exists(handed_in), staff__region_code__within=acting.where(May.SEE_STAFF))
    return rows.select_related("staff__person")


def access_report(acting: Acting, report_id: UUID) -> Opened:
    """One's own, or one handed in by staff one may see. Http404."""
    report = Report.objects.select_related("staff__person").filter(pk=report_id).first()
    if report is None:
        raise Http404
    own = report.staff.person_id == acting.person_id
    version = report.versions.order_by("-number").first()
    if not own and (version is None or not acting.may(May.SEE_STAFF, report.staff.region_code)):
        raise Http404
    review = Review.objects.select_related("by").filter(version=version).first() if version else None
    return Opened(report, own, version, review)


def access_own(acting: Acting, report_id: UUID) -> Opened:
    """A report of one's own. Http404."""
    opened = access_report(acting, report_id)
    if not opened.own:
        raise Http404
    return opened


def remarks_of(report: Report) -> dict[str, str]:
    """What she wrote so far."""
    told = unseal(bytes(report.remarks_sealed), Place("performance_report", "remarks", str(report.pk)))
    found: dict[str, str] = json.loads(told) if told else {}
    return found


def content_of(opened: Opened) -> Any:
    """What was handed in, frozen; of a draft, what it would say now."""
    if opened.version is not None and not opened.is_draft:
        return version_content(opened.version)
    report = opened.report
    return compose(report, report.staff, remarks_of(report), photos_told(report))


def version_content(version: ReportVersion) -> Any:
    """As it was sealed."""
    place = Place("performance_reportversion", "content", str(version.pk))
    return json.loads(unseal(bytes(version.content_sealed), place))


def comment_of(review: Review) -> str:
    """What the supervisor said."""
    return unseal(bytes(review.comment_sealed), Place("performance_review", "comment", str(review.pk)))


def reviews_of(report: Report) -> list[Review]:
    """Every word about it, newest first."""
    return list(Review.objects.select_related("by", "version").filter(version__report=report).order_by("-at"))


def photos_of(report: Report) -> QuerySet[Photo]:
    """Those in it now, in order, without their content."""
    return Photo.objects.filter(report=report, removed_at=None).defer("content_sealed").order_by("added_at", "id")


def photos_told(report: Report) -> list[dict[str, Any]]:
    """As the content lists them."""
    return [
        {
            "id": str(one.pk), "sha256": one.sha256, "caption": caption_of(one), "width": one.width,
            "height": one.height,
        }
        for one in photos_of(report)
    ]  # fmt: skip


def caption_of(photo: Photo) -> str:
    """In her words."""
    return unseal(bytes(photo.caption_sealed), Place("performance_photo", "caption", str(photo.pk)))


def access_photo(opened: Opened, photo_id: UUID) -> Photo:
    """A photo of a report that was opened; for others than herself only one that was handed in. Http404."""
    rows = Photo.objects.filter(report=opened.report, pk=photo_id)
    found = (rows if opened.own else rows.filter(handed_in=True)).first()
    if found is None:
        raise Http404
    return found


def jpeg_of(photo: Photo) -> bytes:
    """The picture."""
    return unseal_content(bytes(photo.content_sealed), Place("performance_photo", "content", str(photo.pk)))


def pictures_of(opened: Opened, content: Any) -> dict[str, bytes]:
    """The pictures a content names, by id."""
    rows = Photo.objects.filter(report=opened.report, pk__in=[one["id"] for one in content["photos"]])
    return {str(one.pk): jpeg_of(one) for one in rows}


@dataclass(frozen=True)
class Before:
    """A photo like this one was there before."""

    alike: bool
    """Alike, not the same."""
    hers: bool
    month: date


def seen_before(report: Report) -> Mapping[UUID, list[Before]]:
    """Which photos of the report were used before, by photo; whose they were is not told."""
    with connection.cursor() as cursor:
        cursor.execute("select * from performance_seen_before(%s)", [report.pk])
        found: dict[UUID, list[Before]] = {}
        for photo, alike, hers, month in cursor:
            found.setdefault(photo, []).append(Before(alike, hers, month))
    return found


def may_review(acting: Acting, opened: Opened) -> bool:
    """True where one may agree to it or return it now; a coordinator's own is for the head of an office."""
    report = opened.report
    return report.state == Report.State.HANDED_IN and waiting(acting).filter(pk=report.pk).exists()


def waiting(acting: Acting) -> QuerySet[Report]:
    """Handed in, and for this person to review: not her own, and no coordinator's unless she heads an office.

    Whoever was transferred takes her reports along: her former office does not see her any more.
    """
    heads = Territory(frozenset(held.region_code for held in acting.grants if held.role in HEADS))
    coordinator = Post.objects.filter(
        on_day(timezone.localdate()), staff_id=OuterRef("staff_id"), role__in=COORDINATORS
    )
    rows = Report.objects.filter(
        Q(staff__region_code__within=heads) | ~Exists(coordinator), state=Report.State.HANDED_IN,
        staff__region_code__within=acting.where(May.REVIEW_WORK),
    )  # fmt: skip
    return rows.exclude(staff__person_id=acting.person_id)


def own_to_write(acting: Acting) -> QuerySet[Report]:
    """Of one's own: begun and not handed in, or returned."""
    return Report.objects.filter(
        staff__person_id=acting.person_id, state__in=[Report.State.DRAFT, Report.State.RETURNED]
    )


def months_to_write(staff: Staff, today: date) -> list[date]:
    """Months without a report that one may begin: this one and a year back, in service at least a day."""
    begun = set(Report.objects.filter(staff=staff).values_list("month", flat=True))
    found, month = [], today.replace(day=1)
    for _ in range(BACK + 1):
        served = staff.joined_on < next_month(month) and (staff.left_on is None or staff.left_on > month)
        if served and month not in begun:
            found.append(month)
        month = month_before(month)
    return found


@dataclass(frozen=True)
class Month:
    """Reports of a region about one month."""

    month: date
    staff: QuerySet[Staff]
    """Everybody who was in service in it."""
    missing: QuerySet[Staff]
    """Of those, who has handed in nothing."""


def month_of(acting: Acting, month: date, region: str) -> Month:
    """Who handed in and who did not, among those whose work one may see."""
    where = acting.where(May.SEE_STAFF)
    rows = Staff.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=month), region_code__within=where, joined_on__lt=next_month(month),
    ).exclude(left_because=Staff.Left.MISTAKE)  # fmt: skip
    if region:
        rows = rows.filter(region_code__within=Territory(frozenset({region})))
    handed_in = ReportVersion.objects.filter(report__staff_id=OuterRef("pk"), report__month=month)
    return Month(month, rows, rows.filter(~Exists(handed_in)).select_related("person").order_by("staff_no"))


def due_on(day: int, month: date) -> date:
    """The last day itself."""
    return next_month(month).replace(day=day)


def own_late(acting: Acting, today: date) -> date | None:
    """The month whose report one has not handed in although the office's last day is over."""
    staff = own_record(acting)
    if staff is None:
        return None
    month = month_before(today)
    day = report_day(report_days(Territory(frozenset({staff.region_code}))), staff.region_code, month)
    late = day is not None and due_on(day, month) < today and month >= staff.joined_on.replace(day=1)
    handed_in = ReportVersion.objects.filter(report__staff=staff, report__month=month).exists() if late else True
    return None if handed_in else month
