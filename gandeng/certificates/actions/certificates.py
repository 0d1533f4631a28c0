"""Issue certificates for many at once, record those of other institutions, revoke, renew."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting, Held
from gandeng.accounts.context import region_name
from gandeng.accounts.public_codes import new_code
from gandeng.accounts.roles import May, Role
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, seal_content
from gandeng.certificates.actions.common import CertificateRefused, refusing
from gandeng.certificates.content import digest_of, months_later
from gandeng.certificates.models import Certificate, Evidence, Revocation, Skill
from gandeng.certificates.queries import RUNS_OUT_MONTHS
from gandeng.core.region_code import PROVINCE_DIGITS
from gandeng.facilitators.models import Staff
from gandeng.web.language import indonesian

_NAMED = 5
"""So many people a refusal names."""
_POSTS = {
    Role.DISTRICT_HEAD: "Kepala Dinas Sosial %(place)s",
    Role.PROVINCE_HEAD: "Kepala Bidang, Dinas Sosial Provinsi %(place)s",
    Role.MINISTRY_HEAD: "Pejabat Kementerian Sosial",
}


@dataclass(frozen=True)
class Wanted:
    """One certificate to issue; the office, the day and the signer are those of the act."""

    staff_id: UUID
    skill_id: UUID
    title: str
    from_event: UUID | None = None
    event_title: str = ""
    held_from: date | None = None
    held_until: date | None = None
    hours: int | None = None
    place: str = ""
    renews: UUID | None = None


@dataclass(frozen=True)
class Paper:
    """A file that was handed in."""

    media_type: str
    content: bytes


@dataclass(frozen=True)
class Outside:
    """What the certificate of another institution says."""

    skill: Skill
    outside_no: str
    issuer: str
    title: str
    issued_on: date
    valid_until: date | None = None
    """As the paper says; None where it says nothing: then the office's own setting of the skill counts."""
    held_from: date | None = None
    held_until: date | None = None
    hours: int | None = None
    place: str = ""


@transaction.atomic
def issue(acting: Acting, office: str, wanted: Sequence[Wanted], *, on: date | None = None) -> list[Certificate]:
    """Certificates under the name of `office` ("" the nation, a province, a district), in the order they were wanted.

    All or none. The right in the office's region covers all of it. `on`: papers of an earlier day, that are put in as
    they were issued; no page asks for it. Raises CertificateRefused, PermissionDenied.
    """
    held = acting.held(May.ISSUE_CERTIFICATE, office)
    if not wanted:
        return []
    staff = {
        one.pk: one for one in Staff.objects.select_related("person").filter(pk__in={one.staff_id for one in wanted})
    }
    skills = Skill.objects.in_bulk({one.skill_id for one in wanted})
    today = on or timezone.localdate()
    _check(acting, office, wanted, staff, skills, today)
    series = f"SRT-{office or 'RI'}-{today.year}-"
    numbers = (f"{series}{number:04d}" for number in count(_next(series)))
    made = [
        _made(held, acting, office, one, staff[one.staff_id], skills[one.skill_id], number, today)
        for one, number in zip(wanted, numbers, strict=False)
    ]
    again = CertificateRefused(_("Seorang peserta sudah memegang sertifikat yang berlaku dari pelatihan ini."))
    renewed = CertificateRefused(_("Sertifikat ini sudah diperbarui."))
    with refusing({"certificate_event_once": again, "certificates_certificate_renews_id_key": renewed}):
        Certificate.objects.bulk_create(made, batch_size=1000)
    record(
        acting, "certificate.issued", made[0] if len(made) == 1 else None, object_type="Certificate", region=office,
        authority=held.words, certificates=len(made), first=made[0].number, last=made[-1].number,
        event=str(wanted[0].from_event or ""), skills=sorted({skill.key for skill in skills.values()}),
    )  # fmt: skip
    return made


def _next(series: str) -> int:
    """The next number of a series; whoever asks after us waits until ours are written."""
    with connection.cursor() as cursor:
        cursor.execute("select certificates_next(%s)", [series])
        return int(cursor.fetchall()[0][0])


def _made(
    held: Held, acting: Acting, office: str, one: Wanted, staff: Staff, skill: Skill, number: str, today: date
) -> Certificate:
    with indonesian():  # a paper is Indonesian, whoever has it made
        made = Certificate(
            number=number, code=new_code(), staff=staff, skill=skill, region_code=staff.region_code,
            office_code=office, office_name=office_name(office), holder_name=staff.person.name,
            title=one.title, from_event=one.from_event, event_title=one.event_title, held_from=one.held_from,
            held_until=one.held_until, hours=one.hours, place=one.place, issued_on=today,
            valid_until=months_later(today, skill.valid_months) if skill.valid_months else None,
            issued_by_id=acting.person_id, authority=held.words, signer_name=acting.person_name,
            signer_post=signer_post(held), renews_id=one.renews,
        )  # fmt: skip
    made.content_sha256 = digest_of(made)
    return made


