"""The farewell letter of a case."""

from collections.abc import Sequence

from django.utils import timezone

from gandeng.accounts.context import region_name
from gandeng.accounts.signed_papers import signed_paper
from gandeng.certificates.content import grouped
from gandeng.documents.farewell import Farewell, write_farewell
from gandeng.graduation.models import Case, Kind, Step
from gandeng.graduation.moves import StepKind


def letter_pdf(case: Case, steps: Sequence[Step], home: str) -> bytes:
    """Of a case that was approved: by its newest approval, and by its effect where it has one.

    `home` is the absolute address of the page where codes of letters are typed.
    """
    return signed_paper(lambda name: write_farewell(_letter(case, steps, home, name)), "farewell.signing_reason")


def _letter(case: Case, steps: Sequence[Step], home: str, signed_as: str) -> Farewell:
    newest = {step.kind: step for step in steps}
    approved, effective = newest[StepKind.APPROVED], newest.get(StepKind.EFFECTIVE)
    family, code = case.family, str(approved.facts.get("code", ""))
    return Farewell(
        family_no=family.family_no, name=family.called,
        place=f"{region_name(case.village_code)}, {region_name(case.village_code[:4])}", since=family.entered_on,
        kind=case.kind, kind_words=str(Kind(case.kind).label), decided_on=timezone.localdate(approved.at),
        authority=approved.authority, stage=str(effective.facts["stage"]) if effective else "", certificate=signed_as,
        code=grouped(code), address=f"{home}{code}/" if code else "", home=home,
    )  # fmt: skip
