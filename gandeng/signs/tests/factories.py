"""Records of phones put in as the door would keep them, with place, time and photos as a test wants them."""

import json
from datetime import timedelta
from itertools import count
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.audit.sealing import Place, seal
from gandeng.field.actions.devices import enter
from gandeng.field.models import Entry, Photo, Visit
from gandeng.field.reading import canonical
from gandeng.registry.models import ordered_id
from gandeng.signs.actions import ask
from gandeng.signs.kinds import KINDS
from gandeng.signs.looking import id_of, look_at
from gandeng.signs.models import Found
from gandeng.signs.queries import access

HOME = (-3.3186, 114.5944)
KM = 1 / 111.195
"""A degree of latitude is so many kilometres long."""
VILLAGE = "6371011001"
_seq = count(1)


def north(km):
    """A place so far north of home."""
    return round(HOME[0] + km * KM, 4), HOME[1]


def a_phone(acting):
    with in_territory(acting):
        return enter(acting, uuid4(), "Ponsel uji").device


def an_entry(acting, device, at, *, family=None, kind="field.visit", where=None, photos=(), ahead=0, **changed):
    """Made at `at` by the server's clock, on a phone whose clock is `ahead` seconds ahead of it."""
    key, entry_id = ordered_id(), changed.pop("entry_id", uuid4())
    body = {} if where is None else {"where": {"lat": where[0], "lon": where[1], "m": 10}}
    told = {
        "pk": key, "entry_id": entry_id, "digest": f"{entry_id.int:064x}", "first": True,
        "person_id": acting.person_id, "device": device, "region_code": family.village_code if family else VILLAGE,
        "family": family, "kind": kind, "kv": 1, "seq": next(_seq), "photos": list(photos),
        "made_at": at + timedelta(seconds=ahead), "clock_offset_seconds": -ahead, "received_at": at,
        "state": "ACCEPTED",
        "body_sealed": seal(canonical({"body": body}), Place("field_entry", "body", str(key))),
    } | changed  # fmt: skip
    with in_territory(acting):
        return Entry.own.create(**told)


def a_visit(acting, device, family, at, *, result="MET", **changed):
    """An entry and its visit."""
    with in_territory(acting), transaction.atomic():
        entry = an_entry(acting, device, at, family=family, **changed)
        return Visit.objects.create(
            pk=entry.entry_id, entry=entry, family=family, village_code=family.village_code,
            on_day=timezone.localdate(at), purpose="ROUTINE", result=result, by_id=acting.person_id, authority="x",
        )  # fmt: skip


def a_photo(acting, sha256, look):
    """Known to the server, with any look."""
    with in_territory(acting):
        Photo.own.create(
            person_id=acting.person_id, region_code=VILLAGE, sha256=sha256, content_sealed=b"x", byte_count=1, look=look
        )
    return sha256


def signs_of(acting, kind=None, district="6371", now=None):
    """Look now, and what is there then."""
    with in_territory(acting):
        with transaction.atomic():
            look_at(acting, district, now=now)
        rows = Found.objects.order_by("kind", "-score", "pk")
        return list(rows.filter(kind=kind) if kind else rows)


def a_sign(coordinator, about, entry, words):
    """One about somebody's record, asked about with these words."""
    district, day = entry.region_code[:4], timezone.now().isoformat()
    rows = [f"entry:{entry.pk}"]
    row = {
        "id": str(id_of("CLOCK", district, rows)), "village_code": entry.region_code, "kind": "CLOCK",
        "about_id": str(about.person_id), "family_id": None, "first_at": day, "last_at": day, "score": 120,
        "rows": rows, "facts": {"hours": 2, "why": "ORDER"},
    }  # fmt: skip
    with in_territory(coordinator), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select signs_swap(%s, %s)", [district, json.dumps([row])])
        return ask(coordinator, access(coordinator, UUID(row["id"])), words).sign


def told(found):
    return KINDS[found.kind].told(found.facts)
