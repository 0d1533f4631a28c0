"""Who accompanies whom, changed by an office: hand over, take families nobody has, undo, say where overload begins."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.accounts.villages import Followed
from gandeng.audit.actions import record
from gandeng.facilitators import moving
from gandeng.facilitators.models import CaseloadChange, LoadLimit, Staff
from gandeng.facilitators.moving import CaseloadRefused

Kind = CaseloadChange.Kind


@transaction.atomic
def hand_over(
    acting: Acting, giver: Staff, taker: Staff, *, day: date, reason: str, villages: list[str] | None = None
) -> CaseloadChange:
    """All her families, or those of some villages, to somebody else of the district from `day` on.

    Raises CaseloadRefused, PermissionDenied.
    """
    authority = acting.authority(May.DECIDE_CASELOAD, giver.region_code)
    if giver.pk == taker.pk:
        raise CaseloadRefused(_("Pilih orang lain sebagai penerima."))
    _not_before(day)
    moving.hold(giver.region_code)
    moving.fill_hand_over(giver.pk, taker.pk, day, villages)
    made = moving.carry_out(acting, Kind.HAND_OVER, giver.region_code, day=day, reason=reason)
    return note(acting, authority, *made, giver=giver.staff_no, taker=taker.staff_no)


@transaction.atomic
def assign_unaccompanied(acting: Acting, village: str, taker: Staff, *, day: date, reason: str) -> CaseloadChange:
    """Families of a village that nobody accompanies, to a facilitator. Raises CaseloadRefused, PermissionDenied."""
    authority = acting.authority(May.DECIDE_CASELOAD, village)
    _not_before(day)
    moving.hold(village)
    moving.fill_unaccompanied(village, taker.pk, day)
    made = moving.carry_out(acting, Kind.ASSIGN, village, day=day, reason=reason)
    return note(acting, authority, *made, taker=taker.staff_no)


@transaction.atomic
def undo(acting: Acting, change: CaseloadChange, *, reason: str) -> CaseloadChange:
    """Back to who had the families before: as if it had never been where it has not begun, else from today on.

    Raises CaseloadRefused where it was undone already or some of its families have changed hands again since.
    """
    authority = acting.authority(May.DECIDE_CASELOAD, change.region_code)
    moving.hold(change.region_code)
    if change.kind == Kind.UNDO or hasattr(change, "undone_by"):
        raise CaseloadRefused(_("Perpindahan ini sudah dibatalkan atau memang pembatalan."))
    if again := change.began.filter(ended_by__isnull=False).count():
        raise CaseloadRefused(
            _("%(count)d keluarganya sudah berpindah lagi. Batalkan dahulu yang kemudian, atau buat serah terima baru.")
            % {"count": again}
        )
    day = max(change.effective_on, timezone.localdate())
    moving.fill_undo(change)
    made = moving.carry_out(acting, Kind.UNDO, change.region_code, day=day, reason=reason, undoes=change)
    return note(acting, authority, *made, undoes=str(change.pk))


@transaction.atomic
def set_load_limit(acting: Acting, region: str, families: int, *, day: date, reason: str) -> LoadLimit:
    """From how many families on somebody of the region is overloaded; a later one replaces it. PermissionDenied."""
    authority = acting.authority(May.DECIDE_CASELOAD, region)
    limit = LoadLimit.objects.create(
        region_code=region, families=families, valid_from=day, reason=reason, set_by_id=acting.person_id
    )
    record(acting, "load_limit.set", limit, region=region, authority=authority, reason=reason, families=families)
    return limit


def note(acting: Acting, authority: str, change: CaseloadChange, followed: Followed, **facts: str) -> CaseloadChange:
    """The act in the log, with what its facilitators see more and less for it."""
    record(
        acting, "caseload.changed", change, region=change.region_code, authority=authority, reason=change.reason,
        kind=change.kind, effective_on=change.effective_on.isoformat(), families=change.families,
        villages_given=followed.given, villages_ended=followed.ended, **facts,
    )  # fmt: skip
    return change


def _not_before(day: date) -> None:
    if day < timezone.localdate():
        raise CaseloadRefused(_("Tanggal mulai tidak boleh sebelum hari ini."))
