"""Phones: entered, given their share again, revoked."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, seal, unseal
from gandeng.field.models import Device
from gandeng.field.queries import may_revoke, place_of
from gandeng.web.refusals import Refusal, guarded

SHARE_DAYS = 14
NAME_LENGTH_MAX = 80
_SHARE_BYTES = 32


class DeviceRefused(Refusal):
    """It cannot be entered or revoked; says why."""


class NotHers(Exception):
    """The device is another person's, or none."""


class Revoked(Exception):
    """It was hers: the app is to be wiped."""


@dataclass(frozen=True)
class Shared:
    """A device and what the server adds to its key."""

    device: Device
    share: str
    new: bool = False


def enter(acting: Acting, device_id: UUID, name: str) -> Shared:
    """A phone of one's own; the same again is the same. Raises NotHers, Revoked, DeviceRefused, PermissionDenied."""
    held = acting.held(May.ACCOMPANY)
    with transaction.atomic():
        found = Device.objects.select_for_update(no_key=True).filter(pk=device_id).first()
        if found is not None:
            return renewed(acting, found)
        with guarded(_words):
            try:
                made = _make(acting, device_id, name)
            except IntegrityError as error:
                if _words(_constraint(error)):
                    raise
                raise NotHers from error
        record(acting, "device.entered", made, region=made.region_code, authority=held.words, name=made.name)
    return Shared(made, _share(made), new=True)


def _make(acting: Acting, device_id: UUID, name: str) -> Device:
    share = base64.b64encode(secrets.token_bytes(_SHARE_BYTES)).decode()
    return Device.objects.create(
        pk=device_id, person_id=acting.person_id, name=name.strip()[:NAME_LENGTH_MAX] or _("Ponsel"),
        region_code=place_of(acting), share_sealed=seal(share, _place(device_id)), share_until=_until(),
    )  # fmt: skip


def renewed(acting: Acting, device: Device) -> Shared:
    """The same share for fourteen days more. Raises NotHers, Revoked."""
    if device.person_id != acting.person_id:
        raise NotHers
    if device.revoked_at is not None:
        raise Revoked
    device.share_until = _until()
    device.save(update_fields=["share_until"])
    return Shared(device, _share(device))


def revoke(acting: Acting, device: Device, reason: str) -> None:
    """At once: the share is destroyed, and the phone told to empty itself when it next asks. Raises DeviceRefused."""
    if not may_revoke(acting, device):
        raise DeviceRefused(_("Ponsel ini dicabut oleh pemiliknya, koordinatornya, atau administrator."))
    with transaction.atomic():
        found = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
        if found.revoked_at is not None:
            raise DeviceRefused(_("Ponsel ini sudah dicabut."))
        found.share_sealed, found.revoked_at = b"", timezone.now()
        found.revoked_by_id, found.revoked_reason = acting.person_id, reason.strip()
        found.save()
        first = acting.first
        record(
            acting, "device.revoked", found, region=found.region_code, authority=first.words if first else "",
            reason=found.revoked_reason, person=str(found.person_id),
        )  # fmt: skip


def _until() -> datetime:
    return timezone.now() + timedelta(days=SHARE_DAYS)


def _share(device: Device) -> str:
    return unseal(bytes(device.share_sealed), _place(device.pk))


def _place(key: object) -> Place:
    return Place("field_device", "share", str(key))


def _constraint(error: IntegrityError) -> str:
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "")


def _words(name: str) -> DeviceRefused | None:
    if name == "field_device_three":
        return DeviceRefused(_("Paling banyak tiga ponsel. Cabut dahulu yang tidak dipakai lagi."), "limit")
    return None
