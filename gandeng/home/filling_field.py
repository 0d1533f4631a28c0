"""The field in the try-out: what the facilitator's phone sent, of it entries that wait for a decision."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.utils import timezone
from PIL import Image

from gandeng.accounts.acting import Acting
from gandeng.facilitators.act_queries import accompanied_by
from gandeng.facilitators.queries import own_record
from gandeng.field import caseload
from gandeng.field.actions.devices import enter
from gandeng.field.actions.sending import take_entry
from gandeng.field.clocks import Clock
from gandeng.field.pictures import keep_photo

_PHONE_KEPT = "Ponsel contoh"
_SHEET_NO, _MEETING_NO = 90, 91
_VISITS = (
    ("ROUTINE", "MET", "", ""),
    ("DATA", "NOT_HOME", "", ""),
    ("CARE", "MET", "DISABILITY", "Kakek belum pernah diperiksa di puskesmas."),
    ("COMMITMENT", "MET", "SCHOOL", "Anak kedua berhenti sekolah sejak bulan lalu."),
)


def fill_field(facilitator: Acting, doing: Callable[[Acting], AbstractContextManager[Acting]]) -> None:
    """Visits to her first families, a sheet of a school with its photo; a meeting told twice, and an unknown kind."""
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
        carried = caseload.carried(facilitator, staff, timezone.localdate())
        for number, kind, body, photos in (
            (_SHEET_NO, "commitments.sheet", _sheet(carried["sheets"]), _photos(facilitator)),
            (_MEETING_NO, "family_sessions.meet", _meeting(carried["groups"]), []),
        ):
            if body:
                sent = _entry(number, None, kind, body) | {"photos": photos}
                take_entry(facilitator, device, sent, UUID(sent["id"]), Clock(now))


def _sheet(sheets: list[dict[str, Any]]) -> dict[str, Any]:
    """The first month of this quarter, as her school signed it; where the phone was is told."""
    if not sheets:
        return {}
    told = sheets[0]
    month = {"month": 1, "absent": 1, "leave": 0, "sick": 1} if told["school"] else {"month": 1, "visits": 1}
    return {
        "facility": told["facility"], "quarter": told["quarter"], "base": told["base"],
        "signer_name": "Ibu Kepala Contoh", "signer_role": "Kepala sekolah", "place": "Ruang guru",
        "signed_on": timezone.localdate().isoformat(), "service": dict.fromkeys("123", True), "days": {"1": 20},
        "rows": [
            {"member": one["member"], "obligation": one["obligation"], "months": [month]} for one in told["members"]
        ],
        "where": {"lat": -3.3186, "lon": 114.5944, "m": 12},
    }  # fmt: skip


def _meeting(groups: list[dict[str, Any]]) -> dict[str, Any]:
    """One she has told before, with somebody else missing: the office looks at both."""
    group = next((one for one in groups if one["told"]), None)
    if group is None:
        return {}
    states = ["ABSENT", *["PRESENT"] * (len(group["families"]) - 1)]
    return {
        "group": group["id"], "session_code": group["told"][0]["session"], "on_day": group["told"][0]["on_day"],
        "topic": "Topik setempat", "starts": "09:00", "ends": "", "place": "Balai desa", "speakers": "",
        "agreed": "Mencatat belanja rumah tangga selama sebulan",
        "attendance": [
            {"family": key, "state": state} for key, state in zip(group["families"], states, strict=True)
        ],
    }  # fmt: skip


def _photos(facilitator: Acting) -> list[str]:
    """An empty sheet."""
    out = BytesIO()
    Image.new("RGB", (90, 120), "white").save(out, "JPEG")
    sha256 = hashlib.sha256(out.getvalue()).hexdigest()
    keep_photo(facilitator, sha256, out.getvalue(), facilitator.grants[0].region_code)
    return [sha256]


_FIELDS = ("purpose", "result", "found_case", "note")


def _entry(number: int, family_id: UUID | None, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    day = timezone.now() - timedelta(days=number)
    return {
        "id": str(UUID(int=number)), "kind": kind, "kv": 1, "made_at": day.isoformat(), "seq": 1_000 - number,
        "family": str(family_id) if family_id else None, "base": "", "photos": [], "mends": None,
        "body": {"on_day": timezone.localdate(day).isoformat()} | body,
    }  # fmt: skip
