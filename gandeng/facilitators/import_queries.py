"""Lists that came in, of one's territory, and what they change, in words."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.core.region_code import Level, RegionCode
from gandeng.facilitators.models import CaseloadChange, Employment, Import, Post, Staff
from gandeng.regions import places
from gandeng.registry.queries import Choice
from gandeng.web.finding import found_or_404

TAKES: dict[str, tuple[May, ...]] = {
    Import.Kind.STAFF: (May.KEEP_STAFF,),
    Import.Kind.CASELOAD: (May.PLAN_CASELOAD, May.DECIDE_CASELOAD),
}
APPLIES: dict[str, May] = {Import.Kind.STAFF: May.KEEP_STAFF, Import.Kind.CASELOAD: May.DECIDE_CASELOAD}
"""Which right reads a list, and which one makes it so."""


def imports_visible_to(acting: Acting) -> QuerySet[Import]:
    """Newest first by id."""
    seen = Q()
    for kind, rights in TAKES.items():
        for may in rights:
            seen |= Q(kind=kind, region_code__within=acting.where(may))
    return Import.objects.filter(seen).select_related("taken_by", "applied_by")


def access_import(acting: Acting, import_id: UUID | str) -> Import:
    """One list. Raises Http404."""
    found = found_or_404(Import.objects.select_related("taken_by", "applied_by", "ended_by"), import_id)
    if not any(acting.may(may, found.region_code) for may in TAKES[found.kind]):
        raise Http404
    return found


def kinds_of(acting: Acting) -> list[tuple[str, str]]:
    """What the person may bring along."""
    return [(kind.value, str(kind.label)) for kind in Import.Kind if any(acting.may(may) for may in TAKES[kind])]


def import_regions(acting: Acting) -> list[Choice]:
    """Regions a list may be about: those where the person keeps staff or plans, and the districts of a province."""
    return regions_of(acting, tuple(may for rights in TAKES.values() for may in rights))


def regions_of(acting: Acting, rights: tuple[May, ...]) -> list[Choice]:
    """Where the person has any of the rights, and the districts of a province or provinces of the nation."""
    found: dict[str, Choice] = {}
    for top in sorted({top for may in rights for top in acting.where(may).regions}):
        if not top:
            found |= {one.code.digits: Choice(one.code.digits, one.name) for one in places.provinces()}
            continue
        found[top] = Choice(top, region_name(top))
        if RegionCode(top).level is Level.PROVINCE:
            found |= {one.code.digits: Choice(one.code.digits, one.name) for one in places.districts_of(top)}
    return list(found.values())


def head_count(region: str, day: date) -> dict[str, int]:
    """People of the region who work on that day: all, by status, by post."""
    with connection.cursor() as cursor:
        cursor.execute(
            """with here as (select id from facilitators_staff where region_code ^@ %(region)s
                and joined_on <= %(day)s and (left_on is null or left_on > %(day)s))
            select 'all', count(*) from here
            union all select e.kind, count(*) from facilitators_employment e join here h on h.id = e.staff_id
                where %(day)s::date <@ daterange(e.valid_from, e.valid_until) group by e.kind
            union all select o.role, count(*) from facilitators_post o join here h on h.id = o.staff_id
                where %(day)s::date <@ daterange(o.valid_from, o.valid_until) group by o.role""",
            {"region": region, "day": day},
        )
        return dict(cursor.fetchall())


def changes_something(found: Import) -> bool:
    """False for a list that says what is so already."""
    told = found.preview["counts"]
    if found.kind == Import.Kind.CASELOAD:
        return bool(told["others"] + told["first"])
    return any(told.get(name) for name in ("added", "name", "record", "terms", "posts", "left", "identities"))


def preview_of(found: Import) -> dict[str, Any]:
    """The preview in words."""
    if found.kind == Import.Kind.CASELOAD:
        return _caseload(found)
    return _staff(found)


def _staff(found: Import) -> dict[str, Any]:
    told = found.preview["counts"]
    before, after = found.preview["before"], found.preview["after"]
    words = [("all", _("Semua"))]
    words += [(kind.value, str(kind.label)) for kind in Employment.Kind]
    words += [(role.value, str(role.label)) for role in Post.Role]
    return {
        "listed": told["listed"],
        "lines": [
            (_("Orang baru"), told["added"]),
            (_("Berhenti"), told["left"]),
            (_("Mutasi"), told["moved"]),
            (_("Berubah nama"), told["name"]),
            (_("Berubah catatannya: wilayah, kecamatan, pendidikan, tanggal"), told["record"]),
            (_("Berganti status kerja, jabatan, atau nomor"), told["terms"]),
            (_("Mendapat tugas lain atau di tempat lain"), told["posts"]),
            (_("NIK atau nomor KK yang baru atau berganti"), told.get("identities", 0)),
            (_("Tidak berubah"), told["unchanged"]),
        ],
        "heads": [
            {"words": label, "before": before.get(key, 0), "after": after.get(key, 0)}
            for key, label in words if before.get(key, 0) or after.get(key, 0)
        ],
    }  # fmt: skip


def _caseload(found: Import) -> dict[str, Any]:
    told = found.preview["counts"]
    people = found.preview["people"]
    numbers = [one["staff_no"] for one in people]
    named = {
        staff.staff_no: (staff.pk, staff.person.name)
        for staff in Staff.objects.filter(staff_no__in=numbers).select_related("person")
    }
    return {
        "listed": told["listed"],
        "lines": [
            (_("Berpindah ke pendamping lain"), told["others"]),
            (_("Mendapat pendamping"), told["first"]),
            (_("Tidak berubah"), told["unchanged"]),
        ],
        "acts": [
            {"district": region_name(district), "day": date.fromisoformat(day), "families": families}
            for district, day, families in told["acts"]
        ],
        "people": [
            one | {"pk": named.get(one["staff_no"], (None, ""))[0], "name": named.get(one["staff_no"], (None, ""))[1]}
            for one in people
        ],
        "changes": list(CaseloadChange.objects.filter(pk__in=found.changes).order_by("region_code", "effective_on")),
    }  # fmt: skip
