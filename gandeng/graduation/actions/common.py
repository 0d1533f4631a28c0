"""What every act of a case shares: one step at a time, under the family's lock, with what it rests on."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.calculation import CheckFailed
from gandeng.graduation.models import Case, Kind, Step
from gandeng.graduation.moves import State, StepKind, leads_to
from gandeng.graduation.queries import DECISIONS
from gandeng.graduation.refused import GraduationRefused, words_of
from gandeng.graduation.standing import Standing, digest_of, standing_of
from gandeng.policy import PolicyGap
from gandeng.registry import actions as registry
from gandeng.registry.models import ChangeRequest, Family
from gandeng.web.refusals import guarded
from gandeng.web.templatetags.gandeng import tahap

type Rests = tuple[dict[str, Any], ChangeRequest | None]
"""Facts a step keeps, and the registry's request it is about."""
type Before = Callable[[Family, list[Step]], Rests]
EITHER = frozenset({"TOLD", "RETURNED", "WITHDRAWN", "OBJECTED"})
"""Steps of whoever prepares and of whoever decides."""


def take(
    acting: Acting, case: Case, kind: str, on_day: date, words: str, *, facts: Mapping[str, Any] | None = None,
    before: Before | None = None, also: Callable[[Step], None] | None = None, step_id: UUID | None = None,
) -> Step:  # fmt: skip
    """The next step, in one transaction with what it rests on (`before`) and what it does (`also`).

    `step_id`, where it was told elsewhere first, is its id. Raises GraduationRefused where the state has moved on.
    """
    authority = _authority(acting, case, kind)
    if on_day > timezone.localdate():
        raise GraduationRefused(_("Hari itu belum tiba."), "on_day")
    with transaction.atomic(), guarded(words_of):
        family = locked_family(case.family)
        steps = list(Step.objects.filter(case=case).select_related("change").order_by("number"))
        state = leads_to(steps[-1].state if steps else State.PREPARING, kind)
        if state is None:
            raise GraduationRefused(_("Keadaannya sudah berubah. Muat ulang halamannya."))
        told, change = before(family, steps) if before else (dict(facts or {}), None)
        made = Step.objects.create(
            pk=step_id or uuid4(), case=case, family=family, village_code=case.village_code, number=len(steps) + 1,
            kind=kind, state=state, on_day=on_day, words=words.strip(), facts=told, change=change,
            by_id=acting.person_id, authority=authority,
        )  # fmt: skip
        if also:
            also(made)
        record(
            acting, f"graduation.{kind.lower()}", case, region=case.village_code, authority=authority,
            reason=made.words, on=on_day.isoformat(), state=state,
        )  # fmt: skip
    return made


def _authority(acting: Acting, case: Case, kind: str) -> str:
    if kind in DECISIONS:
        return acting.authority(May.DECIDE_GRADUATION, case.village_code)
    if kind in EITHER and acting.may(May.DECIDE_GRADUATION, case.village_code):
        return acting.authority(May.DECIDE_GRADUATION, case.village_code)
    return acting.authority(May.REQUEST_CHANGE, case.village_code)


def noted(acting: Acting, case: Case, kind: StepKind, on_day: date, words: str, *, step_id: UUID | None = None) -> Step:
    """A step that is its words. Raises GraduationRefused, PermissionDenied."""
    require_words(words)
    return take(acting, case, kind, on_day, words, step_id=step_id)


def ending(acting: Acting, case: Case, kind: StepKind, on_day: date, words: str) -> Step:
    """A step that ends what was asked of the registry. Raises GraduationRefused, PermissionDenied."""
    require_words(words)

    def end(_family: Family, steps: list[Step]) -> Rests:
        end_request(acting, steps)
        return {}, None

    return take(acting, case, kind, on_day, words, before=end)


def locked_family(family: Family) -> Family:
    """One act at a time per family, changes of its data among them."""
    return Family.objects.select_for_update(of=("self",), no_key=True).get(pk=family.pk)


def standing_now(family: Family, kind: str) -> Standing:
    """For a case of that kind. Raises GraduationRefused where it cannot be said."""
    try:
        return standing_of(family, kind, timezone.localdate())
    except PolicyGap as gap:
        raise GraduationRefused(_("Tahap berikutnya belum dapat ditentukan: kalender kebijakan belum ada.")) from gap
    except CheckFailed as failed:
        raise GraduationRefused(_("Data keluarga ini tidak dapat dihitung. Perbaiki datanya dahulu.")) from failed


def require_natural(family: Family, standing: Standing) -> None:
    """No component left is what the calculation says of a family otherwise paid. Raises GraduationRefused."""
    if family.status != Family.Status.ACTIVE:
        raise GraduationRefused(_("Nol karena penangguhan bukan graduasi alamiah. Aktifkan keluarganya dahulu."))
    if standing.prospect is None:
        raise GraduationRefused(_("Angka kebijakan belum sampai ke %(stage)s.") % {"stage": tahap(standing.stage)})
    if not standing.no_component:
        words = _("Pada %(stage)s atau sesudahnya masih ada anggota yang menjadi komponen; belum alamiah.")
        raise GraduationRefused(words % {"stage": tahap(standing.stage)})


def still(case: Case, family: Family, steps: list[Step]) -> Standing:
    """What was proposed is still so. Raises GraduationRefused."""
    proposed = next(step for step in reversed(steps) if step.kind == StepKind.PROPOSED)
    if digest_of(family, case.kind) != proposed.facts.get("digest"):
        raise GraduationRefused(_("Data keluarga berubah sejak diusulkan. Kembalikan untuk disiapkan lagi."))
    standing = standing_now(family, case.kind)
    if case.kind == Kind.NATURAL:
        require_natural(family, standing)
    return standing


def request(acting: Acting, family: Family, kind: str, wanted: registry.Wanted, words: str) -> ChangeRequest:
    """The registry's request of that kind. Raises GraduationRefused."""
    try:
        return registry.request_change(acting, family, kind, None, wanted, words, registry.Proof())
    except registry.ChangeRefused as why:
        raise GraduationRefused(str(why)) from why


def approve(acting: Acting, change: ChangeRequest, words: str) -> None:
    """The registry carries it out. Raises GraduationRefused."""
    try:
        registry.approve_change(acting, change, words, right=May.DECIDE_GRADUATION)
    except registry.ChangeRefused as why:
        raise GraduationRefused(str(why)) from why


def _newest_request(steps: list[Step]) -> ChangeRequest | None:
    return next((step.change for step in reversed(steps) if step.change is not None), None)


def pending(steps: list[Step]) -> ChangeRequest:
    """The request of the newest proposal, where it still waits. Raises GraduationRefused."""
    change = _newest_request(steps)
    if change is None or change.state != ChangeRequest.State.PENDING:
        raise GraduationRefused(_("Permintaan pada data keluarganya sudah ditarik atau ditolak. Kembalikan dahulu."))
    return change


def end_request(acting: Acting, steps: list[Step]) -> None:
    """The newest request waits no longer; nothing where there is none."""
    change = _newest_request(steps)
    if change is not None:
        registry.end_kept(acting, change)


def require_words(words: str) -> None:
    """Raises GraduationRefused."""
    if not words.strip():
        raise GraduationRefused(_("Tulis bagian ini."), "words")
