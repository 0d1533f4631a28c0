"""Invented skills and certificates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.models import Person
from gandeng.accounts.public_codes import new_code
from gandeng.certificates.actions import Outside, Paper, Wanted, issue, record_outside
from gandeng.certificates.actions.skills import Settings, enter_skill
from gandeng.certificates.content import digest_of, months_later
from gandeng.certificates.models import Certificate, Skill
from gandeng.facilitators.models import Post, Staff

_keys = count(1)
TITLE = "Telah mengikuti Diklat P2K2/FDS dengan hasil baik"
EVENT = "Diklat P2K2/FDS angkatan uji"


def make_skill(
    acting: Acting, region: str = "63", *, key: str = "", name: str = "Fasilitator P2K2/FDS", months: int | None = 36,
    roles: Sequence[str] = (Post.Role.FACILITATOR,), urgency: int = 1, source: str = "",
) -> Skill:  # fmt: skip
    """A skill that facilitators need, kept by an office."""
    with in_territory(acting):
        told = Settings("Memandu pertemuan kelompok.", months, roles, urgency, source)
        return enter_skill(acting, region, key or f"keahlian-{next(_keys)}", name, told)


def wanted(staff: Staff, skill: Skill, **how: Any) -> Wanted:
    """One certificate of a training that ended yesterday."""
    until = timezone.localdate() - timedelta(days=1)
    return replace(
        Wanted(
            staff.pk, skill.pk, TITLE, event_title=EVENT, held_from=until - timedelta(days=9), held_until=until,
            hours=80, place="BBPPKS Uji",
        ),
        **how,
    )  # fmt: skip


def make_certificate(acting: Acting, staff: Staff, skill: Skill, *, office: str = "6371", **how: Any) -> Certificate:
    """Issued today by somebody."""
    with in_territory(acting):
        return issue(acting, office, [wanted(staff, skill, **how)])[0]


def make_outside(acting: Acting, staff: Staff, skill: Skill, content: bytes = b"%PDF-1.7 uji") -> Certificate:
    """One of another institution, with its paper, recorded by somebody who keeps staff."""
    with in_territory(acting):
        told = Outside(skill, "BB/12/2024", "BBPPKS Uji", "Diklat FDS", date(2024, 5, 1))
        return record_outside(acting, staff, told, Paper("application/pdf", content))


def issued_before(staff: Staff, skill: Skill, day: date, *, months: int | None = 12, by: Acting) -> Certificate:
    """Issued on an earlier day, as a migration of old papers would put it in."""
    with in_territory(by):
        made = Certificate(
            code=new_code(), staff=staff, skill=skill, region_code=staff.region_code, office_code=staff.region_code,
            office_name="Dinas Sosial Uji", holder_name=staff.person.name, title=TITLE, issued_on=day,
            valid_until=months_later(day, months) if months else None,
            issued_by=Person.objects.get(pk=by.person_id), authority="uji", signer_name="Kepala Uji",
            signer_post="Kepala Dinas",
        )  # fmt: skip
        made.content_sha256 = digest_of(made)
        made.save(force_insert=True)
        made.refresh_from_db(fields=["number"])
        return made
