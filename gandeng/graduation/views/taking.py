"""From a form to the act it asks for."""

from collections.abc import Callable
from typing import Any

from gandeng.accounts.acting import Acting
from gandeng.graduation import actions
from gandeng.graduation.forms import ChecklistForm, StatementForm, StepForm
from gandeng.graduation.models import Case, Step
from gandeng.graduation.moves import FOLLOW_UPS
from gandeng.graduation.words import signed_words


def take(who: Acting, case: Case, kind: str, form: StepForm) -> Step:
    """Raises GraduationRefused, PermissionDenied."""
    told = form.cleaned_data
    if isinstance(form, ChecklistForm):
        return actions.check(who, case, told["on_day"], form.answers(), told["words"])
    if isinstance(form, StatementForm):
        return actions.state_own(
            who, case, told["on_day"], form.signer(), told["picture"], drawn=told["drawn"],
            words=signed_words(case, told["words"]),
        )  # fmt: skip
    if kind in FOLLOW_UPS:
        return actions.follow_up(who, case, kind, told["on_day"], told["result"], told["words"])
    return _ACTS[kind](who, case, told)


_ACTS: dict[str, Callable[[Acting, Case, dict[str, Any]], Step]] = {
    "VISIT": lambda who, case, told: actions.visit(who, case, told["on_day"], told["result"], told["words"]),
    "PROPOSED": lambda who, case, told: actions.propose(who, case, told["words"]),
    "RETURNED": lambda who, case, told: actions.give_back(who, case, told["words"]),
    "APPROVED": lambda who, case, told: actions.decide(who, case, yes=True, words=told["words"]),
    "REFUSED": lambda who, case, told: actions.decide(who, case, yes=False, words=told["words"]),
    "TOLD": lambda who, case, told: actions.tell(who, case, told["on_day"], told["words"]),
    "OBJECTED": lambda who, case, told: actions.object_to(who, case, told["on_day"], told["words"]),
    "UPHELD": lambda who, case, told: actions.answer(who, case, upheld=True, words=told["words"]),
    "REJECTED": lambda who, case, told: actions.answer(who, case, upheld=False, words=told["words"]),
    "EFFECTIVE": lambda who, case, told: actions.carry_out(who, case, told["words"]),
    "WITHDRAWN": lambda who, case, told: actions.withdraw(who, case, told["on_day"], told["words"]),
    "REENTRY_ASKED": lambda who, case, told: actions.ask_back(who, case, told["words"]),
    "REENTERED": lambda who, case, told: actions.decide_back(who, case, yes=True, words=told["words"]),
    "REENTRY_REFUSED": lambda who, case, told: actions.decide_back(who, case, yes=False, words=told["words"]),
}
