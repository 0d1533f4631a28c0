"""What plans of the caseload are told: skills that families need, and who holds them (facilitators.skills)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from gandeng.certificates.models import Skill
from gandeng.certificates.needs import holds
from gandeng.facilitators.skills import Trait, Wanted


def wanted(region: str, day: date) -> list[Wanted]:
    """Skills in force of the offices above a region that some families call for, the most urgent first."""
    above = sorted({region[:length] for length in (0, 2) if length <= len(region)})
    rows = Skill.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), region_code__in=above).exclude(for_traits=[])
    return [
        Wanted(one.name, tuple(Trait(trait) for trait in one.for_traits))
        for one in rows.order_by("urgency", "name", "pk")
    ]


def able(staff: Sequence[UUID], day: date) -> dict[UUID, frozenset[str]]:
    """Names of the skills of which each holds a certificate in force; two offices may name one alike."""
    held = holds(staff, day)
    names = dict(Skill.objects.exclude(for_traits=[]).values_list("pk", "name"))
    named = {one: frozenset(names[skill] for skill in skills if skill in names) for one, skills in held.items()}
    return {one: skills for one, skills in named.items() if skills}
