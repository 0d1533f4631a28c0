"""What a request for a change would do to what its family is due: by the code that does it and the code that computes
money, of which nothing is kept."""

import tempfile
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.core.benefit_policy import BenefitPolicy
from gandeng.core.money import format_rupiah
from gandeng.entitlements.asking import Brings, Due, due_of, few_rows
from gandeng.entitlements.queries import component_words, why_words
from gandeng.payments.next_stages import after, next_stage
from gandeng.policy import PolicyGap
from gandeng.registry.actions.applying import STATUS_MOVES, apply_change, refusal
from gandeng.registry.change_queries import is_open_to
from gandeng.registry.keeping import is_kept
from gandeng.registry.models import ChangeRequest
from gandeng.registry.snapshots import freeze
from gandeng.web.sections import Shown, later

_Kind = ChangeRequest.Kind
KINDS = frozenset({
    _Kind.BIRTH, _Kind.DEATH, _Kind.LEFT, _Kind.BACK, _Kind.SCHOOL_LEVEL, _Kind.PREGNANCY, _Kind.DISABILITY,
    _Kind.IDENTITY,
    *STATUS_MOVES,
})  # fmt: skip
"""Changes that may move an amount; what a package above keeps to itself is decided, and told, on its own pages."""
_NOTHING = Due(0, ())


class NotFitting(Exception):
    """The change cannot be made any more; the message says why."""


@dataclass(frozen=True)
class Line:
    """One member now and once it is approved: what counts, or the reason why nothing does; None who is not there."""

    name: str
    before: Brings | None
    after: Brings | None

    @property
    def before_words(self) -> str:
        """`SD atau sederajat: Rp225.000`, or why nothing."""
        return _words(self.before)

    @property
    def after_words(self) -> str:
        """As `before_words`."""
        return _words(self.after)

    @property
    def differs(self) -> bool:
        """Whether this member brings something else."""
        return self.before_words != self.after_words


@dataclass(frozen=True)
class Effect:
    """One stage: what the family would be due as it is, and as it would be."""

    year: int
    stage: int
    months: int
    before_rupiah: int
    after_rupiah: int
    lines: tuple[Line, ...]
    """Of members who would bring something else."""
    others: int
    """Members for whom nothing changes."""

    @property
    def moves(self) -> bool:
        """Whether the amount is another one."""
        return self.before_rupiah != self.after_rupiah


def of_change(acting: Acting, change: ChangeRequest) -> Shown | None:
    """The panel of a request that waits, for whoever asks and decides: calculated once the page is there."""
    if change.kind not in KINDS or is_kept(change.kind, change.family) or not is_open_to(acting, change):
        return None
    return later(_("Pengaruhnya pada bantuan"), reverse("payments:effect", args=[change.pk]))


def effects_of(change: ChangeRequest, today: date) -> list[Effect]:
    """In the next stage that is not frozen, and in the one after where that has begun: who is born then counts later.

    The change is made, the family frozen, and the change taken back before anything is calculated.
    Raises NotFitting, PolicyGap where no figures reach that stage, CheckFailed, IntegrityError for a NIK of others.
    """
    policies = _policies(change.village_code, today)
    with tempfile.TemporaryDirectory(prefix="gandeng-effect-") as told, few_rows(Path(told)) as engine:
        folders = [Path(told) / "before", Path(told) / "after"]
        freeze("", folders[0], on=today, only=[change.family_id], con=engine.con)
        with transaction.atomic():
            _make(change, today)
            freeze("", folders[1], on=today, only=[change.family_id], con=engine.con)
            transaction.set_rollback(True)
        both = (due_of(engine, policies, folder) for folder in folders)
        return [
            _effect(policy, *(due.get(change.family_id, _NOTHING) for due in dues))
            for policy, *dues in zip(policies, *both, strict=True)
        ]


def _policies(village: str, today: date) -> list[BenefitPolicy]:
    coming = next_stage(village, today)
    policies = [coming.policy]
    if coming.starts_on <= today:
        try:
            policies.append(after(coming).policy)
        except PolicyGap:
            return policies
    return policies


def _make(change: ChangeRequest, today: date) -> None:
    """On copies: the page tells of the family as it is."""
    family, member = copy(change.family), copy(change.member)
    if why := refusal(change.kind, family, member, change.after):
        raise NotFitting(why)
    apply_change(change, family, member, today)


def _effect(policy: BenefitPolicy, before: Due, then: Due) -> Effect:
    lines = list(_lines(before.members, then.members))
    told = tuple(one for one in lines if one.differs)
    return Effect(
        policy.cycle.year, policy.cycle.stage, policy.months, before.amount_rupiah, then.amount_rupiah, told,
        len(lines) - len(told),
    )  # fmt: skip


def _lines(before: Sequence[Brings], then: Sequence[Brings]) -> Iterator[Line]:
    """By member, in the order of now; new ones last. Of several rows of a member, the one that counts comes first."""
    sides = [_first_of_each(side) for side in (before, then)]
    for key, one in (sides[0] | sides[1]).items():
        yield Line(one.name, sides[0].get(key), sides[1].get(key))


def _first_of_each(rows: Sequence[Brings]) -> dict[UUID, Brings]:
    found: dict[UUID, Brings] = {}
    for one in rows:
        found.setdefault(one.member, one)
    return found


def _words(one: Brings | None) -> str:
    if one is None:
        return _("tidak tercatat")
    return (
        f"{component_words(one.component)}: {format_rupiah(one.amount_rupiah)}" if one.counted else why_words(one.why)
    )
