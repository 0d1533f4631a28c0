"""Invented achievements, as far as a test wants them."""

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django_scopes import scopes_disabled
from PIL import Image

from gandeng.accounts.acting import Acting, in_territory
from gandeng.achievements.actions import consents, deciding, records
from gandeng.achievements.actions.common import Sent
from gandeng.achievements.models import Achievement
from gandeng.achievements.queries import access_achievement
from gandeng.registry.models import Family, Member, ordered_id
from gandeng.registry.tests.factories import EVERYWHERE, make_family

PROOF = Sent("piagam.pdf", "application/pdf", b"%PDF-1.7 piagam uji")
SIGNED = Sent("surat.pdf", "application/pdf", b"%PDF-1.7 surat uji")
STORY = "Ia berlatih tiap sore di balai desa"
EVERYTHING = frozenset(consents.COVERS)
TODAY = timezone.localdate


def years_ago(years: int) -> date:
    """A birthday, some days past."""
    return TODAY().replace(day=1, year=TODAY().year - years) - timedelta(days=2)


def make_child(village: str = "6371011001", *, born: date | None = None, name: str = "") -> tuple[Family, Member]:
    """A family with a child of ten beside the mother."""
    family = make_family(village, members=2)
    with in_territory(EVERYWHERE), scopes_disabled():
        child = family.members.exclude(pk=family.collector_id).get()
        child.birth_date, child.name = born or years_ago(10), name or child.name
        child.save()
    return family, child


def picture(width: int = 640, height: int = 480) -> bytes:
    """A photo as a phone sends it."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def told(**changed) -> records.Told:
    """A first prize."""
    given: dict[str, Any] = {
        "field": "ART", "what": "Juara 1 lomba pidato", "achieved_on": TODAY().replace(month=1, day=1),
        "level": "DISTRICT", "giver": "Dinas Pendidikan", "school": "SDN Uji 1", "story": STORY,
    }  # fmt: skip
    return records.Told(**(given | changed))


def draft(acting: Acting, family: Family, member: Member | None, **changed) -> Achievement:
    """Recorded, nothing more."""
    with in_territory(acting):
        if member is None:
            changed = {"standing": "ON_THE_WAY", "level": "", "school": ""} | changed
        return records.record_achievement(acting, family, member, told(**changed), ordered_id())


def consent(acting: Acting, one: Achievement, *, key: UUID | None = None, **changed):
    """Agreed to, all of it, for a year, by whoever may."""
    relation = "MOTHER" if one.member_id else "COLLECTOR"
    given: dict[str, Any] = {
        "given_by": "Ibu Uji", "relation": relation, "given_on": TODAY(), "valid_until": TODAY() + timedelta(365),
        "covers": EVERYTHING, "paper": SIGNED,
    }  # fmt: skip
    with in_territory(acting):
        return consents.give_consent(acting, one, consents.Given(**(given | changed)), key or ordered_id())


def submitted(acting: Acting, family: Family, member: Member | None, *, photo: bool = False, agreed=None, **changed):
    """With proof and consent, handed in."""
    one = draft(acting, family, member, **changed)
    with in_territory(acting):
        records.add_paper(acting, one, "PROOF", PROOF)
        if photo:
            records.add_paper(acting, one, "PHOTO", Sent("foto.jpg", "image/jpeg", picture()))
    consent(acting, one, **(agreed or {}))
    with in_territory(acting):
        records.submit(acting, one)
    return one


def confirmed(acting: Acting, other: Acting, family: Family, member: Member | None, **how):
    """And confirmed by somebody else."""
    one = submitted(acting, family, member, **how)
    with in_territory(other):
        deciding.confirm(other, access_achievement(other, one.pk))
    return one


def seen(acting: Acting, one: Achievement):
    """As it is now, for who looks."""
    with in_territory(acting):
        return access_achievement(acting, one.pk)