def signer_post(held: Held) -> str:
    """How the paper names whoever signs: `Kepala Dinas Sosial Kota Banjarmasin`, in Indonesian."""
    told = _POSTS.get(held.role)
    post = told % {"place": region_name(held.region_code)} if told else held.title
    return f"Pelaksana harian {post}" if told and held.deputy else post


def office_name(office: str) -> str:
    """Whose name stands on the paper, in Indonesian."""
    if not office:
        return "Kementerian Sosial Republik Indonesia"
    kind = "Dinas Sosial Provinsi" if len(office) == PROVINCE_DIGITS else "Dinas Sosial"
    return f"{kind} {region_name(office)}"


def _check(
    acting: Acting, office: str, wanted: Sequence[Wanted], staff: dict[UUID, Staff], skills: dict[UUID, Skill],
    today: date,
) -> None:  # fmt: skip
    for one in wanted:
        skill = skills.get(one.skill_id)
        if skill is None or not office.startswith(skill.region_code):
            raise CertificateRefused(_("Keahlian itu bukan milik kantor ini atau kantor di atasnya."), "skill")
        if skill.ended_on is not None and skill.ended_on <= today:
            raise CertificateRefused(
                _("Keahlian %(skill)s sudah diakhiri. Pilih keahlian yang masih berlaku.") % {"skill": skill.name},
                "skill",
            )
        if one.staff_id not in staff:
            raise CertificateRefused(_("Seorang peserta tidak tercatat sebagai SDM di wilayah ini."))
    people = [staff[one.staff_id] for one in wanted]
    if any(one.person_id == acting.person_id for one in people):
        raise CertificateRefused(_("Sertifikat bagi diri sendiri diterbitkan oleh pejabat lain."))
    if outside := [one for one in people if not one.region_code.startswith(office)]:
        raise CertificateRefused(
            _("Tidak bertugas di wilayah kantor ini: %(names)s. Kantor di atasnya yang menerbitkan.")
            % {"names": _names(outside)}
        )
    twice = [key for key, times in Counter((one.staff_id, one.skill_id) for one in wanted).items() if times > 1]
    if twice:
        raise CertificateRefused(
            _("Tercantum dua kali: %(names)s.") % {"names": _names(staff[key[0]] for key in twice)}
        )
    _check_renewed(wanted)
    if again := _already(wanted, today):
        raise CertificateRefused(
            _("Sudah memegang sertifikat yang berlaku dari pelatihan ini: %(names)s.")
            % {"names": _names(staff[key] for key in again)}
        )


def _check_renewed(wanted: Sequence[Wanted]) -> None:
    """What is renewed is hers and of the same skill."""
    asked = {one.renews: one for one in wanted if one.renews is not None}
    found = Certificate.objects.in_bulk(asked) if asked else {}
    for key, one in asked.items():
        old = found.get(key)
        if old is None or (old.staff_id, old.skill_id) != (one.staff_id, one.skill_id):
            raise CertificateRefused(_("Sertifikat yang diperbarui harus milik orang dan keahlian yang sama."))


def _already(wanted: Sequence[Wanted], today: date) -> list[UUID]:
    """Who holds one in force from the same training, other than the one that is renewed."""
    events = {one.from_event for one in wanted if one.from_event is not None}
    if not events:
        return []
    in_force = Certificate.objects.filter(from_event__in=events, revocation=None).exclude(valid_until__lte=today)
    renewed = {one.renews for one in wanted}
    had = {
        (event, staff, skill)
        for key, event, staff, skill in in_force.values_list("pk", "from_event", "staff_id", "skill_id")
        if key not in renewed
    }
    return [one.staff_id for one in wanted if (one.from_event, one.staff_id, one.skill_id) in had]


def _names(people: Iterable[Staff]) -> str:
    named = [one.person.name for one in people]
    more = len(named) - _NAMED
    told = ", ".join(named[:_NAMED])
    return _("%(names)s, dan %(more)s orang lagi") % {"names": told, "more": more} if more > 0 else told


def may_renew(certificate: Certificate, today: date) -> str:
    """Why it cannot be renewed now; empty where it can."""
    if certificate.origin == Certificate.Origin.OUTSIDE:
        return _("Sertifikat lembaga lain diperbarui di lembaga itu. Catat sertifikat barunya di sini.")
    if getattr(certificate, "renewed_by", None) is not None:
        return _("Sertifikat ini sudah diperbarui.")
    revoked = getattr(certificate, "revocation", None) is not None
    until = certificate.valid_until
    if not revoked and (until is None or until > months_later(today, RUNS_OUT_MONTHS)):
        return _("Sertifikat ini masih berlaku. Bila isinya salah, cabut dahulu, lalu terbitkan pembaruannya.")
    return ""


