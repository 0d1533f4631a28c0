"""The field in the try-out: what the facilitator's phone sent, of it one entry that waits for a decision."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.facilitators.act_queries import accompanied_by
from gandeng.facilitators.queries import own_record
from gandeng.field.actions.devices import enter
from gandeng.field.actions.sending import take_entry
from gandeng.field.clocks import Clock

_PHONE_KEPT = "Ponsel contoh"
_VISITS = (
    ("ROUTINE", "MET", "", ""),
    ("DATA", "NOT_HOME", "", ""),
    ("CARE", "MET", "DISABILITY", "Kakek belum pernah diperiksa di puskesmas."),
    ("COMMITMENT", "MET", "SCHOOL", "Anak kedua berhenti sekolah sejak bulan lalu."),
)


def fill_field(facilitator: Acting, doing: Callable[[Acting], AbstractContextManager[Acting]]) -> None:
    """Visits to her first families; then a kind of entry this server does not know."""
    with doing(facilitator):
        staff, now = own_record(facilitator), timezone.now()
        if staff is None:
            return
        own = accompanied_by(staff, timezone.localdate()).order_by("family__family_no")
        families = list(own.values_list("family_id", flat=True)[: len(_VISITS)])
        device = enter(facilitator, UUID(int=1), _PHONE_KEPT).device
        for number, (family_id, told) in enumerate(zip(families, _VISITS, strict=False), 1):
            sent = _entry(number, family_id, "field.visit", dict(zip(_FIELDS, told, strict=True)))
            take_entry(facilitator, device, sent, UUID(sent["id"]), Clock(now))
        for family_id in families[:1]:
            sent = _entry(len(_VISITS) + 1, family_id, "commitments.attend", {"note": "Anak hadir penuh bulan ini."})
            take_entry(facilitator, device, sent, UUID(sent["id"]), Clock(now))


_FIELDS = ("purpose", "result", "found_case", "note")


def _entry(number: int, family_id: UUID, kind: str, body: dict[str, str]) -> dict[str, Any]:
    day = timezone.now() - timedelta(days=number)
    return {
        "id": str(UUID(int=number)), "kind": kind, "kv": 1, "made_at": day.isoformat(), "seq": number,
        "family": str(family_id), "base": "", "photos": [], "mends": None,
        "body": body | {"on_day": timezone.localdate(day).isoformat()},
    }  # fmt: skip
