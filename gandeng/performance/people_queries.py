"""Whose figures one may see, and whom they are compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.region_code import DISTRICT_DIGITS, VILLAGE_DIGITS
from gandeng.facilitators.load_queries import caseload_on
from gandeng.facilitators.models import Post, Staff
from gandeng.performance.alike import Group, grouped
from gandeng.performance.figures import Done
from gandeng.performance.months import FIRST_YEAR, Period
from gandeng.web.finding import region_asked, year_asked
from gandeng.web.scoping import Territory

FILTERS = ("q", "region", "year", "month", "role")


def period_of(filters: Mapping[str, str], today: date) -> Period:
    """The year and month of an address: this year and all of it where none is told. Raises BadRequest."""
    year, month = filters.get("year") or str(today.year), filters.get("month") or "0"
    if not (month.isascii() and month.isdigit() and len(month) <= 2 and int(month) <= 12):
        raise BadRequest("month")
    return Period(year_asked(year, first=FIRST_YEAR, last=today.year), int(month))


def years(today: date) -> list[int]:
    """Years one may look at, newest first."""
    return list(range(today.year, FIRST_YEAR - 1, -1))


def staff_in(acting: Acting, period: Period, filters: Mapping[str, str]) -> QuerySet[Staff]:
    """Staff in service in the period, in the districts and provinces whose staff one may see. Raises BadRequest.

    Somebody who sees staff of a sub-district alone sees no figures of theirs: they are between her and her district.
    """
    rows = Staff.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=period.since), region_code__within=acting.where(May.SEE_STAFF),
        joined_on__lt=period.until,
    ).exclude(left_because=Staff.Left.MISTAKE)  # fmt: skip
    if asked := filters.get("q"):
        rows = rows.filter(Q(person__name__icontains=asked) | Q(staff_no__istartswith=asked))
    if region := filters.get("region"):
        rows = rows.filter(region_code__within=Territory(frozenset({region_code(region)})))
    if role := filters.get("role"):
        if role not in Post.Role:
            raise BadRequest("role")
        rows = rows.filter(pk__in=Post.objects.filter(role=role, valid_from__lt=period.until)
                           .exclude(valid_until__lte=period.since).values("staff_id"))  # fmt: skip
    return rows.select_related("person")


def region_code(text: str) -> str:
    """A district or province as digits. Raises BadRequest."""
    code = region_asked(text)
    if len(code) > DISTRICT_DIGITS:
        raise BadRequest("region")
    return code


def access_done(acting: Acting, staff_id: UUID) -> Staff:
    """Somebody whose figures one may see: oneself, or staff of one's districts. Http404."""
    staff = Staff.objects.select_related("person").filter(pk=staff_id).first()
    if staff is None or (staff.person_id != acting.person_id and not acting.may(May.SEE_STAFF, staff.region_code)):
        raise Http404
    return staff


@dataclass(frozen=True)
class Alike:
    """Facilitators of a region by group, on a day."""

    region: str
    day: date
    groups: Mapping[Group, list[UUID]]

    @property
    def staff(self) -> frozenset[UUID]:
        """All of them."""
        return frozenset(one for group in self.groups.values() for one in group)

    def group_of(self, staff: UUID) -> Group | None:
        """Where somebody is; None for whoever is no facilitator of the region."""
        return next((group for group, people in self.groups.items() if staff in people), None)

    def figures(self, found: Done, group: Group, area: int, month: int = 0) -> list[int]:
        """Of everybody in a group."""
        return [found.of(area, staff=staff, month=month) for staff in self.groups[group]]


def alike(region: str, day: date) -> Alike:
    """Whoever is a facilitator by post in the region. The caller has asked whether its staff may be seen."""
    found = caseload_on(region, day, None, length=VILLAGE_DIGITS)
    people: list[Any] = [(one.staff_id, one.families, one.km) for one in found.people if one.posted]
    return Alike(region, day, grouped(people))
