"""Take somebody on, and what every act about staff asks first.

Nobody records anything about oneself. What moves families asks for DECIDE_CASELOAD as well (`actions.leaving`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Person
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.documents.numerals import long_date
from gandeng.facilitators.models import Employment, Post, Staff
from gandeng.web.refusals import Refusal

LEVELS: dict[str, int] = {
    Post.Role.FACILITATOR: 4,
    Post.Role.SUB_DISTRICT_LEAD: 6,
    Post.Role.DISTRICT_COORDINATOR: 4,
    Post.Role.REGIONAL_COORDINATOR: 2,
    Post.Role.DATA_ADMINISTRATOR: 4,
    Post.Role.SUPERVISOR: 4,
}
"""Length of the code of the place where a post is: 2 province, 4 district, 6 sub-district."""

TITLES: dict[str, Employment.Title] = {
    Staff.Education.SENIOR_HIGH: Employment.Title.OPERATOR,
    Staff.Education.DIPLOMA: Employment.Title.MANAGER,
    Staff.Education.DEGREE: Employment.Title.SPECIALIST,
}
"""Job titles of PPPK by education (docs/programme.md)."""


class StaffRefused(Refusal):
    """An act about staff."""


@dataclass(frozen=True)
class Terms:
    """On what terms somebody works from a day on; the title of a PPPK follows from education."""

    kind: str
    since: date
    education: str = ""
    service_no: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Newcomer:
    """Who comes: somebody with a login already (`person`), or a name."""

    staff_id: UUID
    """Made with the form: sent twice, it is one person."""
    person: Person | None
    name: str
    staff_no: str
    role: str
    place: str
    home: str
    terms: Terms


@transaction.atomic
def take_on(acting: Acting, newcomer: Newcomer) -> Staff:
    """A new record with its first post and terms, from the day she joins. Raises StaffRefused, PermissionDenied."""
    region, terms = region_of(newcomer.place), newcomer.terms
    authority = acting.authority(May.KEEP_STAFF, region)
    right_level(newcomer.role, newcomer.place)
    if again := Staff.objects.filter(pk=newcomer.staff_id).first():
        return again
    if newcomer.person is not None and newcomer.person.pk == acting.person_id:
        raise StaffRefused(_("Catatan Anda sendiri diisi orang lain."))
    person = newcomer.person or Person.objects.create(name=newcomer.name)
    with refusing({
        "staff_no": StaffRefused(_("Nomor ini sudah dipakai orang lain."), "staff_no"),
        "person": StaffRefused(_("Orang ini sudah tercatat sebagai SDM PKH, mungkin di wilayah lain."), "person"),
    }):  # fmt: skip
        staff = Staff.objects.create(
            pk=newcomer.staff_id, staff_no=newcomer.staff_no or next_staff_no(), person=person, region_code=region,
            home_code=newcomer.home, education=terms.education, joined_on=terms.since,
        )  # fmt: skip
    Employment.objects.create(staff=staff, region_code=region, valid_until=terms.until, **terms_of(terms))
    Post.objects.create(staff=staff, role=newcomer.role, region_code=newcomer.place, valid_from=terms.since)
    record(
        acting, "staff.taken_on", staff, region=region, authority=authority, staff_no=staff.staff_no,
        role=newcomer.role, place=newcomer.place, kind=terms.kind, since=terms.since.isoformat(),
    )  # fmt: skip
    return staff


@transaction.atomic
def set_home(acting: Acting, staff: Staff, home: str) -> None:
    """The sub-district she sets out from; empty for unknown. Raises StaffRefused, PermissionDenied."""
    authority = authority_over(acting, staff)
    Staff.objects.filter(pk=staff.pk).update(home_code=home)
    note(acting, "staff.home_set", staff, authority, home=home, before=staff.home_code)


def next_staff_no() -> str:
    """The number after the last one given anywhere; whoever asks at the same time waits."""
    with connection.cursor() as cursor:
        cursor.execute("select facilitators_next_staff_no()")
        return str(cursor.fetchone()[0])


def terms_of(terms: Terms) -> dict[str, Any]:
    """Columns of an employment. Raises StaffRefused for a PPPK whose education nobody told."""
    pppk = terms.kind == Employment.Kind.PPPK
    if pppk and not terms.education:
        raise StaffRefused(_("Pilih pendidikan: nama jabatan PPPK mengikutinya."), "education")
    title = TITLES[terms.education] if pppk else ""
    return {"kind": terms.kind, "job_title": title, "service_no": terms.service_no, "valid_from": terms.since}


def region_of(place: str) -> str:
    """The district, or the province, in whose territory the record of somebody with a post there stands."""
    return place[:4]


def right_level(role: str, place: str) -> None:
    """Raises StaffRefused where that post is not held at a place of that kind."""
    if LEVELS[role] == len(place):
        return
    words = {
        2: _("Tugas ini dipegang di provinsi. Pilih provinsinya."),
        4: _("Tugas ini dipegang di kabupaten/kota. Pilih kabupaten/kotanya."),
        6: _("Tugas ini dipegang di kecamatan. Pilih kecamatannya."),
    }
    raise StaffRefused(words[LEVELS[role]], "place")


def authority_over(acting: Acting, staff: Staff) -> str:
    """The words of the grant that keeps this record. Raises PermissionDenied, and StaffRefused for one's own."""
    authority = acting.authority(May.KEEP_STAFF, staff.region_code)
    if staff.person_id == acting.person_id:
        raise StaffRefused(_("Catatan Anda sendiri diisi orang lain."))
    return authority


