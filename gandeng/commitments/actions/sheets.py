"""Facilities, and sheets that were signed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.commitments.actions.common import CommitmentRefused, NotJudgedYet, locked, refused_by
from gandeng.commitments.judging import concerned, judge, recommend
from gandeng.commitments.models import Facility, Record, Sheet
from gandeng.commitments.queries import Quarter
from gandeng.core.commitment import Month
from gandeng.policy import PolicyGap
from gandeng.registry.models import Member
from gandeng.web.refusals import guarded


@dataclass(frozen=True)
class Signed:
    """Who signed the sheet, in what office, where and when; without it nothing is recorded."""

    signer_name: str
    signer_role: str
    place: str
    signed_on: date


@dataclass(frozen=True)
class Entry:
    """One member's months for one obligation."""

    member: Member
    obligation: str
    months: Sequence[Month]


def add_facility(acting: Acting, *, kind: str, code: str, name: str, village: str) -> Facility:
    """A school or clinic there was none of yet. Raises CommitmentRefused, PermissionDenied."""
    authority = acting.authority(May.RECORD_COMMITMENT, village)
    with transaction.atomic(), guarded(refused_by):
        made = Facility.objects.create(
            kind=kind, code=code.strip(), name=name.strip(), region_code=village, by_id=acting.person_id
        )
        record(acting, "commitment.facility_added", made, region=village, authority=authority, kind=kind)
    return made


def record_sheet(
    acting: Acting, sheet_id: UUID, facility: Facility, quarter: Quarter, signed: Signed, entries: Sequence[Entry]
) -> Sheet:
    """What was signed, the verdicts it comes to, and what is new to recommend. The same sheet again is once.

    Raises CommitmentRefused, PermissionDenied.
    """
    authority = acting.authority(May.RECORD_COMMITMENT, facility.region_code)
    _require(signed, entries)
    with transaction.atomic(), guarded(refused_by):
        with in_territory(MACHINE):
            families = locked(concerned([each.member for each in entries], quarter))
        made, new = Sheet.objects.get_or_create(
            pk=sheet_id,
            defaults={
                "facility": facility, "region_code": facility.region_code, "year": quarter.year,
                "quarter": quarter.number, **vars(signed), "by_id": acting.person_id, "authority": authority,
            },
        )  # fmt: skip
        if not new:
            return _again(acting, made, facility)
        rows = Record.objects.bulk_create([row for each in entries for row in _rows(made, each)], batch_size=500)
        try:
            verdicts = judge(made, {each.member.pk: each.member for each in entries}, rows)
            recommended = recommend(families, quarter)
        except PolicyGap as gap:
            words = _("Angka kebijakan untuk menilai triwulan itu belum ada, jadi lembar ini belum tersimpan.")
            raise NotJudgedYet(words) from gap
        record(
            acting, "commitment.recorded", made, region=facility.region_code, authority=authority,
            quarter=quarter.key, members=len(verdicts), recommended=len(recommended),
        )  # fmt: skip
    return made


def _rows(sheet: Sheet, entry: Entry) -> Iterable[Record]:
    member = entry.member
    for month in entry.months:
        facts: Mapping[str, int | bool] = {name: value for name, value in vars(month).items() if name != "number"}
        yield Record(
            sheet=sheet, member=member, family_id=member.family_id, village_code=member.village_code,
            obligation=entry.obligation, month=month.number, **facts,
        )  # fmt: skip


def _require(signed: Signed, entries: Sequence[Entry]) -> None:
    if not all((signed.signer_name.strip(), signed.signer_role.strip(), signed.place.strip())):
        raise CommitmentRefused(_("Isi siapa yang menandatangani, jabatannya, dan tempatnya."), "signer_name")
    if signed.signed_on > timezone.localdate():
        raise CommitmentRefused(_("Hari itu belum tiba."), "signed_on")
    if not any(each.months for each in entries):
        raise CommitmentRefused(_("Isi sedikitnya satu anggota."))


def _again(acting: Acting, made: Sheet, facility: Facility) -> Sheet:
    if made.by_id != acting.person_id or made.facility_id != facility.pk:
        raise CommitmentRefused(_("Catatan ini sudah dipakai untuk hal lain. Muat ulang halamannya."))
    return made
