"""What a family said, or that it was not reached. Nothing of money changes by it: a channel's row alone does that."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, seal
from gandeng.monitoring.models import Answer, Drawn
from gandeng.monitoring.queries import access_task, wherever
from gandeng.monitoring.refused import MonitoringRefused, words_of
from gandeng.monitoring.signs import Said, signs
from gandeng.web.refusals import guarded


@dataclass(frozen=True)
class Told:
    """One attempt; `answer_id` is made where it is written, so that sending twice is once."""

    answer_id: UUID
    on_day: date
    how: str
    words: str = ""
    corrects: UUID | None = None
    """The newest answer, where this says it anew."""


def note_answer(acting: Acting, one: Drawn, told: Told, said: Said, drawn_at: str) -> Answer:
    """The family was reached. Raises MonitoringRefused, PermissionDenied, Http404."""
    if said.arrived is (said.in_hand_rupiah == 0):
        raise MonitoringRefused(_("Bila uangnya sampai, tulis berapa; bila tidak, tulis 0."), "in_hand_rupiah")
    return _keep(
        acting, one, told, reached=True, arrived=said.arrived, in_hand_rupiah=said.in_hand_rupiah, card=said.card,
        pin=said.pin, levy=said.levy, drawn_at=drawn_at, **signs(said, one.net_rupiah),
    )  # fmt: skip


def note_not_reached(acting: Acting, one: Drawn, told: Told, why: str, next_on: date | None) -> Answer:
    """Nobody answered, and when it is tried again. Raises MonitoringRefused, PermissionDenied, Http404."""
    if why == Answer.WhyNot.OTHER and not told.words.strip():
        raise MonitoringRefused(_("Tulis sebabnya."), "words")
    return _keep(acting, one, told, reached=False, why_not=why, next_on=next_on)


def _keep(acting: Acting, one: Drawn, told: Told, **fields: Any) -> Answer:
    authority = acting.authority(May.ASK_FAMILIES)
    if told.on_day > timezone.localdate():
        raise MonitoringRefused(_("Hari itu belum tiba."), "on_day")
    with wherever(), transaction.atomic(), guarded(words_of):
        access_task(acting, one.pk)
        made = Answer.objects.filter(pk=told.answer_id).first()
        if made is not None:
            return _again(acting, made, one)
        last = Answer.objects.filter(drawn=one).order_by("-number").first()
        made = Answer.objects.create(
            pk=told.answer_id, drawn=one, stratum_id=one.stratum_id, family_id=one.family_id,
            village_code=one.village_code, number=last.number + 1 if last else 1, corrects_id=told.corrects,
            on_day=told.on_day, how=told.how, words_sealed=_sealed(told), by_id=acting.person_id, authority=authority,
            **fields,
        )  # fmt: skip
        record(
            acting, "monitoring.corrected" if told.corrects else "monitoring.answered", made, region=one.village_code,
            authority=authority, reached=made.reached, attempt=made.number,
        )  # fmt: skip
    return made


def _sealed(told: Told) -> bytes:
    words = told.words.strip()
    return seal(words, Place("monitoring_answer", "words", str(told.answer_id))) if words else b""


def _again(acting: Acting, made: Answer, one: Drawn) -> Answer:
    if made.by_id != acting.person_id or made.drawn_id != one.pk:
        raise MonitoringRefused(_("Catatan ini sudah dipakai untuk hal lain. Muat ulang halamannya."))
    return made
