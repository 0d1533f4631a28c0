"""How a family fares that graduated, and its way back."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.graduation.actions.common import Rests, approve, end_request, pending, request, require_words, take
from gandeng.graduation.models import Case, Step
from gandeng.graduation.moves import StepKind
from gandeng.graduation.refused import GraduationRefused
from gandeng.registry import actions as registry
from gandeng.registry.models import ChangeRequest, Family


def follow_up(acting: Acting, case: Case, kind: str, on_day: date, result: str, words: str) -> Step:
    """How the family fares afterwards. Raises GraduationRefused, PermissionDenied."""
    require_words(words)
    return take(acting, case, kind, on_day, words, facts={"result": result})


def ask_back(acting: Acting, case: Case, words: str) -> Step:
    """Ask for the family to come back. Raises GraduationRefused, PermissionDenied."""
    require_words(words)

    def ask(family: Family, _steps: list[Step]) -> Rests:
        if family.status != Family.Status.GRADUATED:
            raise GraduationRefused(_("Keluarga ini tidak lagi berstatus graduasi."))
        wanted = registry.Wanted({"status": str(Family.Status.ACTIVE)})
        return {}, request(acting, family, ChangeRequest.Kind.RESUME, wanted, words)

    return take(acting, case, StepKind.REENTRY_ASKED, timezone.localdate(), words, before=ask)


def decide_back(acting: Acting, case: Case, *, yes: bool, words: str) -> Step:
    """Somebody else decides whether it does. Raises GraduationRefused, PermissionDenied."""
    require_words(words)

    def hold(_family: Family, steps: list[Step]) -> Rests:
        if yes:
            return {}, pending(steps)
        end_request(acting, steps)
        return {}, None

    def do(made: Step) -> None:
        if made.change is not None:
            approve(acting, made.change, words)

    kind = StepKind.REENTERED if yes else StepKind.REENTRY_REFUSED
    return take(acting, case, kind, timezone.localdate(), words, before=hold, also=do)
