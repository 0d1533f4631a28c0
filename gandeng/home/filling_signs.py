"""Signs in the try-out: two visits nobody travels between, one photo used for both; one of them asked about."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

from django.utils import timezone
from PIL import Image

from gandeng.accounts.acting import Acting
from gandeng.facilitators.act_queries import accompanied_by
from gandeng.facilitators.queries import own_record
from gandeng.field.actions.sending import take_entry
from gandeng.field.clocks import Clock
from gandeng.field.pictures import keep_photo
from gandeng.field.queries import any_device
from gandeng.signs.actions import ask
from gandeng.signs.looking import look_at
from gandeng.signs.queries import access, found

_FIRST_NO = 200
_PLACES = ((-3.3186, 114.5944), (-3.4421, 114.8312))
"""Thirty kilometres apart."""
_MINUTES = 12
_QUESTION_KEPT = "Dua kunjungan ini berjauhan dalam waktu singkat. Apa yang terjadi hari itu?"


def fill_signs(
    facilitator: Acting, coordinator: Acting, doing: Callable[[Acting], AbstractContextManager[Acting]]
) -> None:
    """What her phone sent, a look at the district, and a question about the journey."""
    with doing(facilitator):
        _visits(facilitator)
    with doing(coordinator):
        look_at(coordinator, facilitator.grants[0].region_code[:4])
        journey = found(coordinator, {"kind": "TRAVEL"}).order_by("pk").first()
        if journey is not None:
            ask(coordinator, access(coordinator, journey.pk), _QUESTION_KEPT)


def _visits(facilitator: Acting) -> None:
    staff, now, device = own_record(facilitator), timezone.now(), any_device(facilitator)
    if staff is None or device is None:
        return
    own = accompanied_by(staff, timezone.localdate()).order_by("family__family_no")
    families = own.values_list("family_id", flat=True)[: len(_PLACES)]
    photo, begun = _photo(facilitator), now - timedelta(hours=2)
    for number, (family_id, place) in enumerate(zip(families, _PLACES, strict=False)):
        sent = _entry(number, family_id, begun + timedelta(minutes=_MINUTES * number), place, photo)
        take_entry(facilitator, device, sent, UUID(sent["id"]), Clock(now))


def _photo(facilitator: Acting) -> str:
    """A house front of stripes, for a picture without contours is compared with none."""
    out = BytesIO()
    front = Image.new("L", (9, 8))
    front.putdata([(column * 67 + row * 41 + (column * row) * 23) % 256 for row in range(8) for column in range(9)])
    front.resize((180, 160), Image.Resampling.NEAREST).convert("RGB").save(out, "JPEG")
    name = sha256(out.getvalue()).hexdigest()
    keep_photo(facilitator, name, out.getvalue(), facilitator.grants[0].region_code)
    return name


def _entry(number: int, family_id: UUID, at: datetime, place: tuple[float, float], photo: str) -> dict[str, Any]:
    return {
        "id": str(UUID(int=_FIRST_NO + number)), "kind": "field.visit", "kv": 1, "made_at": at.isoformat(),
        "seq": 2_000 + number, "family": str(family_id), "base": "", "photos": [photo], "mends": None,
        "body": {
            "on_day": timezone.localdate(at).isoformat(), "purpose": "ROUTINE", "result": "MET", "found_case": "",
            "note": "", "where": {"lat": place[0], "lon": place[1], "m": 12},
        },
    }  # fmt: skip
