"""Who is to come: named, answering, taken off, replaced."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.training.actions.common import TrainingRefused, refusing
from gandeng.training.event_queries import Standing
from gandeng.training.models import Event, Participant

_NAME = """
insert into training_participant (id, event_id, staff_id, region_code, home_code, state, reason, named_by_id, named_at)
select gen_random_uuid(), w.event_id, s.id, s.region_code, s.home_code, 'NOMINATED', '', %(by)s, now()
from unnest(%(staff)s::uuid[], %(events)s::uuid[]) w (staff_id, event_id)
join facilitators_staff s on s.id = w.staff_id
where s.joined_on <= %(day)s and (s.left_on is null or s.left_on > %(day)s)
order by s.home_code, s.id
"""
"""In the order of the sub-district, whose lock each row takes: two at once wait, and never for each other."""

_AGAIN = """
update training_participant set state = 'NOMINATED', reason = '', invited_at = null, answered_at = null,
    answered_by_id = null, named_by_id = %(by)s, named_at = now()
where event_id = %(event)s and staff_id = any(%(staff)s) and state in ('WITHDRAWN', 'DECLINED')
"""


def seat(acting: Acting, wanted: Sequence[tuple[UUID, UUID]], day: date) -> int:
    """Name people for events, pairs of staff and event, in one statement; the caller has asked for the right."""
    values: dict[str, Any] = {
        "staff": [staff for staff, _event in wanted], "events": [event for _staff, event in wanted],
        "by": acting.person_id, "day": day,
    }  # fmt: skip
    return _done(_NAME, values)


def _done(statement: str, values: dict[str, Any]) -> int:
    with refusing(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


@transaction.atomic
def nominate(acting: Acting, standing: Standing, staff: Sequence[UUID]) -> int:
    """Name people; whoever was taken off or had declined stands on the list again. Raises TrainingRefused."""
    event, authority = _open(acting, standing)
    before = Participant.objects.filter(event=event, staff__in=staff)
    known = set(before.values_list("staff_id", flat=True))
    again = _done(_AGAIN, {"by": acting.person_id, "event": event.pk, "staff": [*known]})
    named = again + seat(acting, [(one, event.pk) for one in staff if one not in known], timezone.localdate())
    if named < len(set(staff)):
        raise TrainingRefused(
            _("Daftar ini sudah berubah sejak halaman dibuka: ada yang sudah tercatat atau berhenti.")
        )
    record(
        acting, "training_event.named", event, region=event.region_code, authority=authority, number=event.number,
        people=named, staff=[str(one) for one in staff],
    )  # fmt: skip
    return named


@transaction.atomic
def withdraw(acting: Acting, standing: Standing, participant: Participant, reason: str) -> None:
    """Take somebody off. Raises TrainingRefused, PermissionDenied."""
    event, authority = _open(acting, standing)
    _take_off(event, participant, reason)
    record(
        acting, "training_participant.withdrawn", participant, region=participant.region_code, authority=authority,
        reason=reason, number=event.number,
    )  # fmt: skip


@transaction.atomic
def replace(acting: Acting, standing: Standing, participant: Participant, staff_id: UUID, reason: str) -> None:
    """Somebody else in her place; both or neither. Raises TrainingRefused, PermissionDenied."""
    if participant.state in Participant.COMING:
        withdraw(acting, standing, participant, reason)
    nominate(acting, standing, [staff_id])


def _take_off(event: Event, participant: Participant, reason: str) -> None:
    if not reason.strip():
        raise TrainingRefused(_("Tulis alasannya."), "reason")
    rows = Participant.objects.filter(pk=participant.pk, event=event, state__in=Participant.COMING)
    with refusing():
        if not rows.update(state=Participant.State.WITHDRAWN, reason=reason):
            raise TrainingRefused(_("Orang ini sudah dicoret atau sudah menolak."))


@transaction.atomic
def answer(acting: Acting, participant: Participant, *, comes: bool, reason: str = "") -> None:
    """She says whether she comes, or her office says it for her, which stays known. Raises TrainingRefused."""
    own = participant.staff.person_id == acting.person_id
    authority = _may_answer(acting, participant, own=own)
    event = Event.objects.select_for_update(of=("self",), no_key=True).get(pk=participant.event_id)
    if event.state != Event.State.INVITED or event.ends_on < timezone.localdate():
        raise TrainingRefused(_("Kegiatan ini sudah selesai atau dibatalkan; jawabannya tidak diubah lagi."))
    if not comes and not reason.strip():
        raise TrainingRefused(_("Tulis alasannya."), "reason")
    states = (Participant.State.INVITED, Participant.State.CONFIRMED, Participant.State.DECLINED)
    rows = Participant.objects.filter(pk=participant.pk, state__in=states)
    becomes = Participant.State.CONFIRMED if comes else Participant.State.DECLINED
    with refusing():
        changed = rows.update(
            state=becomes, reason="" if comes else reason, answered_at=timezone.now(), answered_by_id=acting.person_id
        )
    if not changed:
        raise TrainingRefused(_("Undangan ini tidak berlaku lagi. Hubungi kantor Anda."))
    record(
        acting, "training_participant.confirmed" if comes else "training_participant.declined", participant,
        region=participant.region_code, authority=authority, reason="" if comes else reason, number=event.number,
        on_behalf=not own,
    )  # fmt: skip


def _may_answer(acting: Acting, participant: Participant, *, own: bool) -> str:
    if own:
        return acting.first.words if acting.first else ""
    if not may_answer_for(acting, participant):
        raise PermissionDenied(May.PLAN_TRAINING)
    region = participant.event.region_code
    return acting.authority(
        May.PLAN_TRAINING, region if acting.may(May.PLAN_TRAINING, region) else participant.region_code
    )


def may_answer_for(acting: Acting, participant: Participant) -> bool:
    """Who plans trainings of the event's office, or of her own district."""
    regions = (participant.event.region_code, participant.region_code)
    return any(acting.may(May.PLAN_TRAINING, region) for region in regions)


def _open(acting: Acting, standing: Standing) -> tuple[Event, str]:
    authority = acting.authority(May.PLAN_TRAINING, standing.event.region_code)
    event = Event.objects.select_for_update(of=("self",), no_key=True).get(pk=standing.event.pk)
    if event.state not in (Event.State.DRAFT, Event.State.INVITED):
        raise TrainingRefused(_("Kegiatan ini sudah selesai atau dibatalkan."))
    return event, authority
