"""What a phone carries of commitments: sheets of this quarter and the last, who is on none, and decisions to tell."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from gandeng.accounts.context import region_name
from gandeng.commitments.models import Enrolment, Facility, Obligation, Sheet, Step
from gandeng.commitments.queries import Quarter, quarters
from gandeng.commitments.suspension_queries import appeal_until, suspending
from gandeng.commitments.unplaced_queries import duties_lacking, unplaced

_QUARTERS = 2


def sheets(own: Sequence[UUID], day: date) -> list[dict[str, Any]]:
    """One for each facility and quarter that expects a member of her families."""
    asked, enrolments = quarters(day, most=_QUARTERS), list(_enrolments(own))
    expected = {quarter: _expected(enrolments, quarter) for quarter in asked}
    newest, recorded = _recorded(
        asked, {one.facility_id for rows in expected.values() for one in rows if one.facility_id}
    )
    return [
        _sheet(facility, quarter, rows, newest, recorded)
        for quarter in asked
        for facility, rows in _by_facility(expected[quarter])
    ]  # fmt: skip


def _enrolments(own: Sequence[UUID]) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(
        member__family_id__in=own,
        member__left_on=None,
        member__deceased_on=None,
        member__family__status__in=("ACTIVE", "SUSPENDED"),
    )
    return rows.select_related("member", "facility").order_by("member__name", "member_id", "-since", "-at")


def _expected(rows: Iterable[Enrolment], quarter: Quarter) -> list[Enrolment]:
    """As `commitments.queries.expected_at`: the newest place of a member by the end of the quarter."""
    newest: dict[tuple[UUID, str], Enrolment] = {}
    for one in rows:
        if one.since <= quarter.ends:
            newest.setdefault((one.member_id, one.obligation), one)
    return [one for one in newest.values() if one.facility is not None]


def _by_facility(rows: Iterable[Enrolment]) -> list[tuple[Facility, list[Enrolment]]]:
    found: dict[UUID, tuple[Facility, list[Enrolment]]] = {}
    for one in rows:
        if one.facility is not None:
            found.setdefault(one.facility.pk, (one.facility, []))[1].append(one)
    return sorted(found.values(), key=lambda each: (each[0].name, str(each[0].pk)))


type _Place = tuple[UUID, Quarter]


def _recorded(
    asked: Sequence[Quarter], facilities: set[UUID]
) -> tuple[dict[_Place, str], set[tuple[_Place, UUID, str]]]:
    """The newest sheet of each facility and quarter, and whom any of them tells of; one question."""
    rows = Sheet.objects.filter(facility_id__in=facilities, year__in={one.year for one in asked}).order_by("-at")
    newest: dict[_Place, str] = {}
    recorded = set()
    told = rows.values_list("pk", "facility_id", "year", "quarter", "records__member_id", "records__obligation")
    for key, facility, year, number, member, obligation in told.distinct().order_by("-at"):
        place = (facility, Quarter(year, number))
        newest.setdefault(place, str(key))
        recorded.add((place, member, obligation))
    return newest, recorded


def _sheet(
    facility: Facility, quarter: Quarter, rows: Sequence[Enrolment], newest: dict[_Place, str],
    recorded: set[tuple[_Place, UUID, str]],
) -> dict[str, Any]:  # fmt: skip
    place = (facility.pk, quarter)
    return {
        "id": f"{facility.pk}/{quarter.key}", "facility": str(facility.pk), "quarter": quarter.key,
        "name": facility.name, "kind": facility.kind, "kind_name": facility.get_kind_display(),
        "npsn": facility.code if facility.kind == "SCHOOL" else "", "village": region_name(facility.region_code),
        "months": [month.isoformat() for month in quarter.months()],
        "school": any(one.obligation == Obligation.EDUCATION for one in rows), "base": newest.get(place, ""),
        "members": [
            {
                "member": str(one.member_id), "family": str(one.member.family_id), "name": one.member.name,
                "obligation": one.obligation, "recorded": (place, one.member_id, one.obligation) in recorded,
            }
            for one in rows
        ],
    }  # fmt: skip


def without_place(own: Sequence[UUID], day: date) -> dict[UUID, list[str]]:
    """By member: duties of the quarter that ended last and no school or clinic for them, as the site lists them."""
    rows = unplaced(quarters(day, most=_QUARTERS)[-1]).filter(family_id__in=own)
    return {one.pk: [duty.value for duty in duties_lacking(one)] for one in rows}


def decisions(own: Sequence[UUID], day: date) -> dict[UUID, list[dict[str, str]]]:
    """By family: suspensions that stand, of which it was not told, or with time left to object and no objection yet."""
    rows = suspending().filter(family_id__in=own).exclude(steps__kind=Step.Kind.APPEALED)
    found: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for one in rows.select_related("recommendation").prefetch_related("steps").order_by("at", "pk"):
        told = next((step for step in one.steps.all() if step.kind == Step.Kind.TOLD), None)
        until = appeal_until(told) if told else None
        if until is None or until >= day:
            found[one.family_id].append({
                "id": str(one.pk), "stage": f"{one.recommendation.cycle_year}-T{one.recommendation.cycle_stage}",
                "effect_words": str(one.get_outcome_display()), "reason": one.reason,
                "told_on": told.on_day.isoformat() if told else "", "appeal_until": until.isoformat() if until else "",
            })  # fmt: skip
    return found
