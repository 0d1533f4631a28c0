"""What is done in a case: called, heard, decided, appealed, accepted, final, corrected, withdrawn.

Each puts one step in; the database moves the case and refuses what does not follow (`conduct_step_done`).
"""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.audit.sealing import Place, seal
from gandeng.conduct.actions.cases import Paper, keep_paper, words_of
from gandeng.conduct.actions.common import ACCUSED_KEPT, ConductRefused, Unnamed, note, refusing
from gandeng.conduct.case_queries import Standing, matter_of
from gandeng.conduct.models import Party, Step


@dataclass(frozen=True)
class Said:
    """What is written with a step, and the paper to it."""

    text: str
    paper: Paper | None = None


@dataclass(frozen=True)
class Decision:
    """`outcome` is UNFOUNDED or a step of the ladder; an appeal's last day only where the office states one."""

    outcome: str
    referred: bool = False
    appeal_until: date | None = None


def call(acting: Acting, standing: Standing, said: Said, day: date) -> Step:
    """Invite the accused, who from now on sees what is open to her. Raises ConductRefused, PermissionDenied."""
    if day < timezone.localdate():
        raise ConductRefused(_("Hari pemeriksaan paling awal hari ini."), "day")
    _may(standing, "undang")
    matter = matter_of(standing)
    if matter is None:
        raise PermissionDenied("undang")
    known = any(one.part == Party.Part.ACCUSED for one in standing.parties)
    with transaction.atomic():
        if not known:
            with refusing(_("Perkara ini sudah berubah. Muat ulang halamannya.")):
                Party.objects.create(
                    case=standing.case, person_id=matter.staff.person_id, part=Party.Part.ACCUSED,
                    added_by_id=acting.person_id,
                )  # fmt: skip
        return _step(acting, standing, "undang", Step.Kind.CALLED, said, on_day=day, prohibition=matter.prohibition)


def hear(acting: Acting, standing: Standing, said: Said, day: date) -> Step:
    """What she said, or that she did not come. Raises ConductRefused, PermissionDenied."""
    if day > timezone.localdate():
        raise ConductRefused(_("Tanggalnya belum tiba."), "day")
    return _step(acting, standing, "berita-acara", Step.Kind.HEARD, said, on_day=day)


def add_note(acting: Acting, standing: Standing, said: Said) -> Step:
    """For the panel alone. Raises PermissionDenied."""
    return _step(acting, standing, "catatan", Step.Kind.NOTE, said, open_to_accused=False)


def decide(acting: Acting, standing: Standing, said: Said, decision: Decision) -> Step:
    """Unfounded, or a step of the ladder. Raises ConductRefused, PermissionDenied."""
    return _decided(acting, standing, "putusan", Step.Kind.DECIDED, said, decision)


def correct(acting: Acting, standing: Standing, said: Said, decision: Decision) -> Step:
    """A later decision in place of the one in force, which stays on record. Raises ConductRefused, PermissionDenied."""
    return _decided(acting, standing, "koreksi", Step.Kind.DECIDED, said, decision)


def decide_appeal(acting: Acting, standing: Standing, said: Said, decision: Decision) -> Step:
    """The office above decides, and that stands. Raises ConductRefused, PermissionDenied."""
    return _decided(acting, standing, "putusan-banding", Step.Kind.APPEAL_DECIDED, said, decision)


def correct_appeal(acting: Acting, standing: Standing, said: Said, decision: Decision) -> Step:
    """The same office, later. Raises ConductRefused, PermissionDenied."""
    return _decided(acting, standing, "koreksi-banding", Step.Kind.APPEAL_DECIDED, said, decision)


def appeal(acting: Acting, standing: Standing, said: Said) -> Step:
    """She asks the office above. Raises ConductRefused, PermissionDenied."""
    return _step(acting, standing, "banding", Step.Kind.APPEALED, said)


def accept(acting: Acting, standing: Standing, said: Said) -> Step:
    """She takes the decision as it is; it is final. Raises ConductRefused, PermissionDenied."""
    return _step(acting, standing, "terima", Step.Kind.ACCEPTED, said)


def make_final(acting: Acting, standing: Standing, said: Said) -> Step:
    """The day stated for an appeal has passed, or nothing was found. Raises ConductRefused, PermissionDenied."""
    return _step(acting, standing, "tetap", Step.Kind.FINAL, said)


def withdraw(acting: Acting, standing: Standing, said: Said) -> Step:
    """No case after all, with its reason. Raises ConductRefused, PermissionDenied."""
    return _step(acting, standing, "hentikan", Step.Kind.WITHDRAWN, said)


def _decided(acting: Acting, standing: Standing, deed: str, kind: Step.Kind, said: Said, decision: Decision) -> Step:
    if decision.appeal_until is not None and decision.appeal_until < timezone.localdate():
        raise ConductRefused(_("Batas banding paling awal hari ini."), "appeal_until")
    return _step(
        acting, standing, deed, kind, said, outcome=decision.outcome, referred=decision.referred,
        on_day=decision.appeal_until, corrects=None if deed == "putusan" else standing.decision,
    )  # fmt: skip


def _may(standing: Standing, deed: str) -> None:
    if deed not in standing.deeds:
        raise PermissionDenied(deed)


@transaction.atomic
def _step(acting: Acting, standing: Standing, deed: str, kind: Step.Kind, said: Said, **columns: object) -> Step:
    if deed != "undang":
        _may(standing, deed)
    by_accused = kind in (Step.Kind.APPEALED, Step.Kind.ACCEPTED)
    authority = "" if by_accused else words_of(standing)
    key = uuid4()
    step = Step(
        pk=key, case=standing.case, kind=kind, by_id=acting.person_id, authority=authority,
        text_sealed=seal(said.text, Place("conduct_step", "text", str(key))), **columns,
    )  # fmt: skip
    with refusing(_("Perkara ini sudah berubah sejak halaman ini dibuka. Muat ulang halamannya.")):
        step.save(force_insert=True)
        keep_paper(standing.case, step, said.paper, open_to_accused=step.open_to_accused)
    note(Unnamed(ACCUSED_KEPT) if by_accused else acting, f"conduct.{kind.lower()}", standing.case, authority)
    return step
