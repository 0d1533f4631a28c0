"""A problem is raised, given to somebody with a day, answered, closed, opened again. Nothing of it is rewritten."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Person
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.training.actions.common import TrainingRefused, refusing
from gandeng.training.day_queries import MAY_COME
from gandeng.training.event_queries import Standing
from gandeng.training.models import Event, Problem, ProblemStep
from gandeng.training.problem_queries import Seen, owners_for


@dataclass(frozen=True)
class Raised:
    """What is wrong, and where."""

    region: str
    about: str
    text: str


@transaction.atomic
def raise_problem(acting: Acting, standing: Standing, told: Raised) -> Problem:
    """By one of the invited, or by the office that holds the event. Raises TrainingRefused, PermissionDenied."""
    event, own = standing.event, standing.own
    coming = own is not None and own.state in MAY_COME
    if not coming and not acting.may(May.PLAN_TRAINING, event.region_code):
        raise PermissionDenied(May.PLAN_TRAINING)
    if event.state not in (Event.State.INVITED, Event.State.CLOSED):
        raise TrainingRefused(_("Masalah dicatat setelah undangan terkirim, dan tidak untuk kegiatan yang dibatalkan."))
    with refusing():
        made = Problem.objects.create(
            event=event, region_code=told.region, about=told.about, text=told.text, raised_by_id=acting.person_id
        )
    made.refresh_from_db()
    held = acting.first
    record(
        acting, "problem.raised", made, region=made.region_code, authority=held.words if held else "",
        number=made.number, about=made.about, event=event.number,
    )  # fmt: skip
    return made


def give(acting: Acting, seen: Seen, owner: Person, due_on: date | None) -> ProblemStep:
    """Name who answers, and by when. Raises TrainingRefused, PermissionDenied."""
    _require(seen.gives)
    if due_on is not None and due_on < timezone.localdate():
        raise TrainingRefused(_("Tenggat paling awal hari ini."), "due_on")
    if str(owner.pk) not in dict(owners_for(seen.problem)):
        raise TrainingRefused(_("Orang ini tidak bertugas atas tempat itu."), "owner")
    return _step(acting, seen, ProblemStep.Kind.GIVEN, "", owner=owner, due_on=due_on)


def answer(acting: Acting, seen: Seen, text: str) -> ProblemStep:
    """What was done, or why nothing can be. Raises TrainingRefused, PermissionDenied."""
    _require(seen.answers)
    return _step(acting, seen, ProblemStep.Kind.ANSWERED, text)


def close(acting: Acting, seen: Seen, text: str) -> ProblemStep:
    """It is solved. Raises TrainingRefused, PermissionDenied."""
    _require(seen.settles)
    return _step(acting, seen, ProblemStep.Kind.CLOSED, text)


def reopen(acting: Acting, seen: Seen, text: str) -> ProblemStep:
    """It is not. Raises TrainingRefused, PermissionDenied."""
    _require(seen.reopens)
    return _step(acting, seen, ProblemStep.Kind.REOPENED, text)


def _require(may: bool) -> None:
    if not may:
        raise TrainingRefused(_("Masalah ini sudah berubah sejak halaman itu dibuka, atau bukan bagian Anda."))


@transaction.atomic
def _step(acting: Acting, seen: Seen, kind: ProblemStep.Kind, text: str, **columns: object) -> ProblemStep:
    problem = seen.problem
    region = problem.event.region_code
    held = acting.authority(May.PLAN_TRAINING, region) if seen.office else (acting.first.words if acting.first else "")
    with refusing():
        step = ProblemStep.objects.create(
            problem=problem, region_code=problem.region_code, kind=kind, text=text, by_id=acting.person_id,
            authority=held, **columns,
        )  # fmt: skip
    record(
        acting, f"problem.{kind.lower()}", problem, region=problem.region_code, authority=held, number=problem.number
    )
    return step
