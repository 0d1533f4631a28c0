"""A NIK and a family card of somebody: recorded, changed, taken out again; a full one is shown to nobody after that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.audit.sealing import Place, blind, seal
from gandeng.facilitators.actions.staff import StaffRefused, authority_over, locked, note, refusing
from gandeng.facilitators.identities import NUMBERS, TABLE, IdentityKind
from gandeng.facilitators.models import Identity, Staff


@dataclass(frozen=True)
class Numbers:
    """What was typed, sixteen digits each; one that was not stays as it is, or goes where it is among `gone`."""

    told: Mapping[IdentityKind, str]
    gone: frozenset[IdentityKind] = field(default_factory=frozenset)


@transaction.atomic
def record_identity(acting: Acting, staff: Staff, numbers: Numbers) -> None:
    """Her numbers from now on. Raises StaffRefused where nothing changes, PermissionDenied."""
    authority, staff = authority_over(acting, staff), locked(staff)
    held = _in_force(staff)
    facts: dict[str, Any] = {}
    for number in NUMBERS:
        before, after = held.get(number), numbers.told.get(number, "")
        if not after and number not in numbers.gone:
            continue
        if (blind(number, after) or b"") == (_index_of(before, number) if before else b""):
            continue
        _put(staff, number, before, after)
        facts[number] = {"before": str(before or ""), "after": after[-4:]}
    if not facts:
        raise StaffRefused(_("Tidak ada yang berubah: nomornya sudah tercatat demikian."))
    note(acting, "staff.identity_recorded", staff, authority, **facts)


def _in_force(staff: Staff) -> dict[IdentityKind, Identity]:
    rows = staff.identities.filter(ended_at=None)
    return {"nik" if row.nik_last4 else "kk": row for row in rows}


def _index_of(row: Identity, number: IdentityKind) -> bytes:
    return bytes(row.nik_index or b"") if number == "nik" else bytes(row.kk_index or b"")


def _put(staff: Staff, number: IdentityKind, before: Identity | None, after: str) -> None:
    """Who typed waits for whoever else types; a list that is applied meanwhile was there first."""
    meanwhile = StaffRefused(_("Nomornya baru saja diubah orang lain. Muat ulang halamannya."))
    if before and not Identity.objects.filter(pk=before.pk, ended_at=None).update(ended_at=timezone.now()):
        raise meanwhile
    if after:
        with refusing({f"identity_one_{number}": meanwhile}):
            _begin(staff, number, after)


def _begin(staff: Staff, number: IdentityKind, text: str) -> None:
    row = Identity(staff=staff)
    setattr(row, f"{number}_sealed", seal(text, Place(TABLE, number, str(row.pk))))
    setattr(row, f"{number}_index", blind(number, text))
    setattr(row, f"{number}_last4", text[-4:])
    row.save(force_insert=True)
