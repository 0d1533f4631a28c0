"""Which target holds for whom: the last word of the nearest office about a title, or a post where there is none."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.core.money import format_number
from gandeng.facilitators.models import Employment, Post
from gandeng.facilitators.staff_queries import on_day
from gandeng.performance.models import ReportDay, Target
from gandeng.web.scoping import Territory

FIRST_POST = (
    Post.Role.DISTRICT_COORDINATOR, Post.Role.REGIONAL_COORDINATOR, Post.Role.SUPERVISOR, Post.Role.DATA_ADMINISTRATOR,
    Post.Role.SUB_DISTRICT_LEAD, Post.Role.FACILITATOR,
)  # fmt: skip
"""Of several posts the first of these is the one a target is told by."""


@dataclass(frozen=True)
class Terms:
    """What targets are told by, and what a paper prints, on a day."""

    job_title: str = ""
    service_no: str = ""
    kind: str = ""
    posts: tuple[Post, ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        """Posts held."""
        return frozenset(post.role for post in self.posts)

    @property
    def first_post(self) -> str:
        """The one a target is told by; empty without any."""
        return next((role for role in FIRST_POST if role in self.roles), "")


def terms_on(staff: Collection[UUID], day: date) -> Mapping[UUID, Terms]:
    """Of each of them; two questions."""
    told: dict[UUID, Employment] = {
        one.staff_id: one for one in Employment.objects.filter(on_day(day), staff_id__in=staff)
    }
    posts: dict[UUID, list[Post]] = {}
    for post in Post.objects.filter(on_day(day), staff_id__in=staff).order_by("valid_from", "id"):
        posts.setdefault(post.staff_id, []).append(post)
    return {
        key: Terms(
            *((told[key].job_title, told[key].service_no, told[key].kind) if key in told else ("", "", "")),
            posts=tuple(posts.get(key, ())),
        )
        for key in staff
    }


class Targets:
    """Of one year, as the rows say that the asker may read."""

    def __init__(self, rows: Iterable[Target]) -> None:
        self._last: dict[tuple[str, int, str, str], Target] = {}
        for row in sorted(rows, key=lambda one: one.pk):
            self._last[row.region_code, row.area, row.job_title, row.post_role] = row

    def of(self, region: str, area: int, terms: Terms) -> Target | None:
        """The one in force; None where no office has set any, or the last word withdrew it."""
        title = terms.job_title
        role = "" if title else terms.first_post
        if not title and not role:
            return None
        for length in (4, 2, 0):
            found = self._last.get((region[:length], area, title, role)) if length <= len(region) else None
            if found is not None and found.basis != Target.Basis.WITHDRAWN:
                return found
        return None


def targets(year: int) -> Targets:
    """What offices have said about the year."""
    return Targets(Target.objects.filter(year=year))


def target_words(target: Target | None) -> str:
    """`12`, `sesuai kejadian`, `belum ditetapkan`."""
    if target is None:
        return _("belum ditetapkan")
    return format_number(target.count) if target.count is not None else _("sesuai kejadian")


def missing(target: Target | None, done: int) -> int | None:
    """How much is left of a number for the year; None where there is none."""
    return max(0, target.count - done) if target is not None and target.count is not None else None


def said(acting: Acting, year: int) -> QuerySet[Target]:
    """Every word about the year that concerns one's territory, newest first."""
    rows = Target.objects.filter(year=year, region_code__touches=acting.territory)
    return rows.select_related("set_by").order_by("area", "-id")


def in_force(rows: Iterable[Target]) -> set[UUID]:
    """Of those, the last word of each office about each title or post and area."""
    last: dict[tuple[Any, ...], Target] = {}
    for row in sorted(rows, key=lambda one: one.pk):
        last[row.region_code, row.area, row.job_title, row.post_role] = row
    return {row.pk for row in last.values() if row.basis != Target.Basis.WITHDRAWN}


def report_days(regions: Territory) -> list[ReportDay]:
    """What the offices of a territory and above it said about the last day, newest first."""
    return list(ReportDay.objects.filter(region_code__touches=regions).select_related("set_by").order_by("-id"))


def report_day(rows: Iterable[ReportDay], region: str, month: date) -> int | None:
    """The last day for the report of a month; None where no office has said any."""
    last: dict[str, ReportDay] = {}
    for row in sorted(rows, key=lambda one: (one.valid_from, one.pk)):
        if row.valid_from <= month:
            last[row.region_code] = row
    for length in (4, 2, 0):
        if length <= len(region) and region[:length] in last:
            found = last[region[:length]]
            if found.day is not None:
                return found.day
    return None
