"""What a phone carries of graduation: the case of a family on its way out, what a proposal lacks, and what is asked."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from gandeng.graduation.models import Case, Step
from gandeng.graduation.moves import State, StepKind
from gandeng.graduation.published import items_of
from gandeng.graduation.queries import missing, under_way
from gandeng.graduation.words import statement_words


def graduations(own: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """By family, the case that is under way where it lives."""
    return {case.family_id: _case(case, steps) for case, steps in under_way(own)}


def _case(case: Case, steps: list[Step]) -> dict[str, Any]:
    state = State(vars(case)["state"])
    lacking = missing(case, steps) if state == State.PREPARING else []
    return {
        "case": str(case.pk), "kind": case.kind, "kind_name": case.get_kind_display(), "state": state.value,
        "state_name": str(state.label), "missing": [kind.value for kind in lacking],
        "approval": _approval(steps) if state == State.APPROVED else None,
        "statement": statement_words(case) if StepKind.STATEMENT in lacking else "",
    }  # fmt: skip


def _approval(steps: list[Step]) -> int:
    """The number of the step the family is to be told of."""
    return max(step.number for step in steps if step.kind == StepKind.APPROVED)


def checklists(cases: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, str]]]:
    """By kind of graduation, of the kinds among these cases, what is asked and where each question comes from."""
    return {
        kind: [
            {"code": code, "text": item.text.said(), "source": item.source.said()}
            for code, item in items_of(kind).items()
        ]
        for kind in sorted({one["kind"] for one in cases})
    }  # fmt: skip
