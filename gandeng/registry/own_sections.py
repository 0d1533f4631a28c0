"""This package's own parts of a family's page: members, accounts, what changed."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.registry.cooling import NEVER
from gandeng.registry.history import history_of
from gandeng.registry.models import Family, Member
from gandeng.registry.queries import all_accounts, members_of
from gandeng.web.sections import Shown


def members(acting: Acting, family: Family) -> Shown:
    """Everybody, with age and what makes them count."""
    today = timezone.localdate()
    rows = [_member(member, family, today) for member in members_of(family)]
    reveals = acting.may(May.REVEAL_IDENTIFIER, family.village_code)
    return _("Anggota keluarga"), "registry/sections/members.html", {"rows": rows, "reveals": reveals}


def accounts(acting: Acting, family: Family) -> Shown:
    """The account in force and those before it."""
    today = timezone.localdate()
    rows = [
        {
            "account": row, "shared": row.usable_from == NEVER and not row.is_held,
            "waits": today < row.usable_from != NEVER,
        }
        for row in all_accounts(family)
    ]  # fmt: skip
    reveals = acting.may(May.REVEAL_IDENTIFIER, family.village_code)
    return _("Rekening"), "registry/sections/accounts.html", {"rows": rows, "reveals": reveals}


def changes(acting: Acting, family: Family) -> Shown:  # noqa: ARG001
    """The story so far."""
    people = members_of(family)
    sealed: list[object] = [family.pk, *(member.pk for member in people), *(row.pk for row in all_accounts(family))]
    return _("Riwayat perubahan"), "registry/sections/changes.html", {"items": history_of(family, people, sealed)}


def _member(member: Member, family: Family, today: date) -> dict[str, Any]:
    marks = [
        (member.pk == family.collector_id, _("Pengurus")),
        (bool(member.school_level), _("Sekolah %(level)s") % {"level": member.school_level}),
        (member.pregnancy_no is not None, _("Hamil ke-%(number)s") % {"number": member.pregnancy_no}),
        (member.severe_disability, _("Disabilitas berat")),
        (member.rights_victim, _("Korban pelanggaran HAM berat")),
    ]
    return {
        "member": member, "age": age(member.birth_date, member.deceased_on or today),
        "marks": [words for holds, words in marks if holds],
    }  # fmt: skip


def age(born: date, on: date) -> int:
    """Completed years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
