"""The ministry's education form as CSV: taken away for a purpose, and taken in as a sheet with its evidence."""

import io
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.commitments import education_lists as lists
from gandeng.commitments import queries
from gandeng.commitments.actions.common import CommitmentRefused, counted, locked
from gandeng.commitments.actions.placing import place_many
from gandeng.commitments.actions.sheets import Entry, Signed, record_sheet
from gandeng.commitments.education_file import Unreadable, read, write
from gandeng.commitments.education_lists import Listed
from gandeng.commitments.models import Facility, Obligation, Sheet
from gandeng.commitments.queries import Quarter
from gandeng.core.money import format_number
from gandeng.exports.sources import ROWS_ALONE
from gandeng.facilitators.models import Accompaniment
from gandeng.files.intake import take
from gandeng.files.layouts import EDUCATION
from gandeng.jobs.work import Report, WorkRefused
from gandeng.registry.models import Member
from gandeng.registry.staging import uploaded
from gandeng.web.language import indonesian
from gandeng.web.refusals import first_of


@dataclass(frozen=True)
class TakenAway:
    """A file of one school, or a ZIP of several."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Sent:
    """What was uploaded: our folder, and the name it came under."""

    upload: str
    called: str


def take_away(
    acting: Acting, facilities: Sequence[Facility], quarter: Quarter, purpose: str, *, region: str
) -> TakenAway:
    """Schools' files with what was recorded, pupils of one's territory. Raises CommitmentRefused, PermissionDenied."""
    authority = acting.authority(May.RECORD_COMMITMENT, region)
    schools = [each for each in facilities if each.kind == Facility.Kind.SCHOOL]
    expected = {
        key: [each for each in rows if each.obligation == Obligation.EDUCATION]
        for key, rows in queries.expected_in(schools, quarter).items()
    }
    rows = sum(map(len, expected.values()))
    _require(rows, purpose)
    counted(acting, "EducationForm", rows, region)
    with indonesian():
        made = _files([each for each in schools if expected[each.pk]], quarter, expected)
    record(
        acting, "commitment.education_exported", object_type="Facility", region=region, authority=authority,
        reason=purpose.strip(), quarter=quarter.key, schools=len(made), rows=rows,
    )  # fmt: skip
    if len(made) == 1:
        return TakenAway(*made[0])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made:
            archive.writestr(name, content)
    return TakenAway(f"pendidikan-{region}-{quarter.key}.zip", packed.getvalue())


def _require(rows: int, purpose: str) -> None:
    if not purpose.strip():
        raise CommitmentRefused(_("Tulis keperluannya."), "purpose")
    if not rows:
        raise CommitmentRefused(_("Belum ada siswa yang terdaftar di sekolah di sana."))
    if rows > ROWS_ALONE:
        told = {"rows": format_number(rows), "most": format_number(ROWS_ALONE)}
        raise CommitmentRefused(
            _(
                "Di sana ada %(rows)s siswa; sekali unduh paling banyak %(most)s. Pilih desa/kelurahan, atau minta "
                "unduhan panjang, yang disetujui orang kedua."
            )
            % told
        )


def _files(schools: Sequence[Facility], quarter: Quarter, expected: dict[UUID, list[Any]]) -> list[tuple[str, bytes]]:
    everybody = [each for school in schools for each in expected[school.pk]]
    now = queries.recorded_now([each.member_id for each in everybody], quarter, Obligation.EDUCATION)
    months = {key: rows for key, (_verdict, rows) in now.items()}
    with_whom = facilitators_of([each.member.family_id for each in everybody])
    return [
        (f"pendidikan-{each.code or each.pk.hex[:10]}-{quarter.key}.csv",
         write(each, quarter, expected[each.pk], months, with_whom))
        for each in schools
    ]  # fmt: skip


def facilitators_of(family_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Who accompanies each family now, by name."""
    rows = Accompaniment.objects.filter(family_id__in=family_ids, valid_until=None)
    return dict(rows.values_list("family_id", "staff__person__name"))


