"""A phone of a facilitator, as the door sees it."""

import hashlib
import io
import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from uuid import uuid4

from django.utils import timezone
from PIL import Image

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.audit.sealing import Place, seal
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.models import Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.field.reading import canonical
from gandeng.registry.tests.factories import EVERYWHERE

DOOR = "/lapangan/v1"
VILLAGE = "6371011001"


def accompanying(cast, coordinator, village=VILLAGE):
    """A facilitator who accompanies every family of the village nobody accompanies yet."""
    acting = cast("FACILITATOR", village)
    staff = make_staff("6371", person=Person.objects.get(pk=acting.person_id))
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, village, staff, day=timezone.localdate(), reason="Uji")
    return acting


def staff_of(acting):
    with in_territory(EVERYWHERE):
        return Staff.objects.get(person_id=acting.person_id)


@dataclass
class Phone:
    """Sends what it is told to, as it is told to."""

    browser: object
    id: str = field(default_factory=lambda: str(uuid4()))
    ahead: timedelta = timedelta()
    seq: object = field(default_factory=lambda: count(1))
    app: str = "1"

    def headers(self):
        return {"X-Gandeng-App": self.app, "X-Gandeng-Clock": (timezone.now() + self.ahead).isoformat()}

    def post(self, path, told, **more):
        data = told if isinstance(told, bytes) else json.dumps(told).encode()
        return self.browser.post(f"{DOOR}/{path}", data, content_type="application/json", headers=self.headers() | more)

    def get(self, path, **more):
        return self.browser.get(f"{DOOR}/{path}", headers=self.headers() | more)

    def enter(self, name="Ponsel uji"):
        return self.post("perangkat", {"id": self.id, "name": name})

    def carry(self):
        return self.get(f"muatan?device={self.id}").json()

    def entry(self, kind, family, body, **changed):
        """An entry about a family of the caseload."""
        return {
            "id": str(uuid4()), "kind": kind, "kv": 1, "made_at": (timezone.now() + self.ahead).isoformat(),
            "seq": next(self.seq), "family": family["id"], "base": family["version"], "photos": [], "mends": None,
            "body": body,
        } | changed  # fmt: skip

    def about(self, kind, body, **changed):
        """An entry about a group or a school."""
        return self.entry(kind, {"id": None, "version": ""}, body) | changed

    def send(self, *entries):
        """The answers."""
        answer = self.post("kirim", {"device": self.id, "entries": list(entries)})
        assert answer.status_code == 200, answer.content
        return answer.json()["entries"]

    def photo(self, colour="red"):
        """A picture the server has now; gives its digest."""
        data = picture(colour)
        sha256 = hashlib.sha256(data).hexdigest()
        answer = self.put(sha256, data)
        assert answer.status_code in (200, 201), answer.content
        return sha256

    def put(self, sha256, data):
        return self.browser.put(f"{DOOR}/foto/{sha256}", data, content_type="image/jpeg", headers=self.headers())


def picture(colour="red"):
    """A JPEG with a position in it."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "rahasia"
    Image.new("RGB", (60, 40), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def a_visit(**changed):
    return {"on_day": timezone.localdate().isoformat(), "purpose": "ROUTINE", "result": "MET", "note": "",
            "found_case": ""} | changed  # fmt: skip


def a_change(member, **changed):
    return {"kind": "SCHOOL_LEVEL", "fields": {"member": member["id"], "school_level": "SMP"},
            "reason": "Naik kelas tahun ini"} | changed  # fmt: skip


def a_meeting(group, states=("PRESENT",), **changed):
    """Of a carried group: states in the order of its families, the last for all the rest."""
    attendance = [
        {"family": key, "state": states[min(at, len(states) - 1)]} for at, key in enumerate(group["families"])
    ]
    return {"group": group["id"], "session_code": "1.1", "topic": "", "on_day": timezone.localdate().isoformat(),
            "starts": "09:00", "ends": "11:00", "place": "Balai desa", "speakers": "", "agreed": "Membaca bersama",
            "attendance": attendance} | changed  # fmt: skip


def a_sheet(sheet, absent=1, **changed):
    """Of a carried sheet: everybody absent so many days in each of the months."""
    rows = [
        {"member": one["member"], "obligation": one["obligation"],
         "months": [{"month": month, "absent": absent, "leave": 0, "sick": 0} for month in (1, 2, 3)]}
        for one in sheet["members"]
    ]  # fmt: skip
    told = {"facility": sheet["facility"], "quarter": sheet["quarter"], "base": sheet["base"],
            "signer_name": "Ibu Kepala Uji", "signer_role": "Kepala sekolah", "place": "Banjarmasin",
            "signed_on": timezone.localdate(), "service": {"1": True, "2": True, "3": True},
            "days": {"1": 20, "2": 20, "3": 20}, "rows": rows} | changed  # fmt: skip
    return told | {"signed_on": str(told["signed_on"])}


def one_of_each(acting, family, told):
    """A phone, a photo, an entry that waits and a visit, of a facilitator without a caseload; each says `told`."""
    from gandeng.field.actions.devices import enter
    from gandeng.field.actions.sending import take_entry
    from gandeng.field.clocks import Clock
    from gandeng.field.models import Entry, Visit
    from gandeng.field.pictures import keep_photo

    data, key = picture(), uuid4()
    sha256 = hashlib.sha256(data).hexdigest()
    with in_territory(acting):
        device = enter(acting, uuid4(), f"Ponsel {told}").device
        keep_photo(acting, sha256, data, family.village_code)
        sent = {
            "id": str(key), "kind": "field.visit", "kv": 1, "made_at": timezone.now().isoformat(), "seq": 1,
            "family": str(family.pk), "base": "", "photos": [sha256], "mends": None, "body": a_visit(note=told),
        }  # fmt: skip
        assert take_entry(acting, device, sent, key, Clock(timezone.now())).state == "QUARANTINED"
        entry = Entry.own.get(entry_id=key)
        Visit.objects.create(
            pk=key, entry=entry, family=family, village_code=family.village_code, on_day=timezone.localdate(),
            purpose="ROUTINE", result="MET", found_case="HEALTH", note=told, by_id=acting.person_id, authority="x",
        )  # fmt: skip
    return device, entry, sha256


def a_sheet_from(acting, family, device, sha256, told):
    """A sheet that came from that phone with that photo; its words are `told`."""
    from gandeng.commitments.actions import add_facility
    from gandeng.commitments.models import Sheet
    from gandeng.field.models import Entry

    key, today = uuid4(), timezone.localdate()
    with in_territory(acting):
        school = add_facility(acting, kind="SCHOOL", code="", name=f"SD {told}", village=family.village_code)
        sheet = Sheet.objects.create(
            pk=key, facility=school, region_code=school.region_code, year=today.year, quarter=(today.month + 2) // 3,
            signer_name=told, signer_role=told, place=told, signed_on=today, by_id=acting.person_id, authority="x",
        )  # fmt: skip
        row = uuid4()
        sealed = seal(canonical({"body": {}}), Place("field_entry", "body", str(row)))
        Entry.objects.create(
            pk=row, entry_id=key, digest=f"{key.int:064x}", first=True, person_id=acting.person_id, device=device,
            region_code=school.region_code, kind="commitments.sheet", kv=1, photos=[sha256], body_sealed=sealed,
            received_at=timezone.now(), state="ACCEPTED",
        )  # fmt: skip
    return sheet
