"""Days are opened; people sign in with the code on the wall or are written down by hand; errors are taken back."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, seal
from gandeng.training import tries, wall_codes
from gandeng.training.actions.common import TrainingRefused, refusing
from gandeng.training.day_queries import MAY_COME, day_behind, own_open_days, secret_of
from gandeng.training.event_queries import Standing
from gandeng.training.models import Attendance, Event, EventDay, Participant

_SECRET_BYTES = 32
_CODE_BYTES = 10


@transaction.atomic
def open_day(acting: Acting, standing: Standing, day: date) -> EventDay:
    """People may sign in on that day, which has come. Raises TrainingRefused, PermissionDenied."""
    event = standing.event
    authority = acting.authority(May.PLAN_TRAINING, event.region_code)
    if event.state != Event.State.INVITED:
        raise TrainingRefused(_("Kehadiran dicatat setelah undangan terkirim dan sebelum kegiatan ditutup."))
    if day > timezone.localdate():
        raise TrainingRefused(_("Hari itu belum tiba."), "day")
    key = uuid4()
    sealed = seal(secrets.token_hex(_SECRET_BYTES), Place("training_eventday", "secret", str(key)))
    with refusing():
        made = EventDay.objects.create(
            pk=key, event=event, region_code=event.region_code, day=day, code=secrets.token_hex(_CODE_BYTES),
            secret_sealed=sealed, opened_by_id=acting.person_id,
        )  # fmt: skip
    record(acting, "training.day_opened", event, region=event.region_code, authority=authority, day=day.isoformat())
    return made


@transaction.atomic
def shut_day(acting: Acting, standing: Standing, day: EventDay, *, again: bool = False) -> None:
    """The code opens nothing any more; `again` lets people in once more. Raises TrainingRefused, PermissionDenied."""
    event = standing.event
    authority = acting.authority(May.PLAN_TRAINING, event.region_code)
    if event.state != Event.State.INVITED:
        raise TrainingRefused(_("Kegiatan ini sudah selesai atau dibatalkan."))
    changed = EventDay.objects.filter(pk=day.pk, closed_at__isnull=not again).update(
        closed_at=None if again else timezone.now()
    )
    if changed:
        verb = "training.day_reopened" if again else "training.day_closed"
        record(acting, verb, event, region=event.region_code, authority=authority, day=day.day.isoformat())


@dataclass(frozen=True)
class Scan:
    """A code that is good, for somebody who may use it."""

    day: EventDay
    participant: Participant
    already: Attendance | None


def scanned(acting: Acting, code: str, typed: str, address: str, second: float | None = None) -> Scan:
    """What the code on the wall opens for whoever scans it; nothing is written. Raises TrainingRefused.

    A wrong code is counted, and after a few nothing is looked at for a while.
    """
    if tries.too_many(acting.person_id, address):
        raise TrainingRefused(
            _("Terlalu banyak kode yang salah. Tunggu sepuluh menit, atau minta panitia mencatat Anda.")
        )
    day = day_behind(code)
    if day is None:
        tries.count(acting.person_id, address)
        raise TrainingRefused(_("Kode ini tidak dikenal. Pindai kode yang sekarang tampil di ruangan."))
    participant = _invited(acting, day)
    already = Attendance.objects.filter(day=day, participant=participant, taken_back_at=None).first()
    if already is None:
        _require_good(acting, day, typed, address, time.time() if second is None else second)
    return Scan(day, participant, already)


def typed_in(acting: Acting, typed: str, address: str) -> Scan:
    """The same for whoever typed the letters under the picture, of one of her own days. Raises TrainingRefused."""
    days = own_open_days(acting)
    if not days:
        raise TrainingRefused(_("Hari ini tidak ada kegiatan Anda yang kehadirannya terbuka."), "typed")
    good = [day for day in days if wall_codes.is_good(secret_of(day), typed, time.time())]
    return scanned(acting, (good or days)[0].code, typed, address)


def _invited(acting: Acting, day: EventDay) -> Participant:
    found = (
        Participant.objects.filter(event=day.event, staff__person_id=acting.person_id)
        .select_related("staff__person", "event")
        .first()
    )
    if found is None or found.state == Participant.State.NOMINATED:
        raise TrainingRefused(_("Anda tidak tercatat sebagai peserta kegiatan ini. Hubungi panitia."))
    if found.state not in MAY_COME:
        raise TrainingRefused(
            _("Menurut catatan Anda tidak hadir dalam kegiatan ini. Minta panitia mengubahnya dahulu.")
        )
    return found


def _require_good(acting: Acting, day: EventDay, typed: str, address: str, second: float) -> None:
    if day.event.state != Event.State.INVITED:
        raise TrainingRefused(_("Kegiatan ini sudah selesai atau dibatalkan."))
    if day.day != timezone.localdate():
        raise TrainingRefused(_("Kode ini untuk hari lain. Kehadiran hanya dicatat pada harinya."))
    if day.closed_at is not None:
        raise TrainingRefused(_("Kehadiran hari ini sudah ditutup. Minta panitia mencatat Anda."))
    secret = secret_of(day)
    if wall_codes.is_good(secret, typed, second):
        return
    if wall_codes.is_late(secret, typed, second):
        raise TrainingRefused(_("Kode ini sudah berganti. Pindai lagi kode yang sekarang tampil di ruangan."), "typed")
    tries.count(acting.person_id, address)
    raise TrainingRefused(_("Kode ini salah. Pindai lagi kode yang sekarang tampil di ruangan."), "typed")


@transaction.atomic
def sign_in(acting: Acting, scan: Scan) -> None:
    """She is there; twice is once. Raises TrainingRefused."""
    if scan.already is not None:
        return
    person = scan.participant
    with refusing():
        Attendance.objects.create(
            day=scan.day, participant=person, person_id=acting.person_id, region_code=person.region_code,
            how=Attendance.How.CODE, by_id=acting.person_id,
        )  # fmt: skip
    held = acting.first
    record(
        acting, "training.attended", scan.day.event, region=person.region_code, authority=held.words if held else "",
        day=scan.day.day.isoformat(),
    )  # fmt: skip


@transaction.atomic
def by_hand(acting: Acting, standing: Standing, day: EventDay, people: Sequence[Participant], reason: str) -> int:
    """The organiser saw them there; never herself. Gives how many. Raises TrainingRefused, PermissionDenied."""
    event = standing.event
    authority = acting.authority(May.PLAN_TRAINING, event.region_code)
    if not people:
        raise TrainingRefused(_("Centang siapa yang hadir."), "people")
    if any(one.staff.person_id == acting.person_id for one in people):
        raise TrainingRefused(_("Kehadiran Anda sendiri dicatat dengan kode, atau oleh orang lain."), "people")
    rows = [
        Attendance(
            day=day, participant=one, person_id=one.staff.person_id, region_code=one.region_code,
            how=Attendance.How.HAND, reason=reason, by_id=acting.person_id,
        )
        for one in sorted(people, key=lambda each: each.pk)
    ]  # fmt: skip
    with refusing():
        Attendance.objects.bulk_create(rows)
    record(
        acting, "training.attended_by_hand", event, region=event.region_code, authority=authority, reason=reason,
        day=day.day.isoformat(), participants=[str(one.participant_id) for one in rows],
    )  # fmt: skip
    return len(rows)


@transaction.atomic
def take_back(acting: Acting, standing: Standing, attendance: Attendance, reason: str) -> None:
    """She was not there after all. Raises TrainingRefused, PermissionDenied."""
    event = standing.event
    authority = acting.authority(May.PLAN_TRAINING, event.region_code)
    if attendance.taken_back_at is not None:
        raise TrainingRefused(_("Kehadiran ini sudah dibatalkan."))
    attendance.taken_back_at, attendance.taken_back_by_id = timezone.now(), acting.person_id
    attendance.taken_back_because = reason
    with refusing():
        attendance.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_because"])
    record(
        acting, "training.attendance_taken_back", event, region=event.region_code, authority=authority, reason=reason,
        day=attendance.day.day.isoformat(), participant=str(attendance.participant_id),
    )  # fmt: skip
