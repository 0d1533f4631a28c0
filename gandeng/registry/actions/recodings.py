"""Codes of villages a decree replaced: proposed by one person, applied by another, undone as a whole."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.region_code import RegionCode
from gandeng.jobs.work import Report, WorkRefused
from gandeng.registry.models import CodeChange, Recoding
from gandeng.registry.recoding import recode, recode_back
from gandeng.web.refusals import Refusal

_OFFICES = (4, 2)
"""Digits of a district and of a province; whoever takes lists does so for one of them or the nation."""


class RecodingRefused(Refusal):
    """The change cannot be proposed like this."""


@dataclass(frozen=True)
class Wanted:
    """A decree and its codes; `pairs` as in `Recoding.pairs`."""

    basis: str
    in_force_on: date
    pairs: list[dict[str, Any]]


def propose(acting: Acting, wanted: Wanted) -> Recoding:
    """Write a change down for another person to apply. Raises RecodingRefused."""
    region = region_of(wanted.pairs)
    if not acting.may(May.TAKE_LIST, region):
        told = _("Kode-kode ini menyangkut %(region)s. Usulan dibuat oleh petugas yang berwenang di sana.")
        raise RecodingRefused(told % {"region": region_name(region)}, "pairs")
    if why := _in_the_way(wanted.pairs):
        raise RecodingRefused(why, "pairs")
    with transaction.atomic():
        made = Recoding.objects.create(
            region_code=region, basis=wanted.basis.strip(), in_force_on=wanted.in_force_on, pairs=wanted.pairs,
            proposed_by_id=acting.person_id,
        )  # fmt: skip
        record(
            acting, "codes.proposed", made, region=region, authority=acting.authority(May.TAKE_LIST, region),
            basis=made.basis, pairs=made.pairs,
        )  # fmt: skip
    return made


def region_of(pairs: list[dict[str, Any]]) -> str:
    """The smallest district or province that holds all codes, "" for the nation."""
    codes = [pair[side] for pair in pairs for side in ("old", "new")]
    held = ({code[:digits] for code in codes} for digits in _OFFICES)
    return next((found.pop() for found in held if len(found) == 1), "")


def _in_the_way(pairs: list[dict[str, Any]]) -> str:
    """Why these codes cannot be changed like this beside the changes in force; "" where they can."""
    in_force = CodeChange.objects.filter(valid_until=None)
    gone = in_force.filter(whole=True, old_code__in=[pair["old"] for pair in pairs] + [pair["new"] for pair in pairs])
    if found := gone.first():
        told = _("Kode %(old)s sudah diganti %(new)s. Batalkan perubahan itu dahulu bila keliru.")
        return told % _dotted(found.old_code, found.new_code)
    again = {(one.old_code, one.new_code) for one in in_force.filter(old_code__in=[pair["old"] for pair in pairs])}
    for pair in pairs:
        if (pair["old"], pair["new"]) in again:
            return _("Pasangan %(old)s dan %(new)s sudah berlaku.") % _dotted(pair["old"], pair["new"])
    return ""


def _dotted(old: str, new: str) -> dict[str, str]:
    return {"old": RegionCode(old).dotted(), "new": RegionCode(new).dotted()}


def why_not_apply(acting: Acting, recoding: Recoding) -> str:
    """Why this person cannot apply this change now; "" where nothing is in the way."""
    if recoding.state != Recoding.State.PROPOSED:
        return _("Perubahan kode ini tidak lagi menunggu penerapan.")
    if recoding.proposed_by_id == acting.person_id:
        return _("Perubahan kode yang Anda usulkan sendiri diterapkan oleh orang lain.")
    return _in_the_way(recoding.pairs)


def apply_recoding(acting: Acting, recoding_id: UUID | str, report: Report) -> Recoding:
    """Families of the old codes stand under the new ones, and what is theirs follows. Raises WorkRefused."""
    recoding = _locked(recoding_id)
    authority = acting.authority(May.APPLY_LIST, recoding.region_code)
    if why := why_not_apply(acting, recoding):
        raise WorkRefused(why)
    recoding.state, recoding.applied_by_id = Recoding.State.APPLIED, acting.person_id
    recoding.applied_at = timezone.now()
    recoding.save()
    today = timezone.localdate()
    CodeChange.objects.bulk_create(
        CodeChange(recoding=recoding, old_code=pair["old"], new_code=pair["new"], whole=pair["whole"], valid_from=today)
        for pair in recoding.pairs
    )
    report(_("Mengganti kode keluarga"), 0, 0)
    with pghistory.context(who=acting.person_name, recoding=str(recoding.pk)):
        families = recode(recoding.pk)
    record(
        acting, "codes.applied", recoding, region=recoding.region_code, authority=authority, basis=recoding.basis,
        families=families,
    )  # fmt: skip
    return recoding


def _locked(recoding_id: UUID | str) -> Recoding:
    return Recoding.objects.select_for_update(of=("self",), no_key=True).get(pk=recoding_id)


def withdraw_recoding(acting: Acting, recoding: Recoding, reason: str) -> None:
    """Put a change that was not applied away. Raises WorkRefused, PermissionDenied."""
    own = recoding.proposed_by_id == acting.person_id
    authority = acting.authority(May.TAKE_LIST if own else May.APPLY_LIST, recoding.region_code)
    with transaction.atomic():
        locked = _locked(recoding.pk)
        if locked.state != Recoding.State.PROPOSED:
            raise WorkRefused(_("Perubahan kode ini tidak lagi menunggu penerapan."))
        _end(acting, locked, Recoding.State.WITHDRAWN, reason)
        record(
            acting, "codes.withdrawn", locked, region=locked.region_code, authority=authority, reason=locked.end_reason
        )


def undo_recoding(acting: Acting, recoding_id: UUID | str, reason: str, report: Report) -> Recoding:
    """Families that still stand under the new code go back, and the codes are two places again. Raises WorkRefused."""
    recoding = _locked(recoding_id)
    authority = acting.authority(May.APPLY_LIST, recoding.region_code)
    if recoding.state != Recoding.State.APPLIED:
        raise WorkRefused(_("Hanya perubahan kode yang sudah diterapkan yang dapat dibatalkan."))
    if on_it := _built_on(recoding):
        told = _("Perubahan “%(basis)s” memakai kode baru dari perubahan ini. Batalkan yang itu dahulu.")
        raise WorkRefused(told % {"basis": on_it.basis})
    report(_("Mengembalikan kode keluarga"), 0, 0)
    with pghistory.context(who=acting.person_name, recoding=str(recoding.pk)):
        families = recode_back(recoding.pk)
    CodeChange.objects.filter(recoding=recoding).update(valid_until=timezone.localdate())
    _end(acting, recoding, Recoding.State.UNDONE, reason)
    record(
        acting, "codes.undone", recoding, region=recoding.region_code, authority=authority, reason=recoding.end_reason,
        families=families,
    )  # fmt: skip
    return recoding


def _built_on(recoding: Recoding) -> Recoding | None:
    """A change in force of a code that this one made."""
    new = [pair["new"] for pair in recoding.pairs]
    found = CodeChange.objects.filter(valid_until=None, whole=True, old_code__in=new).exclude(recoding=recoding)
    one = found.select_related("recoding").first()
    return one.recoding if one else None


def _end(acting: Acting, recoding: Recoding, state: str, reason: str) -> None:
    recoding.state, recoding.ended_by_id, recoding.ended_at = state, acting.person_id, timezone.now()
    recoding.end_reason = reason.strip()
    recoding.save()
