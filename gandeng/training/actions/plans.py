"""Batches from what people lack: proposed, made in one act, undone as a whole."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.training import planning
from gandeng.training.actions.common import TrainingRefused, refusing
from gandeng.training.actions.participants import seat
from gandeng.training.course_queries import may_hold
from gandeng.training.models import BatchPlan, Course, Event
from gandeng.training.plan_queries import Needing, absent_in, next_batch_no, who_needs, window, with_days
from gandeng.training.planning import PEOPLE_MAX, Batch, NotSolved, Seating, Span

UNDONE_KEPT = "Rencana angkatan dibatalkan"


@dataclass(frozen=True)
class Offered:
    """A batch that could be held."""

    first: date
    venue: str
    seats: int


@dataclass(frozen=True)
class Asked:
    """For whom, when, and how many of a sub-district may be away at once."""

    office: str
    region: str
    batches: Sequence[Offered]
    absent_max: int | None = None
    soon: bool = True
    """With those whose certificate is running out."""
    roles: Sequence[str] = ()
    """For a course without a skill: everybody of these posts."""

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        told = asdict(self)
        told["batches"] = [told_one | {"first": told_one["first"].isoformat()} for told_one in told["batches"]]
        return told


@dataclass(frozen=True)
class Proposal:
    """Who would sit where, and who not and why. `digest` names exactly this."""

    people: list[Needing]
    on_a_list: int
    seating: Seating
    digest: str

    def of_batch(self, number: int) -> list[Needing]:
        """Those of one batch, by district, sub-district and number."""
        there = [one for one in self.people if self.seating.seats.get(str(one.staff_id)) == number]
        return sorted(there, key=lambda one: (one.district, one.home, one.staff_no))

    @property
    def unseated(self) -> list[tuple[Needing, planning.Without]]:
        """Everybody else with the reason."""
        without = self.seating.without
        return [(one, without[str(one.staff_id)]) for one in self.people if str(one.staff_id) in without]


def propose(acting: Acting, course: Course, asked: Asked, day: date) -> Proposal:
    """Nothing is kept. Raises TrainingRefused, PermissionDenied."""
    if asked.office not in may_hold(acting, course) or course.ended_on is not None:
        raise TrainingRefused(_("Pelatihan ini tidak dapat diselenggarakan kantor itu."), "office")
    if not asked.region.startswith(asked.office):
        raise TrainingRefused(_("Pilih wilayah kantor itu."), "region")
    need = who_needs(acting, course, asked.region, day, roles=asked.roles, soon=asked.soon)
    if len(need.people) > PEOPLE_MAX:
        raise TrainingRefused(
            _("Yang membutuhkan lebih dari %(most)s orang. Rencanakan untuk wilayah yang lebih kecil.")
            % {"most": PEOPLE_MAX}, "region",
        )  # fmt: skip
    first, last = window([one.first for one in asked.batches], course.days)
    people = with_days(need.people, first, last)
    homes = sorted({one.home for one in people if one.home})
    batches = [Batch(_span(one.first, course), one.seats) for one in asked.batches]
    try:
        seating = planning.plan(
            [one.candidate for one in people], batches, absent_max=asked.absent_max,
            absent=absent_in(homes, first, last) if asked.absent_max is not None else None,
        )  # fmt: skip
    except NotSolved as error:
        raise TrainingRefused(
            _("Pembagian ini terlalu rumit. Kurangi angkatan yang harinya bertumpuk, atau pilih wilayah lebih kecil.")
        ) from error
    return Proposal(people, need.on_a_list, seating, _digest(asked, seating))


def _span(first: date, course: Course) -> Span:
    return Span(first, first + timedelta(days=course.days - 1))


def _digest(asked: Asked, seating: Seating) -> str:
    told = [asked.to_json(), sorted(seating.seats.items()), sorted(seating.without.items())]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def make(acting: Acting, course: Course, asked: Asked, shown: str) -> BatchPlan:
    """The batches that were shown, as drafts with their people. Raises TrainingRefused, PermissionDenied."""
    authority, today = acting.authority(May.PLAN_TRAINING, asked.office), timezone.localdate()
    proposal = propose(acting, course, asked, today)
    if proposal.digest != shown:
        raise TrainingRefused(
            _("Sejak ditampilkan, daftar orang yang membutuhkan sudah berubah. Periksa pembagian yang baru ini.")
        )
    if not proposal.seating.seats:
        raise TrainingRefused(_("Tidak ada yang mendapat tempat; tidak ada yang dibuat."))
    plan = BatchPlan.objects.create(
        course=course, region_code=asked.office, made_by_id=acting.person_id,
        asked=asked.to_json() | {"needed": len(proposal.people), "on_a_list": proposal.on_a_list},
        unseated=[{"staff": str(one.staff_id), "why": why.value} for one, why in proposal.unseated],
    )  # fmt: skip
    events = _events(acting, plan, course, asked, proposal)
    wanted = [(UUID(key), events[batch]) for key, batch in proposal.seating.seats.items()]
    if seat(acting, wanted, today) != len(wanted):
        raise TrainingRefused(_("Ada orang yang baru saja berhenti. Periksa pembagian yang baru ini."))
    record(
        acting, "batch_plan.made", plan, region=asked.office, authority=authority, course=course.title,
        events=len(events), people=len(wanted), without=len(proposal.unseated),
    )  # fmt: skip
    return plan


def _events(acting: Acting, plan: BatchPlan, course: Course, asked: Asked, proposal: Proposal) -> dict[int, UUID]:
    """A draft for each batch in which somebody sits, in the order of their days."""
    used = sorted(set(proposal.seating.seats.values()), key=lambda one: (asked.batches[one].first, one))
    number = next_batch_no(course, asked.office)
    made = {}
    for batch_no, batch in enumerate(used, start=number):
        offered = asked.batches[batch]
        span = _span(offered.first, course)
        with refusing():
            event = Event.objects.create(
                course=course, plan=plan, region_code=asked.office, title=course.title, batch_no=batch_no,
                venue=offered.venue, starts_on=span.first, ends_on=span.last, capacity=offered.seats,
                absent_max=asked.absent_max, skill_id=course.skill_id, hours=course.hours,
                attendance_percent_min=course.attendance_percent_min, pass_percent=course.pass_percent,
                made_by_id=acting.person_id,
            )  # fmt: skip
        made[batch] = event.pk
    return made


@transaction.atomic
def undo(acting: Acting, plan: BatchPlan) -> int:
    """All its batches are cancelled, where nobody was invited yet; gives how many. Raises TrainingRefused."""
    authority = acting.authority(May.PLAN_TRAINING, plan.region_code)
    locked = BatchPlan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
    events = list(Event.objects.select_for_update(of=("self",), no_key=True).filter(plan=plan).order_by("pk"))
    if locked.undone_at is not None:
        raise TrainingRefused(_("Rencana ini sudah dibatalkan."))
    if any(one.state not in (Event.State.DRAFT, Event.State.CANCELLED) for one in events):
        raise TrainingRefused(_("Ada angkatan yang sudah diundangkan. Batalkan angkatannya satu per satu."))
    with refusing():
        undone = Event.objects.filter(plan=plan, state=Event.State.DRAFT).update(
            state=Event.State.CANCELLED, cancelled_because=UNDONE_KEPT, changed_at=timezone.now()
        )
        BatchPlan.objects.filter(pk=plan.pk).update(undone_by_id=acting.person_id, undone_at=timezone.now())
    record(acting, "batch_plan.undone", plan, region=plan.region_code, authority=authority, events=undone)
    return undone
