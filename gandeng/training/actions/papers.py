"""Tests are opened with their questions and closed; each participant answers her own, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.training.actions.common import TrainingRefused, refusing
from gandeng.training.event_queries import Standing
from gandeng.training.models import Event, Paper, PaperQuestion, Question, Sitting
from gandeng.training.paper_queries import Own

QUESTIONS_MAX = 100


@dataclass(frozen=True)
class Drawn:
    """How the questions were chosen: drawn by a seed, so many of a unit; nothing of it where a person chose."""

    seed: str = ""
    of_each: int = 0


@transaction.atomic
def open_paper(
    acting: Acting, standing: Standing, kind: str, questions: Sequence[Question], drawn: Drawn | None = None
) -> Paper:
    """A test, open from now on. Raises TrainingRefused, PermissionDenied."""
    event = standing.event
    authority = acting.authority(May.PLAN_TRAINING, event.region_code)
    if event.state != Event.State.INVITED:
        raise TrainingRefused(_("Tes dibuka setelah undangan terkirim dan sebelum kegiatan ditutup."))
    if not questions:
        raise TrainingRefused(_("Pilih paling sedikit satu soal."), "questions")
    if len(questions) > QUESTIONS_MAX:
        raise TrainingRefused(_("Paling banyak %(most)s soal dalam satu tes.") % {"most": QUESTIONS_MAX}, "questions")
    with refusing():
        paper = Paper.objects.create(
            event=event, region_code=event.region_code, kind=kind, opened_by_id=acting.person_id
        )
        PaperQuestion.objects.bulk_create(
            PaperQuestion(paper=paper, question=one, region_code=event.region_code, place=place)
            for place, one in enumerate(questions, start=1)
        )
    how: dict[str, Any] = {"seed": drawn.seed, "of_each": drawn.of_each} if drawn else {}
    record(
        acting, "training.paper_opened", event, region=event.region_code, authority=authority, kind=kind,
        questions=[str(one.pk) for one in questions], **how,
    )  # fmt: skip
    return paper


@transaction.atomic
def close_paper(acting: Acting, standing: Standing, paper: Paper) -> None:
    """Nobody hands in any more. Raises TrainingRefused, PermissionDenied."""
    event = standing.event
    authority = acting.authority(May.PLAN_TRAINING, event.region_code)
    with refusing():
        changed = Paper.objects.filter(pk=paper.pk, closed_at=None).update(closed_at=timezone.now())
    if not changed:
        raise TrainingRefused(_("Tes ini sudah ditutup."))
    record(acting, "training.paper_closed", event, region=event.region_code, authority=authority, kind=paper.kind)


@transaction.atomic
def start(acting: Acting, own: Own) -> None:
    """Her paper lies before her. Raises TrainingRefused."""
    if own.sitting is not None:
        return
    participant = own.standing.own
    if participant is None:
        raise TrainingRefused(_("Tes ini tidak terbuka untuk Anda sekarang."))
    with refusing():
        Sitting.objects.create(
            paper=own.paper, participant=participant, person_id=acting.person_id, region_code=participant.region_code
        )


@transaction.atomic
def keep(own: Own, answers: Mapping[str, int]) -> None:
    """What she answered so far; what she did not mention stays. Raises TrainingRefused."""
    sitting = _before_her(own)
    sitting.answers = {**sitting.answers, **answers}
    with refusing():
        sitting.save(update_fields=["answers"])


@transaction.atomic
def hand_in(acting: Acting, own: Own) -> None:
    """Once; the database marks it. Raises TrainingRefused."""
    sitting = _before_her(own)
    sitting.handed_in_at = timezone.now()
    with refusing():
        sitting.save(update_fields=["handed_in_at"])
    held = acting.first
    record(
        acting, "training.handed_in", own.standing.event, region=sitting.region_code,
        authority=held.words if held else "", kind=own.paper.kind,
    )  # fmt: skip


def _before_her(own: Own) -> Sitting:
    if own.sitting is None or not own.may_answer:
        raise TrainingRefused(_("Tes ini tidak terbuka untuk Anda sekarang."))
    return Sitting.objects.select_for_update(no_key=True).get(pk=own.sitting.pk)
