"""Skills of an office: entered, set otherwise, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.certificates.actions.common import CertificateRefused, refusing
from gandeng.certificates.models import Skill


@dataclass(frozen=True)
class Settings:
    """What an office may set otherwise later."""

    about: str
    valid_months: int | None
    for_roles: Sequence[str]
    urgency: int
    source: str = ""
    for_traits: Sequence[str] = ()


@transaction.atomic
def enter_skill(acting: Acting, region: str, key: str, name: str, told: Settings) -> Skill:
    """A skill of that office from today on. Raises CertificateRefused, PermissionDenied."""
    authority = acting.authority(May.KEEP_SKILLS, region)
    twice = CertificateRefused(_("Kantor ini sudah punya keahlian dengan kunci itu."), "key")
    if region and Skill.objects.filter(region_code="", key=key, ended_on=None).exists():
        raise CertificateRefused(_("Kunci itu sudah dipakai keahlian tingkat pusat, yang berlaku di sini juga."), "key")
    with refusing({"skill_key_once": twice}):
        made = Skill.objects.create(
            region_code=region, key=key, name=name, about=told.about, valid_months=told.valid_months,
            for_roles=[*told.for_roles], urgency=told.urgency, source=told.source,
            for_traits=[*told.for_traits], entered_by_id=acting.person_id,
        )  # fmt: skip
    record(acting, "skill.entered", made, region=region, authority=authority, key=key, **_facts(made))
    return made


@transaction.atomic
def change_skill(acting: Acting, skill: Skill, told: Settings) -> Skill:
    """Other settings from now on; certificates keep the days they were issued with."""
    authority = acting.authority(May.KEEP_SKILLS, skill.region_code)
    locked = _open(skill)
    before = _facts(locked)
    locked.about, locked.valid_months, locked.for_roles = told.about, told.valid_months, [*told.for_roles]
    locked.urgency, locked.source, locked.for_traits = told.urgency, told.source, [*told.for_traits]
    locked.save(update_fields=["about", "valid_months", "for_roles", "urgency", "source", "for_traits"])
    record(
        acting, "skill.changed", locked, region=locked.region_code, authority=authority, key=locked.key, before=before,
        **_facts(locked),
    )  # fmt: skip
    return locked


@transaction.atomic
def end_skill(acting: Acting, skill: Skill, reason: str) -> None:
    """Nobody needs it from today on; certificates stay. Raises CertificateRefused, PermissionDenied."""
    authority = acting.authority(May.KEEP_SKILLS, skill.region_code)
    locked = _open(skill)
    locked.ended_on = timezone.localdate()
    locked.save(update_fields=["ended_on"])
    record(
        acting, "skill.ended", locked, region=locked.region_code, authority=authority, reason=reason, key=locked.key
    )  # fmt: skip


def _open(skill: Skill) -> Skill:
    locked = Skill.objects.select_for_update(of=("self",), no_key=True).get(pk=skill.pk)
    if locked.ended_on is not None:
        raise CertificateRefused(_("Keahlian ini sudah diakhiri."))
    return locked


def _facts(skill: Skill) -> dict[str, Any]:
    return {
        "valid_months": skill.valid_months, "for_roles": [*skill.for_roles], "urgency": int(skill.urgency),
        "source": skill.source, "for_traits": [*skill.for_traits],
    }  # fmt: skip
