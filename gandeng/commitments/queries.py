"""Who is expected where, what was signed, what it came to, and which decisions hold."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.accounts.roles import May
from gandeng.commitments.models import (
    Decision,
    Effect,
    Enrolment,
    Facility,
    Recommendation,
    Record,
    Step,
    Verdict,
)
from gandeng.commitments.suspension_queries import Suspension, followed_by, suspending
from gandeng.core.commitment import QUARTERS, Month
from gandeng.policy.commitment_rules import quarter_ends
from gandeng.registry.models import Family, Member
from gandeng.registry.queries import members_of, present
from gandeng.web.finding import found_or_404

ROWS_MAX = 60
"""Members on one screen of a sheet; a larger school is entered in parts, each its own sheet."""


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year, `2026-3` in addresses."""

    year: int
    number: int

    @property
    def key(self) -> str:
        """As addresses have it."""
        return f"{self.year}-{self.number}"

    @property
    def ends(self) -> date:
        """Its last day."""
        return quarter_ends(self.year, self.number)

    @property
    def words(self) -> str:
        """As people say it."""
        return _("Triwulan %(number)s tahun %(year)s") % {"number": self.number, "year": self.year}

    def months(self) -> list[date]:
        """First days of its three months."""
        return [date(self.year, self.number * 3 - back, 1) for back in (2, 1, 0)]


def quarter_of(key: str) -> Quarter:
    """Of `2026-3`. Raises ValueError."""
    year, number = (int(part) for part in key.split("-"))
    if not (2017 <= year <= 2100 and 1 <= number <= QUARTERS) or f"{year}-{number}" != key:
        raise ValueError(key)
    return Quarter(year, number)


def quarter_words(key: str) -> str:
    """`Triwulan 3 tahun 2026` of `2026-3`; anything else stays."""
    try:
        return quarter_of(key).words
    except ValueError:
        return key


