"""Leave the service, or go to work in another district: her families go to somebody else in the same act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Grant
from gandeng.accounts.roles import May
from gandeng.documents.numerals import long_date
from gandeng.facilitators import moving
from gandeng.facilitators.actions.caseload import note as note_change
from gandeng.facilitators.actions.staff import (
    StaffRefused,
    authority_over,
    close,
    from_then_on,
    in_service,
    locked,
    note,
    region_of,
    right_level,
)
from gandeng.facilitators.models import Accompaniment, CaseloadChange, Equipment, Staff
from gandeng.facilitators.staff_queries import villages_held


@dataclass(frozen=True)
class Receivers:
    """Who gets the families of each village; None for nobody, which is to be said aloud (`without`)."""

    by_village: Mapping[str, UUID | None] = field(default_factory=dict)
    without: bool = False


@dataclass(frozen=True)
class Gone:
    """What the act did beside: families that went to others or to nobody, things and roles she still has."""

    changes: list[CaseloadChange]
    without: int
    equipment: int
    roles: int
    """Grants an administrator gave; only an administrator ends them."""


@transaction.atomic
def end_service(
    acting: Acting, staff: Staff, *, day: date, because: str, reason: str, receivers: Receivers = Receivers()
) -> Gone:
    """She leaves; `day` is the first one without her. Posts, terms and leave end, families go, from today at earliest.

    Raises StaffRefused, CaseloadRefused, PermissionDenied.
    """
    authority, staff = authority_over(acting, staff), locked(staff)
    if staff.left_on is not None:
        raise StaffRefused(_("Ia sudah berhenti mulai %(day)s.") % {"day": long_date(staff.left_on)}, "day")
    in_service(staff, day, "day")
    changes, without = _hand_over(acting, staff, max(day, timezone.localdate()), reason, receivers)
    close(staff.posts.all(), day, ended_because=reason)
    close(staff.employments.all(), day)
    close(staff.leaves.all(), day)
    Staff.objects.filter(pk=staff.pk).update(left_on=day, left_because=because)
    equipment, roles = Equipment.objects.filter(staff=staff, returned_on=None).count(), _roles(staff, day)
    note(
        acting, "staff.left", staff, authority, reason, because=because, on=day.isoformat(),
        families=sum(change.families for change in changes), without=without, equipment=equipment, roles=roles,
    )  # fmt: skip
    return Gone(changes, without, equipment, roles)


@transaction.atomic
def undo_end(acting: Acting, staff: Staff, *, reason: str) -> None:
    """She did not leave: what ended on that day goes on. Her families stay where they went, until handed back.

    Raises StaffRefused, PermissionDenied.
    """
    authority, staff = authority_over(acting, staff), locked(staff)
    if staff.left_on is None:
        raise StaffRefused(_("Ia tidak tercatat berhenti."))
    day = staff.left_on
    Staff.objects.filter(pk=staff.pk).update(left_on=None, left_because="")
    staff.posts.filter(valid_until=day, valid_from__lt=day).update(valid_until=None, ended_because="")
    staff.employments.filter(valid_until=day, valid_from__lt=day).update(valid_until=None)
    note(acting, "staff.end_undone", staff, authority, reason, on=day.isoformat())


@dataclass(frozen=True)
class Destination:
    """Where somebody goes to work."""

    role: str
    place: str
    home: str = ""


@transaction.atomic
def transfer(
    acting: Acting, staff: Staff, to: Destination, *, day: date, reason: str, receivers: Receivers = Receivers()
) -> Gone:
    """To another district or province, whose staff one keeps as well, from `day` on, today or before.

    Posts end and one begins there; her record goes along, her families stay, with others. Raises StaffRefused,
    CaseloadRefused, PermissionDenied.
    """
    authority, staff = authority_over(acting, staff), locked(staff)
    there = acting.authority(May.KEEP_STAFF, to.place)
    before, region = staff.region_code, region_of(to.place)
    right_level(to.role, to.place)
    if region == before:
        raise StaffRefused(_("Ia sudah bekerja di wilayah itu. Untuk tugas lain di sana, catat tugas."), "place")
    in_service(staff, day, "day")
    if day > timezone.localdate():
        raise StaffRefused(_("Mutasi dicatat pada hari berlakunya, bukan sebelumnya."), "day")
    changes, without = _hand_over(acting, staff, timezone.localdate(), reason, receivers)
    close(staff.posts.all(), day, ended_because=reason)
    Staff.objects.filter(pk=staff.pk).update(region_code=region, home_code=to.home)
    for rows in (staff.employments, staff.leaves, staff.equipment):
        rows.update(region_code=region)
    staff.posts.create(role=to.role, region_code=to.place, valid_from=day)
    equipment = Equipment.objects.filter(staff=staff, returned_on=None).count()
    facts = {"before": before, "place": to.place, "role": to.role, "on": day.isoformat()}
    note(acting, "staff.transferred", staff, authority, reason, **facts)
    staff.region_code = region
    note(acting, "staff.came", staff, there, reason, **facts)
    return Gone(changes, without, equipment, _roles(staff, timezone.localdate(), before))


def _roles(staff: Staff, day: date, region: str = "") -> int:
    """Grants she holds in a region from a day on."""
    return Grant.objects.filter(from_then_on(day), person_id=staff.person_id, region_code__startswith=region).count()


def _hand_over(
    acting: Acting, staff: Staff, day: date, reason: str, receivers: Receivers
) -> tuple[list[CaseloadChange], int]:
    """Every family she has on that day, district by district; how many of them have nobody then."""
    _none_to_come(staff, day)
    held = villages_held(staff, day)
    if missing := [village for village in held if not receivers.by_village.get(village.code)]:
        _decided(acting, missing[0].code)
        if not receivers.without:
            words = _("Pilih penerima untuk %(count)d keluarga, atau nyatakan bahwa tidak ada penerimanya.")
            raise StaffRefused(words % {"count": sum(village.families for village in missing)}, "taker")
    changes = []
    for district in sorted({village.code[:4] for village in held}):
        authority = _decided(acting, district)
        takers = {v.code: receivers.by_village.get(v.code) for v in held if v.code.startswith(district)}
        moving.hold(district)
        moving.fill_hand_over_by_village(staff.pk, takers, day)
        made = moving.carry_out(acting, CaseloadChange.Kind.HAND_OVER, district, day=day, reason=reason)
        changes.append(note_change(acting, authority, *made, giver=staff.staff_no))
    return changes, sum(village.families for village in missing)


def _decided(acting: Acting, region: str) -> str:
    if not acting.may(May.DECIDE_CASELOAD, region):
        raise StaffRefused(
            _("Ia masih mendampingi keluarga. Serah terima diputuskan koordinator: minta ia mencatatnya dahulu.")
        )
    return acting.authority(May.DECIDE_CASELOAD, region)


def _none_to_come(staff: Staff, day: date) -> None:
    coming = Accompaniment.objects.filter(from_then_on(day), staff=staff, valid_from__gt=day).order_by("valid_from")
    if first := coming.first():
        words = _("%(count)d keluarga akan diserahkan kepadanya mulai %(day)s. Batalkan dahulu serah terima itu.")
        raise StaffRefused(words % {"count": coming.count(), "day": long_date(first.valid_from)})
