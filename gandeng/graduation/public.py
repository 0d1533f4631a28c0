"""What anybody who holds a farewell letter may learn of it: that an office gave it, when, and if it still holds."""

from dataclasses import dataclass
from datetime import date

from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.context import region_name
from gandeng.accounts.machine import MACHINE
from gandeng.accounts.public_codes import tidy
from gandeng.certificates.content import grouped
from gandeng.graduation.models import Step
from gandeng.graduation.moves import HAS_LETTER, StepKind


@dataclass(frozen=True)
class Verified:
    """No name, number or village: who holds the paper reads those on it."""

    code: str
    district: str
    decided_on: date
    in_force: bool


def verify(code: str) -> Verified | None:
    """The letter of that code, None where there is none. Spaces, dashes and small letters do not matter."""
    wanted = tidy(code)
    if not wanted:
        return None
    with in_territory(MACHINE):
        rows = Step.objects.annotate(code=KeyTextTransform("code", "facts"))
        found = rows.filter(kind=StepKind.APPROVED, code=wanted).first()
        if found is None:
            return None
        steps = Step.objects.filter(case=found.case_id).order_by("-number")
        last = steps.first()
        newest = steps.filter(kind=StepKind.APPROVED).first()
    holds = last is not None and last.state in HAS_LETTER and newest == found
    return Verified(grouped(wanted), region_name(found.village_code[:4]), timezone.localdate(found.at), holds)