@transaction.atomic
def renew(acting: Acting, certificate: Certificate, told: Wanted) -> Certificate:
    """A new one in the place of one that was revoked, ran out or soon will. Raises CertificateRefused."""
    acting.authority(May.ISSUE_CERTIFICATE, certificate.office_code)
    if why := may_renew(certificate, timezone.localdate()):
        raise CertificateRefused(why)
    office = certificate.office_code
    if not certificate.staff.region_code.startswith(office):
        raise CertificateRefused(
            _("Pemegangnya sudah bertugas di wilayah lain. Kantor di wilayah itu yang menerbitkan pembaruannya.")
        )
    wanted = replace(
        told, staff_id=certificate.staff_id, skill_id=certificate.skill_id, from_event=certificate.from_event,
        event_title=certificate.event_title, renews=certificate.pk,
    )  # fmt: skip
    return issue(acting, office, [wanted])[0]


@transaction.atomic
def record_outside(acting: Acting, staff: Staff, told: Outside, paper: Paper) -> Certificate:
    """A certificate another institution gave her, with a copy of it. Raises CertificateRefused, PermissionDenied."""
    authority = acting.authority(May.KEEP_STAFF, staff.region_code)
    if staff.person_id == acting.person_id:
        raise CertificateRefused(_("Sertifikat milik sendiri dicatat oleh petugas lain."))
    if not staff.region_code.startswith(told.skill.region_code) or told.skill.ended_on is not None:
        raise CertificateRefused(_("Pilih keahlian yang berlaku di wilayahnya."), "skill")
    if told.issued_on > timezone.localdate():
        raise CertificateRefused(_("Tanggal terbit tidak boleh di masa depan."), "issued_on")
    until = told.valid_until
    if until is None and told.skill.valid_months:
        until = months_later(told.issued_on, told.skill.valid_months)
    twice = CertificateRefused(_("Sertifikat dengan nomor dan penerbit itu sudah tercatat baginya."), "outside_no")
    with refusing({"certificate_outside_once": twice}):
        made = Certificate.objects.create(
            origin=Certificate.Origin.OUTSIDE, staff=staff, skill=told.skill, region_code=staff.region_code,
            office_code=staff.region_code, office_name=told.issuer, holder_name=staff.person.name, title=told.title,
            held_from=told.held_from, held_until=told.held_until, hours=told.hours, place=told.place,
            issued_on=told.issued_on, valid_until=until, issued_by_id=acting.person_id, authority=authority,
            outside_no=told.outside_no,
        )  # fmt: skip
    Evidence.objects.create(
        certificate=made, media_type=paper.media_type, byte_count=len(paper.content),
        content_sealed=seal_content(paper.content, Place("certificates_evidence", "content", str(made.pk))),
    )  # fmt: skip
    made.refresh_from_db(fields=["number", "series", "serial"])
    record(
        acting, "certificate.recorded", made, region=staff.region_code, authority=authority, number=made.number,
        skill=told.skill.key, bytes=len(paper.content),
    )  # fmt: skip
    return made


def revokes_at(acting: Acting, certificate: Certificate) -> str | None:
    """The region by whose right somebody may revoke it: the office that issued it, or where its holder works today."""
    regions = (certificate.office_code, certificate.staff.region_code)
    return next((one for one in regions if acting.may(May.ISSUE_CERTIFICATE, one)), None)


@transaction.atomic
def revoke(acting: Acting, certificate: Certificate, reason: str) -> Revocation:
    """It holds no longer, for a reason the office keeps to itself. Raises CertificateRefused, PermissionDenied."""
    region = revokes_at(acting, certificate)
    authority = acting.authority(May.ISSUE_CERTIFICATE, certificate.office_code if region is None else region)
    if certificate.staff.person_id == acting.person_id:
        raise CertificateRefused(_("Sertifikat milik sendiri dicabut oleh pejabat lain."))
    if not reason.strip():
        raise CertificateRefused(_("Tulis alasannya."), "reason")
    twice = CertificateRefused(_("Sertifikat ini sudah dicabut."))
    with refusing({"certificates_revocation_pkey": twice}):
        made = Revocation.objects.create(
            certificate=certificate, reason=reason.strip(), by_id=acting.person_id, authority=authority
        )
    record(
        acting, "certificate.revoked", certificate, region=certificate.office_code, authority=authority, reason=reason,
        number=certificate.number,
    )  # fmt: skip
    return made
