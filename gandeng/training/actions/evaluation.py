"""Somebody gives her opinion of an event; that she did is kept apart from what she said."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.audit.actions import record
from gandeng.training.actions.common import TrainingRefused, refusing
from gandeng.training.evaluation_queries import has_given, may_give
from gandeng.training.event_queries import Standing
from gandeng.training.models import Evaluation, EvaluationGiven, Event


@transaction.atomic
def give(acting: Acting, standing: Standing, scores: Mapping[str, int], remark: str) -> None:
    """Once, without a name. Raises TrainingRefused."""
    participant, event = standing.own, standing.event
    if participant is None or not may_give(standing):
        raise TrainingRefused(
            _("Anda sudah memberi penilaian.")
            if has_given(standing)
            else _("Penilaian diberikan oleh peserta, sejak hari pertama sampai kegiatan ditutup.")
        )
    with refusing():
        Event.objects.select_for_update(no_key=True, of=("self",)).get(pk=event.pk)  # whoever closes it waits for us
        EvaluationGiven.objects.create(
            participant=participant, person_id=acting.person_id, region_code=participant.region_code
        )
        Evaluation.objects.create(event=event, region_code=event.region_code, scores=dict(scores), remark=remark)
    held = acting.first
    record(
        acting, "training.evaluated", event, region=participant.region_code, authority=held.words if held else ""
    )  # fmt: skip
