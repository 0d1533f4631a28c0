"""Groups made and joined, years planned, meetings told, absent families asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, seal_content
from gandeng.facilitators.queries import own_record
from gandeng.family_sessions import queries
from gandeng.family_sessions.models import AbsenceNote, Attendance, Group, Meeting, Membership, Picture, Plan
from gandeng.family_sessions.published import FREE, sessions
from gandeng.files.photos import Photo
from gandeng.registry.models import Family
from gandeng.web.refusals import Refusal, guarded

MOST_DAYS = 366
"""Older than that a meeting belongs into a report on paper."""
_FIELDS = {
    "p2k2_meeting_day": "on_day", "p2k2_meeting_hours": "ends",
    "p2k2_meeting_topic": "topic", "p2k2_absence_day": "on_day", "p2k2_absence_says": "note",
}  # fmt: skip


class SessionRefused(Refusal):
    """What was asked does not fit; says why."""


@dataclass(frozen=True)
class Told:
    """A meeting as she tells it; `meeting_id` is made where it is written, so that sending twice is once."""

    meeting_id: UUID
    session_code: str
    on_day: date
    starts: time
    place: str
    attendance: Mapping[UUID, str]
    """By family."""
    topic: str = ""
    ends: time | None = None
    speakers: str = ""
    agreed: str = ""


@transaction.atomic
def make_group(acting: Acting, group_id: UUID, name: str, village: str, families: Sequence[Family], day: date) -> Group:
    """A group of families she accompanies. Raises SessionRefused, PermissionDenied."""
    authority = acting.authority(May.ACCOMPANY)
    if not families:
        raise SessionRefused(_("Pilih paling sedikit satu keluarga."), "families")
    with guarded(_words):
        made, new = Group.objects.get_or_create(
            pk=group_id, defaults={"name": name.strip(), "village_code": village, "made_by_id": acting.person_id}
        )
    if not new:
        return made
    record(acting, "family_group.made", made, region=village, authority=authority, families=len(families))
    add(acting, made, families, day)
    return made


@transaction.atomic
def add(acting: Acting, group: Group, families: Sequence[Family], day: date) -> int:
    """Families she accompanies into the group, from the day on. Raises SessionRefused, PermissionDenied."""
    authority = acting.authority(May.ACCOMPANY)
    staff = own_record(acting)
    if staff is None:
        raise SessionRefused(_("Anda belum tercatat sebagai pendamping."))
    free = {one.pk for one in queries.without_group(staff, day)}
    if any(one.pk not in free for one in families):
        raise SessionRefused(_("Ada keluarga yang sudah punya kelompok atau bukan dampingan Anda."), "families")
    with guarded(_words):
        Membership.objects.bulk_create(
            Membership(
                group=group, family=one, village_code=one.village_code, valid_from=day, added_by_id=acting.person_id
            )
            for one in families
        )
    record(
        acting, "family_group.joined", group, region=group.village_code, authority=authority,
        families=[one.family_no for one in families], since=day.isoformat(),
    )  # fmt: skip
    return len(families)


@transaction.atomic
def take_out(acting: Acting, group: Group, family_id: UUID, day: date) -> None:
    """She leaves the group with that day; meetings until then stay. Raises SessionRefused, PermissionDenied."""
    authority = acting.authority(May.ACCOMPANY)
    member = queries.members_on(group, day).filter(family_id=family_id).first()
    if member is None:
        raise SessionRefused(_("Keluarga ini sudah tidak dalam kelompok."))
    Membership.objects.filter(pk=member.pk).update(valid_until=day)
    record(
        acting, "family_group.left", group, region=group.village_code, authority=authority,
        family=member.family.family_no, until=day.isoformat(),
    )  # fmt: skip


@transaction.atomic
def plan(acting: Acting, group: Group, year: int, rows: Sequence[tuple[str, date]]) -> Plan:
    """The year's sessions, in place of an earlier plan of the year. Raises SessionRefused, PermissionDenied."""
    authority = acting.authority(May.ACCOMPANY)
    if not rows:
        raise SessionRefused(_("Isi paling sedikit satu hari."))
    if any(day.year != year for _code, day in rows):
        raise SessionRefused(_("Semua hari harus dalam tahun %(year)s.") % {"year": year})
    told = [{"session": code, "day": day.isoformat()} for code, day in sorted(rows, key=lambda row: (row[1], row[0]))]
    made = Plan.objects.create(
        group=group, village_code=group.village_code, year=year, rows=told, made_by_id=acting.person_id
    )
    record(
        acting, "family_group.planned", group, region=group.village_code, authority=authority, year=year,
        sessions=len(told),
    )  # fmt: skip
    return made


