"""Decisions on recommendations, and what follows them: the family is told, objects, is answered."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.commitments.actions.common import CommitmentRefused, locked, refused_by
from gandeng.commitments.models import Decision, Effect, Recommendation, Step
from gandeng.commitments.suspension_queries import appeal_until, until
from gandeng.web.refusals import guarded


def decide(acting: Acting, chosen: Iterable[Recommendation], outcome: str, reason: str) -> list[Decision]:
    """One decision on each, all or none. Raises CommitmentRefused, PermissionDenied."""
    if not reason.strip():
        raise CommitmentRefused(_("Tulis alasannya."), "reason")
    made = []
    with transaction.atomic(), guarded(refused_by):
        for each in sorted(chosen, key=lambda one: one.pk):
            authority = acting.authority(May.DECIDE_COMMITMENT, each.village_code)
            locked([each.family_id])
            decision = Decision.objects.create(
                recommendation=each, family_id=each.family_id, village_code=each.village_code, outcome=outcome,
                reason=reason.strip(), by_id=acting.person_id, authority=authority,
            )  # fmt: skip
            record(
                acting, "commitment.decided", decision, region=each.village_code, authority=authority,
                outcome=outcome, cycle=f"{each.cycle_year}-{each.cycle_stage}", reason=reason.strip(),
            )  # fmt: skip
            made.append(decision)
    return made


def tell(acting: Acting, decision: Decision, on_day: date, words: str) -> Step:
    """The family was told, and has days left to object. Raises CommitmentRefused, PermissionDenied."""
    if on_day < timezone.localdate(decision.at):
        raise CommitmentRefused(_("Keluarga baru dapat diberi tahu sesudah keputusannya."), "on_day")
    if decision.outcome == Effect.SUSPEND and until(on_day) < timezone.localdate():
        why = _(
            "Dihitung dari hari itu, batas waktu keberatannya lewat sebelum tercatat. Beri tahu keluarganya lagi, lalu"
            " catat hari itu."
        )
        raise CommitmentRefused(why, "on_day")
    return _step(acting, decision, Step.Kind.TOLD, on_day, words, May.RECORD_COMMITMENT, May.DECIDE_COMMITMENT)


def appeal(acting: Acting, decision: Decision, on_day: date, words: str) -> Step:
    """The family objects, within its days. Raises CommitmentRefused, PermissionDenied."""
    told = decision.steps.filter(kind=Step.Kind.TOLD).first()
    if told is None or decision.outcome != Effect.SUSPEND:
        raise CommitmentRefused(_("Belum ada keputusan yang dapat dikeberatani: keluarga belum diberi tahu."))
    if on_day > appeal_until(told):
        raise CommitmentRefused(_("Batas waktu keberatan sudah lewat."), "on_day")
    return _step(acting, decision, Step.Kind.APPEALED, on_day, words, May.RECORD_COMMITMENT, May.DECIDE_COMMITMENT)


def answer(acting: Acting, decision: Decision, *, upheld: bool, words: str) -> Step:
    """Somebody else than who decided answers the objection. Raises CommitmentRefused, PermissionDenied."""
    kind = Step.Kind.UPHELD if upheld else Step.Kind.REJECTED
    return _step(acting, decision, kind, timezone.localdate(), words, May.DECIDE_COMMITMENT)


def _step(acting: Acting, decision: Decision, kind: str, on_day: date, words: str, *rights: May) -> Step:
    where = decision.village_code
    right = next((each for each in rights if acting.may(each, where)), rights[0])
    authority = acting.authority(right, where)
    if on_day > timezone.localdate():
        raise CommitmentRefused(_("Hari itu belum tiba."), "on_day")
    if not words.strip():
        raise CommitmentRefused(_("Tulis bagian ini."), "words")
    with transaction.atomic(), guarded(refused_by):
        locked([decision.family_id])
        made = Step.objects.create(
            decision=decision, family_id=decision.family_id, village_code=where, kind=kind, on_day=on_day,
            words=words.strip(), by_id=acting.person_id, authority=authority,
        )  # fmt: skip
        record(acting, f"commitment.{kind.lower()}", made, region=where, authority=authority, on=on_day.isoformat())
    return made
