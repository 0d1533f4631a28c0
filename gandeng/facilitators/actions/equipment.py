"""Things handed to staff: given out, acknowledged by herself, given back or lost."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.documents.numerals import long_date
from gandeng.facilitators.actions.staff import StaffRefused, authority_over, in_service, locked, note, refusing
from gandeng.facilitators.models import Equipment, Staff


@transaction.atomic
def issue(acting: Acting, staff: Staff, kind: str, serial_no: str, *, day: date) -> Equipment:
    """A thing to somebody, whose receipt is open until she says she has it. Raises StaffRefused, PermissionDenied."""
    authority, staff = authority_over(acting, staff), locked(staff)
    in_service(staff, day, "issued_on")
    if day > timezone.localdate():
        raise StaffRefused(_("Belum terjadi. Pilih hari ini atau sebelumnya."), "issued_on")
    words = _("Barang dengan nomor ini masih tercatat pada seseorang. Catat dahulu kembalinya.")
    with refusing({"equipment_with_one": StaffRefused(words, "serial_no")}):
        thing = Equipment.objects.create(
            staff=staff, region_code=staff.region_code, kind=kind, serial_no=serial_no, issued_on=day,
            issued_by_id=acting.person_id,
        )  # fmt: skip
    note(acting, "equipment.issued", staff, authority, kind=kind, serial_no=serial_no, on=day.isoformat())
    return thing


@transaction.atomic
def acknowledge(acting: Acting, thing: Equipment) -> None:
    """She has it, and says so herself, signed in; once. PermissionDenied for anybody else."""
    if thing.staff.person_id != acting.person_id:
        raise PermissionDenied("only she herself")
    taken = Equipment.objects.filter(pk=thing.pk, received_at=None, returned_on=None).update(received_at=timezone.now())
    if taken:
        held = acting.first
        note(
            acting, "equipment.received", thing.staff, held.words if held else "", kind=thing.kind,
            serial_no=thing.serial_no,
        )  # fmt: skip


@transaction.atomic
def take_in(acting: Acting, thing: Equipment, condition: str, *, day: date) -> None:
    """It came back, or is lost. Raises StaffRefused, PermissionDenied."""
    authority = authority_over(acting, thing.staff)
    thing = Equipment.objects.select_for_update(of=("self",), no_key=True).select_related("staff").get(pk=thing.pk)
    if thing.returned_on is not None:
        raise StaffRefused(_("Sudah dicatat kembali pada %(day)s.") % {"day": long_date(thing.returned_on)})
    if not thing.issued_on <= day <= timezone.localdate():
        words = _("Diserahkan pada %(day)s. Pilih hari sejak itu sampai hari ini.")
        raise StaffRefused(words % {"day": long_date(thing.issued_on)}, "returned_on")
    Equipment.objects.filter(pk=thing.pk).update(returned_on=day, condition=condition)
    action = "equipment.lost" if condition == Equipment.Condition.LOST else "equipment.returned"
    note(
        acting, action, thing.staff, authority, kind=thing.kind, serial_no=thing.serial_no, condition=condition,
        on=day.isoformat(),
    )  # fmt: skip