@transaction.atomic
def tell(acting: Acting, group: Group, told: Told, replaces: Meeting | None = None, why: str = "") -> Meeting:
    """A meeting and who came; the same again is the same one. Raises SessionRefused, PermissionDenied."""
    authority = acting.authority(May.ACCOMPANY)
    _require(told, replaces, why)
    members = _members(group, told, acting.person_id)
    if again := Meeting.objects.filter(pk=told.meeting_id).first():
        return _again(acting, again, group)
    if not members or set(members) != set(told.attendance):
        raise _others()
    return _told(acting, group, told, members, authority, replaces, why)


@transaction.atomic
def tell_for(
    acting: Acting, teller: UUID, group: Group, told: Told, replaces: Meeting | None = None, why: str = ""
) -> Meeting:
    """What a facilitator sent from her phone and somebody at the office lets stand: told by her, accepted by who acts.

    Of the group, the families she told of count, those she accompanied, but for whom somebody else told it already.
    Raises SessionRefused, PermissionDenied.
    """
    authority = acting.authority(May.DECIDE_ENTRIES, group.village_code)
    _require(told, replaces, why)
    there = {one.family_id for one in queries.members_on(group, told.on_day)}
    members = _members(group, told, teller)
    if not set(told.attendance) <= there or not (hers := told.attendance.keys() & members):
        raise _others()
    told = replace(told, attendance={family: told.attendance[family] for family in hers})
    return _told(acting, group, told, members, authority, replaces, why, teller)


def _members(group: Group, told: Told, teller: UUID) -> dict[UUID, str]:
    """Of whom this person tells, each with its village. Raises SessionRefused where others told it of all of them."""
    rows = queries.to_tell(group, told.on_day, told.session_code, teller)
    if not rows and queries.members_on(group, told.on_day).exists():
        raise _told_already()
    return {one.family_id: one.village_code for one in rows}


def _others() -> SessionRefused:
    return SessionRefused(_("Anggota kelompok pada hari itu berbeda. Periksa daftarnya lalu simpan lagi."), "on_day")


def _told_already() -> SessionRefused:
    words = _("Sesi ini pada hari itu sudah dicatat untuk keluarga yang sama. Lihat pertemuannya di halaman kelompok.")
    return SessionRefused(words, "on_day")


def _told(
    acting: Acting, group: Group, told: Told, members: Mapping[UUID, str], authority: str,
    replaces: Meeting | None, why: str, teller: UUID | None = None,
) -> Meeting:  # fmt: skip
    came = sum(state in Attendance.CAME for state in told.attendance.values())
    with guarded(_words):
        made = Meeting.objects.create(
            pk=told.meeting_id, group=group, village_code=group.village_code, session_code=told.session_code,
            topic=told.topic.strip() if told.session_code in FREE else "", on_day=told.on_day, starts=told.starts,
            ends=told.ends, place=told.place.strip(), speakers=told.speakers.strip(), agreed=told.agreed.strip(),
            families=len(told.attendance), came=came, replaces=replaces, why=why.strip(),
            by_id=teller or acting.person_id, accepted_by_id=acting.person_id if teller else None, authority=authority,
        )  # fmt: skip
        Attendance.objects.bulk_create(
            Attendance(meeting=made, family_id=family, village_code=members[family], state=state)
            for family, state in told.attendance.items()
        )
    record(
        acting, "family_meeting.told_anew" if replaces else "family_meeting.told", made, region=group.village_code,
        authority=authority, reason=why.strip(), session=told.session_code, day=told.on_day.isoformat(),
        families=len(told.attendance), came=came, **({"replaces": str(replaces.pk)} if replaces else {}),
        **({"by": str(teller)} if teller else {}),
    )  # fmt: skip
    return made


def _require(told: Told, replaces: Meeting | None, why: str) -> None:
    today = timezone.localdate()
    if told.session_code not in sessions():
        raise SessionRefused(_("Pilih sesi yang ada."), "session_code")
    if told.on_day > today:
        raise SessionRefused(_("Hari itu belum tiba."), "on_day")
    if (today - told.on_day).days > MOST_DAYS:
        raise SessionRefused(_("Paling lama satu tahun yang lalu."), "on_day")
    if told.session_code in FREE and not told.topic.strip():
        raise SessionRefused(_("Tulis topiknya."), "topic")
    if told.ends is not None and told.ends <= told.starts:
        raise SessionRefused(_("Selesainya sesudah mulainya."), "ends")
    if replaces is not None and not why.strip():
        raise SessionRefused(_("Tulis alasan meralat."), "why")