def take_in(acting: Acting, sent: Sent, report: Report) -> UUID:
    """Read and check a school's file; nothing is recorded yet. Raises WorkRefused with every fault."""
    with uploaded(sent.upload) as folder:
        report("Membaca berkas", 0, 2)
        taken = take(next(folder.glob("list*")), EDUCATION, folder / "work", source=sent.called)
        try:
            told = read(taken, folder / "work")
        except Unreadable as why:
            raise _refused(sent, [str(why)]) from why
    report("Mencocokkan siswa", 1, 2)
    if len(told.lines) > lists.ROWS_MAX:
        most = _("Paling banyak %(most)s siswa sekaligus.") % {"most": format_number(lists.ROWS_MAX)}
        raise _refused(sent, [most])
    facility = Facility.objects.filter(kind=Facility.Kind.SCHOOL, code=told.npsn).first()
    if facility is None:
        words = _("Tidak ada sekolah dengan NPSN %(number)s di wilayah tugas Anda. Tambahkan dahulu sekolahnya.")
        raise _refused(sent, [words % {"number": told.npsn[:20]}])
    acting.authority(May.RECORD_COMMITMENT, facility.region_code)
    whose = lists.matched(told, facility, queries.expected_at(facility, told.quarter))
    if told.faults or whose.faults:
        raise _refused(sent, [*told.faults, *whose.faults])
    list_id = uuid4()
    lists.keep(list_id, Listed(
        str(acting.person_id), str(facility.pk), told.quarter.key, sent.called, taken.sha256,
        tuple((str(member.pk), line.months) for member, line in whose.found), tuple(whose.unmatched),
        tuple((line.row, words) for line in told.lines for words in line.differs),
        tuple((str(member.pk), line.months) for member, line in whose.offered),
    ))  # fmt: skip
    return list_id


def _refused(sent: Sent, faults: Sequence[str]) -> WorkRefused:
    return WorkRefused("\n".join([_("%(name)s tidak diterima.") % {"name": sent.called}, *first_of(faults)]))


def enrol(acting: Acting, list_id: UUID, chosen: Collection[str]) -> int:
    """Enrol the pupils the file names and nobody had placed, at its school since the quarter began; gives how many.

    Their rows are recorded with the others afterwards. Raises CommitmentRefused, PermissionDenied.
    """
    listed = _kept(acting, list_id)
    if not set(chosen) <= {key for key, _months in listed.offered}:
        raise CommitmentRefused(_("Daftarnya berubah sejak halaman dibuka. Muat ulang, lalu pilih lagi."))
    quarter = queries.quarter_of(listed.quarter)
    facility = queries.access_facility(UUID(listed.facility))
    made = place_many(acting, [UUID(key) for key in chosen], facility, quarter, quarter.months()[0])
    placed = tuple(each for each in listed.offered if each[0] in set(chosen))
    rest = tuple(each for each in listed.offered if each not in placed)
    lists.keep(list_id, replace(listed, members=(*listed.members, *placed), offered=rest))
    return len(made)


def enter(acting: Acting, list_id: UUID, signed: Signed) -> tuple[Sheet, int]:
    """Record what is new or changed in it, as one sheet; gives how many pupils. Raises CommitmentRefused.

    What is recorded already as the file has it is left alone: the same file again records nothing.
    """
    listed = _kept(acting, list_id)
    facility = queries.access_facility(UUID(listed.facility))
    quarter = queries.quarter_of(listed.quarter)
    with transaction.atomic():
        members = members_of(listed)
        locked(each.family_id for each in members.values())
        fresh = [each for each in lists.changes(listed, members) if each.state != "SAME"]
        if not fresh:
            raise CommitmentRefused(_("Semua isi berkas ini sudah tercatat. Tidak ada yang dicatat lagi."))
        entries = [Entry(each.member, Obligation.EDUCATION, each.months) for each in fresh]
        made = record_sheet(acting, list_id, facility, quarter, signed, entries)
        record(
            acting, "commitment.education_imported", made, region=facility.region_code, authority=made.authority,
            quarter=quarter.key, rows=len(fresh), sha256=listed.sha256,
        )  # fmt: skip
    lists.forget(list_id)
    return made, len(fresh)


def _kept(acting: Acting, list_id: UUID) -> Listed:
    listed = lists.kept(list_id, acting.person_id)
    if listed is None:
        raise CommitmentRefused(_("Berkas ini sudah tidak ada. Unggah lagi."))
    return listed


def members_of(listed: Listed) -> dict[str, Member]:
    """By id as the list has them, also those it offers to enrol; those one still sees."""
    keys = [key for key, _months in (*listed.members, *listed.offered)]
    return {str(each.pk): each for each in Member.objects.filter(pk__in=keys)}
