"""The farewell letter of a case."""

from collections.abc import Sequence

from django.utils import timezone

from gandeng.accounts.context import region_name
from gandeng.accounts.signed_papers import signed_paper
from gandeng.documents.farewell import Farewell, write_farewell
from gandeng.graduation.models import Case, Kind, Step
from gandeng.graduation.moves import StepKind


def letter_pdf(case: Case, steps: Sequence[Step]) -> bytes:
    """Of a case that was approved: by its newest approval, and by its effect where it has one."""
    return signed_paper(lambda name: write_farewell(_letter(case, steps, name)), "farewell.signing_reason")


def _letter(case: Case, steps: Sequence[Step], signed_as: str) -> Farewell:
    newest = {step.kind: step for step in steps}
    approved, effective = newest[StepKind.APPROVED], newest.get(StepKind.EFFECTIVE)
    family = case.family
    return Farewell(
        family_no=family.family_no, name=family.called,
        place=f"{region_name(case.village_code)}, {region_name(case.village_code[:4])}", since=family.entered_on,
        kind=case.kind, kind_words=str(Kind(case.kind).label), decided_on=timezone.localdate(approved.at),
        authority=approved.authority, stage=str(effective.facts["stage"]) if effective else "", certificate=signed_as,
    )  # fmt: skip