def locked(staff: Staff) -> Staff:
    """The record as it is now; whoever else acts on it waits."""
    return Staff.objects.select_for_update(of=("self",), no_key=True).select_related("person").get(pk=staff.pk)


def in_service(staff: Staff, day: date, field: str) -> None:
    """Raises StaffRefused for a day before she joined or after she left."""
    if day < staff.joined_on:
        words = _("Ia baru bergabung pada %(day)s. Pilih hari itu atau sesudahnya.")
        raise StaffRefused(words % {"day": long_date(staff.joined_on)}, field)
    if staff.left_on is not None and day >= staff.left_on:
        raise StaffRefused(_("Ia berhenti mulai %(day)s.") % {"day": long_date(staff.left_on)}, field)


def from_then_on(day: date) -> Q:
    """Rows with a day on or after it; what ended where it began has none."""
    return Q(valid_until__isnull=True) | (Q(valid_until__gt=day) & Q(valid_until__gt=F("valid_from")))


def close(rows: QuerySet[Any], day: date, **also: Any) -> int:
    """End what goes on; what would begin later never counts."""
    rows = rows.filter(from_then_on(day))
    later = rows.filter(valid_from__gt=day).update(valid_until=F("valid_from"), **also)
    return later + rows.filter(valid_from__lte=day).update(valid_until=day, **also)


@contextmanager
def refusing(words: dict[str, StaffRefused]) -> Iterator[None]:
    """What the database refuses, in words: by a part of the constraint's name."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for part, refused in words.items():
            if part in str(error).split("\n", 1)[0]:
                raise refused from error
        raise


def note(acting: Acting, action: str, staff: Staff, authority: str, reason: str = "", **facts: Any) -> None:
    """One line in the log about somebody."""
    record(
        acting, action, staff, region=staff.region_code, authority=authority, reason=reason, staff_no=staff.staff_no,
        **facts,
    )  # fmt: skip


@transaction.atomic
def note_head_count(acting: Acting, region: str, day: date) -> None:
    """Figures of staff left the office."""
    authority = acting.authority(May.SEE_STAFF)
    record(acting, "staff.head_count_exported", region=region, authority=authority, day=day.isoformat())
