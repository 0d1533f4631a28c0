"""Clarifications: published, replaced, ended, read."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.conduct.actions.common import ConductRefused, refusing
from gandeng.conduct.clarification_queries import going_on, in_force_for
from gandeng.conduct.models import Acknowledgement, Clarification
from gandeng.facilitators.queries import own_record


@dataclass(frozen=True)
class Text:
    """What is said, what is true, who says so, until when."""

    region: str
    claim: str
    truth: str
    source: str
    valid_until: date


@transaction.atomic
def publish(acting: Acting, text: Text, replaces: Clarification | None = None) -> Clarification:
    """For a region, from today. A newer one takes the place of the old. Raises ConductRefused, PermissionDenied."""
    authority = acting.authority(May.CLARIFY, text.region)
    today = timezone.localdate()
    if text.valid_until <= today:
        raise ConductRefused(_("Harus sesudah hari ini."), "valid_until")
    if replaces is not None:
        acting.authority(May.CLARIFY, replaces.region_code)
        if not replaces.region_code.startswith(text.region):
            raise ConductRefused(_("Pengganti harus untuk wilayah yang sama atau yang membawahinya."), "region")
        locked = Clarification.objects.select_for_update(of=("self",), no_key=True).get(pk=replaces.pk)
        if not Clarification.objects.filter(going_on(today), pk=locked.pk).exists():
            raise ConductRefused(_("Klarifikasi itu sudah berakhir atau sudah diganti."))
    twice = ConductRefused(_("Klarifikasi itu sudah berakhir atau sudah diganti."))
    with refusing("", {"conduct_clarification_replaces_id_key": twice}):
        made = Clarification.objects.create(
            region_code=text.region, claim=text.claim, truth=text.truth, source=text.source, valid_from=today,
            valid_until=text.valid_until, replaces=replaces, published_by_id=acting.person_id, authority=authority,
        )  # fmt: skip
    record(
        acting, "clarification.published", made, region=text.region, authority=authority,
        until=text.valid_until.isoformat(), replaces=str(replaces.pk) if replaces else "",
    )  # fmt: skip
    return made


@transaction.atomic
def end(acting: Acting, clarification: Clarification, reason: str) -> None:
    """Before its time. Raises ConductRefused, PermissionDenied."""
    authority = acting.authority(May.CLARIFY, clarification.region_code)
    rows = Clarification.objects.filter(going_on(timezone.localdate()), pk=clarification.pk)
    if not rows.update(ended_by_id=acting.person_id, ended_at=timezone.now(), end_reason=reason):
        raise ConductRefused(_("Klarifikasi itu sudah berakhir atau sudah diganti."))
    record(
        acting, "clarification.ended", clarification, region=clarification.region_code, authority=authority,
        reason=reason,
    )  # fmt: skip


@transaction.atomic
def acknowledge(acting: Acting, clarification: Clarification) -> None:
    """She has read it; once. Raises ConductRefused."""
    staff = own_record(acting)
    if staff is None:
        raise ConductRefused(_("Hanya SDM PKH yang menyatakan sudah membaca."))
    if not in_force_for(staff, timezone.localdate()).filter(pk=clarification.pk).exists():
        raise ConductRefused(_("Klarifikasi ini tidak berlaku untuk wilayah tugas Anda."))
    if Acknowledgement.objects.filter(clarification=clarification, staff=staff).exists():
        return
    Acknowledgement.objects.create(clarification=clarification, staff=staff, region_code=staff.region_code)
    held = acting.first
    record(acting, "clarification.read", clarification, region=staff.region_code, authority=held.words if held else "")