def quarters(today: date, *, most: int = 5) -> list[Quarter]:
    """This one and those before it, newest first."""
    found = [Quarter(today.year, (today.month + 2) // 3)]
    while len(found) < most:
        last = found[-1]
        found.append(Quarter(last.year, last.number - 1) if last.number > 1 else Quarter(last.year - 1, QUARTERS))
    return found


def access_facility(facility_id: UUID) -> Facility:
    """One's own. Raises Http404."""
    return found_or_404(Facility.objects.all(), facility_id)


def expected_at(facility: Facility, quarter: Quarter) -> list[Enrolment]:
    """Members whose newest place by the end of the quarter is there, by name."""
    return expected_in([facility], quarter)[facility.pk]


def expected_in(facilities: Iterable[Facility], quarter: Quarter) -> dict[UUID, list[Enrolment]]:
    """The same of several facilities, in one query."""
    keys = [each.pk for each in facilities]
    rows = expected(quarter).filter(facility_id__in=keys)
    found: dict[UUID, list[Enrolment]] = {key: [] for key in keys}
    for each in rows.select_related("member__family__collector").order_by("member__name", "pk"):
        found[each.facility_id or each.pk].append(each)
    return found


def expected(quarter: Quarter) -> QuerySet[Enrolment]:
    """Where each member who is there and of a family in the programme fulfils each duty of the quarter.

    The family is the member's of today: a place goes along with whoever a list has put into another one.
    """
    return newest_places(quarter).filter(
        member__family__status__in=("ACTIVE", "SUSPENDED"), member__left_on=None, member__deceased_on=None
    )


def newest_places(quarter: Quarter) -> QuerySet[Enrolment]:
    """Of each member and obligation the one that counts by the end of the quarter; without a facility: none."""
    later = Enrolment.objects.filter(
        Q(since__gt=OuterRef("since")) | Q(since=OuterRef("since"), at__gt=OuterRef("at")),
        member=OuterRef("member"), obligation=OuterRef("obligation"), since__lte=quarter.ends,
    )  # fmt: skip
    return Enrolment.objects.filter(~Exists(later), since__lte=quarter.ends)


def facilities_in(region: str) -> list[Facility]:
    """Those of one's territory there, by village and name."""
    return list(Facility.objects.filter(region_code__startswith=region).order_by("region_code", "name", "pk"))


def access_member(acting: Acting, member_id: UUID) -> Member:
    """Of a family one may record for. Raises Http404."""
    member = found_or_404(Member.objects.select_related("family"), member_id)
    acting.authority(May.RECORD_COMMITMENT, member.village_code)
    return member


def newest_verdicts(family_ids: Collection[UUID], quarter: Quarter) -> dict[UUID, list[Verdict]]:
    """By family: one per member and obligation, unless a newer one is of another family the member is in since."""
    later = Verdict.objects.filter(
        Q(at__gt=OuterRef("at")), ~Q(family=OuterRef("family")), member=OuterRef("member"),
        obligation=OuterRef("obligation"), year=quarter.year, quarter=quarter.number,
    )  # fmt: skip
    rows = Verdict.objects.filter(~Exists(later), family_id__in=family_ids, year=quarter.year, quarter=quarter.number)
    found: dict[UUID, list[Verdict]] = defaultdict(list)
    for each in rows.order_by("family_id", "member_id", "obligation", "-at", "-pk").distinct(
        "family_id", "member_id", "obligation"
    ):
        found[each.family_id].append(each)
    return found


def recorded_now(
    member_ids: Collection[UUID], quarter: Quarter, obligation: str
) -> dict[UUID, tuple[Verdict, tuple[Month, ...]]]:
    """What counts today of each member's quarter: the newest verdict and the months it was made of."""
    rows = Verdict.objects.filter(
        member_id__in=member_ids, year=quarter.year, quarter=quarter.number, obligation=obligation
    )  # fmt: skip
    newest = {each.member_id: each for each in rows.order_by("member_id", "-at", "-pk").distinct("member_id")}
    months: dict[tuple[UUID, UUID], list[Month]] = defaultdict(list)
    sheets = {each.sheet_id for each in newest.values()}
    kept = Record.objects.filter(sheet_id__in=sheets, member_id__in=newest, obligation=obligation)
    for one in kept.order_by("month"):
        months[one.sheet_id, one.member_id].append(
            Month(one.month, one.service, one.days, one.absent, one.leave, one.sick, one.visits)
        )
    return {key: (each, tuple(months[each.sheet_id, key])) for key, each in newest.items()}


def newest_recommendations(rows: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    """Of each family's quarter the last."""
    newer = Recommendation.objects.filter(
        family=OuterRef("family"), year=OuterRef("year"), quarter=OuterRef("quarter"), number__gt=OuterRef("number")
    )
    return rows.filter(~Exists(newer))


def to_decide() -> QuerySet[Recommendation]:
    """What waits for a decision, of one's territory; nobody decides any more about who lives elsewhere by now."""
    rows = Recommendation.objects.exclude(effect=Effect.NONE).filter(
        Exists(Family.objects.filter(pk=OuterRef("family"))), decision=None
    )
    return newest_recommendations(rows).select_related("family__collector")


def decisions() -> QuerySet[Decision]:
    """Every one of one's territory, with what followed; no family is joined, for it may live elsewhere by now."""
    return Decision.objects.select_related("recommendation", "by").prefetch_related("steps__by")


def families_of(rows: Iterable[Decision]) -> dict[UUID, Family]:
    """Whom they are about. Of one that lives elsewhere by now its number alone, which whoever decided knows.

    What was decided here is told, objected to and answered here.
    """
    ids = {each.family_id for each in rows}
    found = Family.objects.select_related("collector").in_bulk(ids)
    if gone := ids - found.keys():
        with in_territory(MACHINE):
            numbers = dict(Family.objects.filter(pk__in=gone).values_list("pk", "family_no"))
        found |= {pk: Family(pk=pk, family_no=number) for pk, number in numbers.items()}
    return found


def access_decision(decision_id: UUID) -> Decision:
    """One's own. Raises Http404."""
    return found_or_404(decisions(), decision_id)


@dataclass(frozen=True)
class QuarterTold:
    """One quarter of a family: verdicts, what was recommended, decided, and what followed.

    `suspension` is the last decision that suspends, also where a newer recommendation took its place.
    """

    quarter: Quarter
    verdicts: tuple[Verdict, ...]
    recommendation: Recommendation | None
    decision: Decision | None
    steps: tuple[Step, ...]
    suspension: Suspension | None

    @property
    def replaced(self) -> Suspension | None:
        """The suspension, where another than the newest recommendation was decided so."""
        own = self.suspension
        return own if own is not None and (self.decision is None or self.decision.pk != own.decision.pk) else None


def chain(family: Family, *, most: int = 8) -> list[QuarterTold]:
    """Newest quarter first, in four queries."""
    verdicts = Verdict.objects.filter(family=family).select_related("member", "sheet__facility")
    by_quarter: dict[Quarter, dict[tuple[UUID, str], Verdict]] = defaultdict(dict)
    for each in verdicts.order_by("-year", "-quarter", "-at")[:400]:
        by_quarter[Quarter(each.year, each.quarter)].setdefault((each.member_id, each.obligation), each)
    recommended: dict[Quarter, list[Recommendation]] = defaultdict(list)
    found = Recommendation.objects.filter(family=family).select_related("decision__by").order_by("number")
    for one in found:
        recommended[Quarter(one.year, one.quarter)].append(one)
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(family=family).select_related("by").order_by("at"):
        steps[step.decision_id].append(step)
    return [
        _quarter(each, by_quarter[each], recommended[each], steps) for each in sorted(by_quarter, reverse=True)[:most]
    ]


def _quarter(
    quarter: Quarter, verdicts: dict[tuple[UUID, str], Verdict], recommended: Sequence[Recommendation],
    steps: dict[UUID, list[Step]],
) -> QuarterTold:  # fmt: skip
    last = recommended[-1] if recommended else None
    decision: Decision | None = getattr(last, "decision", None)
    ordered = sorted(verdicts.values(), key=lambda each: (each.member.member_no, each.obligation))
    return QuarterTold(
        quarter, tuple(ordered), last, decision, tuple(steps[decision.pk]) if decision else (),
        _suspension(recommended, steps),
    )  # fmt: skip


def _suspension(recommended: Sequence[Recommendation], steps: dict[UUID, list[Step]]) -> Suspension | None:
    for number, each in reversed(list(enumerate(recommended))):
        decision: Decision | None = getattr(each, "decision", None)
        if decision is not None and decision.outcome == Effect.SUSPEND:
            decision.recommendation = each
            replaced = recommended[number + 1].at if number + 1 < len(recommended) else None
            return Suspension(decision, steps[decision.pk], replaced)
    return None


def own_to_tell(_acting: Acting) -> QuerySet[Decision]:
    """Decisions that suspend and that the family was not told of; of one that was replaced there is nothing to tell."""
    return suspending().filter(~followed_by(Step.Kind.TOLD))


def waiting_decisions(_acting: Acting) -> QuerySet[Recommendation]:
    """Recommendations without a decision."""
    return to_decide()


def waiting_appeals(acting: Acting) -> QuerySet[Decision]:
    """Objections without an answer, but for decisions of one's own."""
    rows = Decision.objects.filter(
        followed_by(Step.Kind.APPEALED), ~followed_by(Step.Kind.UPHELD), ~followed_by(Step.Kind.REJECTED)
    )
    return rows.exclude(by_id=acting.person_id)


def placed(family: Family) -> list[dict[str, Any]]:
    """Living members of a family, each with the facilities it goes to now."""
    newest = Enrolment.objects.filter(member__family=family).select_related("facility").order_by("-since", "-at")
    now: dict[tuple[UUID, str], Enrolment] = {}
    for each in newest:
        now.setdefault((each.member_id, each.obligation), each)
    return [
        {"member": one, "now": [each for (member, _), each in now.items() if member == one.pk and each.facility_id]}
        for one in present(members_of(family))
    ]


def near(member: Member) -> QuerySet[Facility]:
    """Facilities of the member's district that one sees."""
    return Facility.objects.filter(region_code__startswith=member.village_code[:4]).order_by("name")


def villages(acting: Acting) -> list[str]:
    """Villages in which one may record and families live."""
    regions = acting.where(May.RECORD_COMMITMENT).regions
    own = Q(pk__in=[])
    for region in regions:
        own |= Q(village_code__startswith=region)
    return sorted(Family.objects.filter(own).order_by().values_list("village_code", flat=True).distinct())


def speaking(rows: Iterable[Recommendation]) -> dict[UUID, list[Verdict]]:
    """The verdicts each recommendation names, in one query."""
    of = {UUID(key): each.pk for each in rows for key in each.verdicts}
    found: dict[UUID, list[Verdict]] = defaultdict(list)
    with in_territory(MACHINE):  # also where its family lived before
        for verdict in Verdict.objects.filter(pk__in=of).select_related("member", "sheet"):
            found[of[verdict.pk]].append(verdict)
    return found
