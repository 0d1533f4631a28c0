"""A quarter at a glance: by sub-district how many facilities signed and confirmed, and how members were judged."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Left

from gandeng.commitments.models import Confirmation, Facility, Record, Sheet, Verdict
from gandeng.commitments.queries import Quarter
from gandeng.core.region_code import SUB_DISTRICT_DIGITS
from gandeng.web.finding import found_or_404

NONE, RECORDED, CONFIRMED, DIFFERS = "NONE", "RECORDED", "CONFIRMED", "DIFFERS"
"""Where a facility's quarter stands: no sheet, a sheet, the sheet confirmed as it is, or something differs."""


def facilities(quarter: Quarter, region: str = "", state: str = "") -> QuerySet[Facility]:
    """Of one's territory, with `.state`, `.newest_sheet`, its `.signed_on` and `.signer`, and `.recorded` members.

    A sheet that came after the facility spoke is not what it confirmed.
    """
    rows = _with_state(quarter).filter(region_code__startswith=region)
    recorded = Record.objects.filter(
        sheet__facility=OuterRef("pk"), sheet__year=quarter.year, sheet__quarter=quarter.number
    ).order_by().values("sheet__facility").annotate(members=Count("member", distinct=True))  # fmt: skip
    newest = _sheets(quarter)
    told: QuerySet[Facility] = rows.annotate(
        signed_on=Subquery(newest.values("signed_on")[:1]), signer=Subquery(newest.values("signer_name")[:1]),
        newest_sheet=Subquery(newest.values("pk")[:1]), recorded=Subquery(recorded.values("members")),
    )  # fmt: skip
    if state == RECORDED:
        return told.exclude(Q(("state", NONE)))
    return told.filter(Q(("state", state))) if state else told


def _sheets(quarter: Quarter) -> QuerySet[Sheet]:
    return Sheet.objects.filter(facility=OuterRef("pk"), year=quarter.year, quarter=quarter.number).order_by("-at")


def _with_state(quarter: Quarter) -> QuerySet[Facility]:
    said = Confirmation.objects.filter(
        facility=OuterRef("pk"), year=quarter.year, quarter=quarter.number
    ).order_by("-at")  # fmt: skip
    told: QuerySet[Facility] = Facility.objects.annotate(
        sheet_at=Subquery(_sheets(quarter).values("at")[:1]), said_at=Subquery(said.values("at")[:1]),
        said_agrees=Subquery(said.values("agrees")[:1]),
    ).annotate(
        state=Case(
            When(sheet_at=None, then=Value(NONE)),
            When(Q(said_at=None) | Q(said_at__lt=F("sheet_at")), then=Value(RECORDED)),
            When(said_agrees=True, then=Value(CONFIRMED)),
            default=Value(DIFFERS), output_field=CharField(),
        )
    )  # fmt: skip
    return told


@dataclass
class Place:
    """A sub-district: facilities by state, and verdicts of the members who live there."""

    code: str
    facilities: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)

    @property
    def every(self) -> int:
        """Facilities there are."""
        return self.facilities.total()

    @property
    def recorded(self) -> int:
        """Facilities with a sheet."""
        return self.every - self.facilities[NONE]

    @property
    def judged(self) -> int:
        """Members and obligations with a verdict."""
        return self.verdicts.total()


def by_sub_district(quarter: Quarter) -> list[Place]:
    """Of one's territory, in two questions."""
    found: Mapping[str, Place] = _Places()
    for place, state, count in (
        _with_state(quarter).order_by().annotate(place=Left("region_code", SUB_DISTRICT_DIGITS))
        .values_list("place", "state").annotate(n=Count("pk"))
    ):  # fmt: skip
        found[place].facilities[state] += count
    for place, verdict, count in (
        verdicts(quarter).order_by().annotate(place=Left("village_code", SUB_DISTRICT_DIGITS))
        .values_list("place", "verdict").annotate(n=Count("pk"))
    ):  # fmt: skip
        found[place].verdicts[verdict] += count
    return [found[code] for code in sorted(found)]


class _Places(defaultdict[str, Place]):
    def __missing__(self, code: str) -> Place:
        self[code] = Place(code)
        return self[code]


def verdicts(quarter: Quarter, region: str = "", kind: str = "") -> QuerySet[Verdict]:
    """The newest of each member and obligation in one's territory; of a region those, as many as the quarter counts."""
    own = Verdict.objects.filter(year=quarter.year, quarter=quarter.number, village_code__startswith=region)
    newest = own.order_by("member_id", "obligation", "-at", "-pk").distinct("member_id", "obligation")
    rows = Verdict.objects.filter(pk__in=newest.values("pk"))
    if region:  # who moved within the territory is judged where the newest is
        later = Verdict.objects.filter(
            member=OuterRef("member"), obligation=OuterRef("obligation"), year=quarter.year, quarter=quarter.number,
            at__gt=OuterRef("at"),
        )  # fmt: skip
        rows = rows.filter(~Exists(later))
    return rows.filter(verdict=kind) if kind else rows


def access_verdict(verdict_id: UUID) -> Verdict:
    """One's own. Raises Http404."""
    return found_or_404(Verdict.objects.select_related("member", "sheet__facility", "sheet__by"), verdict_id)


def months_of(verdict: Verdict) -> list[Record]:
    """What was recorded, month by month."""
    rows = Record.objects.filter(sheet_id=verdict.sheet_id, member_id=verdict.member_id, obligation=verdict.obligation)
    return list(rows.order_by("month"))
