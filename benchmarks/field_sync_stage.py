"""A facilitator with a family, or many, and a phone, in an office to measure in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from benchmarks.web_office import signed_in
from gandeng.accounts.acting import Acting, Held, acting_for, in_territory
from gandeng.accounts.models import Grant, Person, User
from gandeng.accounts.roles import Role
from gandeng.audit.log_keys import make_log_key
from gandeng.audit.sealing import make_keys
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.models import Employment, Post, Staff
from gandeng.field.actions import sending
from gandeng.field.models import Entry, Visit
from gandeng.registry.models import Family

VILLAGE, DISTRICT = "6371011001", "6371"
_DOOR = "/lapangan/v1"
_BEGAN = date(2024, 1, 1)


class Phone:
    """Signed in and entered."""

    def __init__(self, *, families: int = 1) -> None:
        make_keys(settings.KEY_FILE)
        make_log_key(settings.LOG_KEY_FILE)
        self.acting, user = _facilitator()
        self.family, self.browser, self.device = _families(self.acting, families), signed_in(user.pk), str(uuid4())
        self._post("perangkat", {"id": self.device, "name": "Ponsel"}, 201)

    def entry(self, number: int) -> dict[str, Any]:
        """A visit."""
        body = {"on_day": timezone.localdate().isoformat(), "purpose": "ROUTINE", "result": "MET",
                "note": f"Kunjungan {number}", "found_case": ""}  # fmt: skip
        return {
            "id": str(uuid4()), "kind": "field.visit", "kv": 1, "made_at": timezone.now().isoformat(), "seq": number,
            "family": str(self.family.pk), "base": "", "photos": [], "mends": None, "body": body,
        }  # fmt: skip

    def send(self, batch: str) -> None:
        """A delivery. Raises RuntimeError where one is not accepted."""
        told = self._post("kirim", batch, 200)
        if any(one["state"] != "ACCEPTED" for one in told["entries"]):
            raise RuntimeError(told["entries"][0])

    def _post(self, path: str, told: object, status: int) -> dict[str, Any]:
        answer = self.browser.post(
            f"{_DOOR}/{path}", told, content_type="application/json", headers={"X-Gandeng-App": "1"}
        )
        if answer.status_code != status:
            raise RuntimeError(f"{path}: {answer.status_code}")
        found: dict[str, Any] = answer.json()
        return found

    def others(self, entries: int, batch: int) -> list[list[dict[str, Any]]]:
        """As many more, in deliveries."""
        sent = [self.entry(number) for number in range(entries)]
        return [sent[at : at + batch] for at in range(0, entries, batch)]

    @contextmanager
    def each_alone(self) -> Iterator[None]:
        """The door takes every entry in a transaction of its own, as it does where something goes wrong."""
        together = sending._many
        sending._many = lambda _told: False
        try:
            yield
        finally:
            sending._many = together

    def insert_bare(self, entries: int) -> None:
        """The rows of an entry and its visit, each pair committed, with the guards of the tables and nothing else."""
        with in_territory(self.acting), scopes_disabled():
            for _ in range(entries):
                with transaction.atomic():
                    key = uuid4()
                    entry = Entry(
                        pk=key, entry_id=key, digest=f"{key.int:064x}", first=True, person_id=self.acting.person_id,
                        device_id=UUID(self.device), region_code=VILLAGE, family=self.family, kind="field.visit",
                        kv=1, seq=1, body_sealed=bytes(500), received_at=timezone.now(), state="ACCEPTED",
                    )  # fmt: skip
                    entry.save(force_insert=True)
                    Visit.objects.create(
                        pk=key, entry=entry, family=self.family, village_code=VILLAGE, on_day=timezone.localdate(),
                        purpose="ROUTINE", result="MET", by_id=self.acting.person_id, authority="x",
                    )  # fmt: skip


def _person(role: Role, region: str) -> tuple[Acting, User]:
    person = Person.objects.create(name=f"{role} uji")
    user = User.objects.create_user(f"{uuid4().hex[:8]}@contoh.test", None, person=person)
    Grant.objects.create(person=person, role=role, region_code=region, valid_from=_BEGAN)
    return acting_for(person.pk, timezone.localdate()), user


def _facilitator() -> tuple[Acting, User]:
    acting, user = _person(Role.FACILITATOR, VILLAGE)
    with in_territory(_everywhere()), scopes_disabled():
        staff = Staff.objects.create(
            staff_no="U000001", person_id=acting.person_id, region_code=DISTRICT, home_code=VILLAGE[:6],
            joined_on=_BEGAN,
        )  # fmt: skip
        kind, role = Employment.Kind.CONTRACT, Post.Role.FACILITATOR
        Employment.objects.create(staff=staff, region_code=DISTRICT, kind=kind, valid_from=_BEGAN)
        Post.objects.create(staff=staff, role=role, region_code=DISTRICT, valid_from=_BEGAN)
    return acting, user


def _families(acting: Acting, count: int) -> Family:
    """So many, which the facilitator accompanies; the first."""
    coordinator, _ = _person(Role.DISTRICT_COORDINATOR, DISTRICT)
    with in_territory(_everywhere()), scopes_disabled():
        made = [
            Family.objects.create(family_no=f"K63{number:07d}", village_code=VILLAGE, status="ACTIVE")
            for number in range(1, count + 1)
        ]
        staff = Staff.objects.get(person_id=acting.person_id)
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, VILLAGE, staff, day=timezone.localdate(), reason="Uji")
    return made[0]


def _everywhere() -> Acting:
    return Acting(uuid4(), "Uji", (Held(Role.MINISTRY_OFFICER, "", "", deputy=False),))
