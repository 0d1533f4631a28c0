"""Decided, told, objected to, answered, carried out, or ended before."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.public_codes import new_code
from gandeng.graduation.actions.common import (
    Rests,
    approve,
    end_request,
    ending,
    noted,
    pending,
    require_words,
    still,
    take,
)
from gandeng.graduation.models import Case, Step
from gandeng.graduation.moves import State, StepKind
from gandeng.graduation.refused import GraduationRefused
from gandeng.registry.models import Family


def decide(acting: Acting, case: Case, *, yes: bool, words: str) -> Step:
    """Somebody else says yes or no to the proposal as it stands. Raises GraduationRefused, PermissionDenied."""
    require_words(words)

    def hold(family: Family, steps: list[Step]) -> Rests:
        if yes:
            return {**still(case, family, steps).facts, "code": new_code()}, None
        end_request(acting, steps)
        return {}, None

    kind = StepKind.APPROVED if yes else StepKind.REFUSED
    return take(acting, case, kind, timezone.localdate(), words, before=hold)


def tell(acting: Acting, case: Case, on_day: date, words: str, *, step_id: UUID | None = None) -> Step:
    """The family was told of the decision, which there was by then. Raises GraduationRefused, PermissionDenied."""
    require_words(words)

    def after_the_decision(_family: Family, steps: list[Step]) -> Rests:
        if on_day < steps[-1].on_day:
            raise GraduationRefused(_("Keluarga baru dapat diberi tahu sesudah keputusannya."), "on_day")
        return {}, None

    return take(acting, case, StepKind.TOLD, on_day, words, before=after_the_decision, step_id=step_id)


def object_to(acting: Acting, case: Case, on_day: date, words: str) -> Step:
    """The family disagrees. Raises GraduationRefused, PermissionDenied."""
    return noted(acting, case, StepKind.OBJECTED, on_day, words)


def answer(acting: Acting, case: Case, *, upheld: bool, words: str) -> Step:
    """Somebody who had no part in it answers the objection. Raises GraduationRefused, PermissionDenied."""
    require_words(words)

    def end(_family: Family, steps: list[Step]) -> Rests:
        if upheld and steps[-1].state == State.OBJECTED:
            end_request(acting, steps)
        return {}, None

    kind = StepKind.UPHELD if upheld else StepKind.REJECTED
    return take(acting, case, kind, timezone.localdate(), words, before=end)


def carry_out(acting: Acting, case: Case, words: str = "") -> Step:
    """The family graduates: from the next freezing on it is not there. Raises GraduationRefused, PermissionDenied."""

    def hold(family: Family, steps: list[Step]) -> Rests:
        return still(case, family, steps).facts, pending(steps)

    def do(made: Step) -> None:
        if made.change is not None:
            approve(acting, made.change, words or _("Graduasi diberlakukan"))

    return take(acting, case, StepKind.EFFECTIVE, timezone.localdate(), words, before=hold, also=do)


def withdraw(acting: Acting, case: Case, on_day: date, words: str) -> Step:
    """The family does not want it any longer. Raises GraduationRefused, PermissionDenied."""
    return ending(acting, case, StepKind.WITHDRAWN, on_day, words)


def give_back(acting: Acting, case: Case, words: str) -> Step:
    """Prepare it anew, for the family's circumstances are others. Raises GraduationRefused, PermissionDenied."""
    return ending(acting, case, StepKind.RETURNED, timezone.localdate(), words)
