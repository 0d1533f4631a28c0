"""Members with a duty in a quarter and nowhere to fulfil it, and the schools and clinics to choose from."""

from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.commitments.models import Facility, Obligation
from gandeng.commitments.queries import Quarter, newest_places, quarters
from gandeng.core.benefit_policy import Ages
from gandeng.policy.commitment_rules import duty_ages
from gandeng.registry.models import Family, Member

FOUND_MAX = 20
"""Facilities a search shows; more are found by typing more."""

KINDS = {
    Obligation.EDUCATION: (Facility.Kind.SCHOOL,),
    Obligation.HEALTH: (Facility.Kind.CLINIC, Facility.Kind.POSYANDU),
    Obligation.WELFARE: (Facility.Kind.WELFARE,),
}
"""Where each duty is fulfilled."""
DUTY_OF = {kind: duty for duty, kinds in KINDS.items() for kind in kinds}
LACKS = {duty: f"lacks_{duty.lower()}" for duty in Obligation}
"""What `unplaced` says of each row."""


def unplaced(quarter: Quarter, region: str = "", duty: str = "") -> QuerySet[Member]:
    """Of one's territory, with `.lacks_education`, `.lacks_health` and `.lacks_welfare`; of one duty where it is named.

    Who has a duty is who brings a component on the quarter's last day, by the ages of `core.benefit`: a pupil, a child
    too young for school, a pregnant, old or severely disabled member.
    """
    rows = Member.objects.filter(
        left_on=None, deceased_on=None, village_code__startswith=region,
        family__status__in=(Family.Status.ACTIVE, Family.Status.SUSPENDED),
    )  # fmt: skip
    duties = _duties(quarter)
    lacking = {
        LACKS[each]: ExpressionWrapper(whose & ~_placed(quarter, each), output_field=BooleanField())
        for each, whose in duties.items()
    }
    has_one, lacks_one = Q(pk__in=[]), Q(pk__in=[])
    for each in [Obligation(duty)] if duty else duties:
        has_one |= duties[each]
        lacks_one |= Q((LACKS[each], True))
    # said apart, though it follows: row security asks a function of each row that is left
    return rows.filter(has_one).annotate(**lacking).filter(lacks_one)


def duties_lacking(member: Member) -> list[Obligation]:
    """Of a row of `unplaced`."""
    return [duty for duty, name in LACKS.items() if vars(member)[name]]


def own_unplaced(_acting: Acting) -> QuerySet[Member]:
    """In the last quarter that is over, as the page shows them without a filter."""
    return unplaced(quarters(timezone.localdate())[1])


def facilities_named(text: str, duty: str = "") -> list[Facility]:
    """Of one's territory, each word in the name, or the number begun so; those of a duty where it is named."""
    rows = Facility.objects.filter(kind__in=KINDS[Obligation(duty)]) if duty else Facility.objects.all()
    if not text:
        return []
    named = Q()
    for word in text.split():
        named &= Q(name__icontains=word)
    return list(rows.filter(named | Q(code__istartswith=text)).order_by("name", "pk")[:FOUND_MAX])


def _placed(quarter: Quarter, duty: str) -> Exists:
    return Exists(newest_places(quarter).filter(member=OuterRef("pk"), obligation=duty).exclude(facility=None))


def _duties(quarter: Quarter) -> dict[Obligation, Q]:
    ages = duty_ages(quarter.ends)
    young = Q(school_level="") & _aged(ages.early_childhood, quarter)
    return {
        Obligation.EDUCATION: ~Q(school_level="") & _aged(ages.school, quarter),
        Obligation.HEALTH: Q(pregnancy_no__gt=0) | young,
        Obligation.WELFARE: Q(severe_disability=True) | _aged(ages.elderly, quarter),
    }


def _aged(ages: Ages, quarter: Quarter) -> Q:
    last, first = ages.born(quarter.ends)
    born: dict[str, Any] = {"birth_date__lte": last} | ({"birth_date__gt": first} if first else {})
    return Q(**born)