def _again(acting: Acting, made: Meeting, group: Group) -> Meeting:
    if made.by_id != acting.person_id or made.group_id != group.pk:
        raise SessionRefused(_("Catatan ini sudah dipakai untuk hal lain. Muat ulang halamannya."))
    return made


@transaction.atomic
def add_picture(acting: Acting, meeting: Meeting, kind: str, photo: Photo) -> Picture:
    """A picture of her own meeting, drawn anew before; the same again is the same. Raises SessionRefused.

    Or of one that who acts let stand, for whoever told it.
    """
    accepted = meeting.accepted_by_id == acting.person_id
    authority = acting.authority(May.DECIDE_ENTRIES if accepted else May.ACCOMPANY)
    if not accepted and meeting.by_id != acting.person_id:
        raise SessionRefused(_("Foto ditambahkan oleh yang mencatat pertemuannya."))
    if again := Picture.objects.filter(meeting=meeting, sha256=photo.sha256).first():
        return again
    key = uuid4()
    made = Picture.objects.create(
        pk=key, meeting=meeting, village_code=meeting.village_code, kind=kind, byte_count=len(photo.jpeg),
        sha256=photo.sha256,
        content_sealed=seal_content(photo.jpeg, Place("family_sessions_picture", "content", str(key))),
    )  # fmt: skip
    record(
        acting, "family_meeting.pictured", meeting, region=meeting.village_code, authority=authority, kind=kind,
        sha256=photo.sha256,
    )  # fmt: skip
    return made


@dataclass(frozen=True)
class Asked:
    """What came of asking; `note_id` is made where it is written."""

    note_id: UUID
    on_day: date
    how: str
    why: str
    conveyed: bool = False
    note: str = ""


@transaction.atomic
def ask(acting: Acting, absence: Attendance, asked: Asked, right: May = May.ACCOMPANY) -> AbsenceNote:
    """Keep why a family did not come; the same again is the same one. Raises SessionRefused, PermissionDenied.

    `right` is what it takes: to accompany, or to decide what came from a phone.
    """
    authority = acting.authority(right, None if right is May.ACCOMPANY else absence.village_code)
    if asked.on_day > timezone.localdate():
        raise SessionRefused(_("Hari itu belum tiba."), "on_day")
    if asked.on_day < absence.meeting.on_day:
        raise SessionRefused(_("Paling awal pada hari pertemuannya."), "on_day")
    if asked.why == AbsenceNote.Why.OTHER and not asked.note.strip():
        raise SessionRefused(_("Tulis sebabnya."), "note")
    with guarded(_words):
        made, new = AbsenceNote.objects.get_or_create(
            pk=asked.note_id,
            defaults={
                "attendance": absence, "family_id": absence.family_id, "village_code": absence.village_code,
                "on_day": asked.on_day, "how": asked.how, "why": asked.why, "conveyed": asked.conveyed,
                "note": asked.note.strip(), "by_id": acting.person_id, "authority": authority,
            },
        )  # fmt: skip
    if not new:
        if made.by_id != acting.person_id or made.attendance_id != absence.pk:
            raise SessionRefused(_("Catatan ini sudah dipakai untuk hal lain. Muat ulang halamannya."))
        return made
    record(
        acting, "family_absence.asked", made, region=absence.village_code, authority=authority, why=asked.why,
        how=asked.how, conveyed=asked.conveyed, meeting=str(absence.meeting_id),
    )  # fmt: skip
    return made


def _words(name: str) -> SessionRefused | None:
    if name == "p2k2_one_group":
        return SessionRefused(_("Ada keluarga yang sudah punya kelompok atau bukan dampingan Anda."), "families")
    if name == "p2k2_meeting_once":
        return SessionRefused(_("Sesi ini sudah Anda catat untuk kelompok ini pada hari itu. Ralat yang sudah ada."))
    if name == "p2k2_family_once":
        return _told_already()
    if name == "p2k2_group_name":
        return SessionRefused(_("Nama ini sudah dipakai di desa itu."), "name")
    if name.startswith("family_sessions_meeting_replaces"):
        return SessionRefused(_("Pertemuan ini sudah diralat. Buka yang terbaru."))
    if name in _FIELDS:
        return SessionRefused(_("Periksa isian ini."), _FIELDS[name])
    return None
