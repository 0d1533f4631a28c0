"""Facilities, sheets that were signed, decisions and what follows them."""

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
from gandeng.commitments.judging import concerned, judge, recommend
from gandeng.commitments.models import (
    Decision,
    Effect,
    Facility,
    Recommendation,
    Record,
    Sheet,
    Step,
)
from gandeng.commitments.queries import Quarter
from gandeng.commitments.suspension_queries import appeal_until, until
from gandeng.core.commitment import Month
from gandeng.exports.actions import take_alone
from gandeng.exports.refused import Refused
from gandeng.policy import PolicyGap
from gandeng.registry.models import Family, Member
from gandeng.web.refusals import Refusal, guarded


class CommitmentRefused(Refusal):
    """What was asked cannot be done; says why."""


class NotJudgedYet(CommitmentRefused):
    """The year's figures that would judge it are not known; nothing is recorded."""


def counted(acting: Acting, what: str, rows: int, region: str) -> None:
    """Rows that leave the office count among those one takes away alone. Raises CommitmentRefused."""
    try:
        take_alone(acting, what, rows, region=region)
    except Refused as why:
        raise CommitmentRefused(str(why)) from why


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
    with transaction.atomic(), guarded(_words):
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
    with transaction.atomic(), guarded(_words):
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


def decide(acting: Acting, chosen: Iterable[Recommendation], outcome: str, reason: str) -> list[Decision]:
    """One decision on each, all or none. Raises CommitmentRefused, PermissionDenied."""
    if not reason.strip():
        raise CommitmentRefused(_("Tulis alasannya."), "reason")
    made = []
    with transaction.atomic(), guarded(_words):
        for each in sorted(chosen, key=lambda one: one.pk):
            authority = acting.authority(May.DECIDE_COMMITMENT, each.village_code)
            locked([each.family_id])
            decision = Decision.objects.create(
                recommendation=each, family_id=each.family_id, village_code=each.village_code, outcome=outcome,
                reason=reason.strip(), by_id=acting.person_id, authority=authority,
            )  # fmt: skip
            record(
                acting, "commitment.decided", decision, region=each.village_code, authority=authority,
                outcome=outcome, cycle=f"{each.cycle_year}-{each.cycle_stage}", reason=reason.strip(),
            )  # fmt: skip
            made.append(decision)
    return made


def tell(acting: Acting, decision: Decision, on_day: date, words: str) -> Step:
    """The family was told, and has days left to object. Raises CommitmentRefused, PermissionDenied."""
    if on_day < timezone.localdate(decision.at):
        raise CommitmentRefused(_("Keluarga baru dapat diberi tahu sesudah keputusannya."), "on_day")
    if decision.outcome == Effect.SUSPEND and until(on_day) < timezone.localdate():
        why = _(
            "Dihitung dari hari itu, batas waktu keberatannya lewat sebelum tercatat. Beri tahu keluarganya lagi, lalu"
            " catat hari itu."
        )
        raise CommitmentRefused(why, "on_day")
    return _step(acting, decision, Step.Kind.TOLD, on_day, words, May.RECORD_COMMITMENT, May.DECIDE_COMMITMENT)


def appeal(acting: Acting, decision: Decision, on_day: date, words: str) -> Step:
    """The family objects, within its days. Raises CommitmentRefused, PermissionDenied."""
    told = decision.steps.filter(kind=Step.Kind.TOLD).first()
    if told is None or decision.outcome != Effect.SUSPEND:
        raise CommitmentRefused(_("Belum ada keputusan yang dapat dikeberatani: keluarga belum diberi tahu."))
    if on_day > appeal_until(told):
        raise CommitmentRefused(_("Batas waktu keberatan sudah lewat."), "on_day")
    return _step(acting, decision, Step.Kind.APPEALED, on_day, words, May.RECORD_COMMITMENT, May.DECIDE_COMMITMENT)


def answer(acting: Acting, decision: Decision, *, upheld: bool, words: str) -> Step:
    """Somebody else than who decided answers the objection. Raises CommitmentRefused, PermissionDenied."""
    kind = Step.Kind.UPHELD if upheld else Step.Kind.REJECTED
    return _step(acting, decision, kind, timezone.localdate(), words, May.DECIDE_COMMITMENT)


def _step(acting: Acting, decision: Decision, kind: str, on_day: date, words: str, *rights: May) -> Step:
    where = decision.village_code
    right = next((each for each in rights if acting.may(each, where)), rights[0])
    authority = acting.authority(right, where)
    if on_day > timezone.localdate():
        raise CommitmentRefused(_("Hari itu belum tiba."), "on_day")
    if not words.strip():
        raise CommitmentRefused(_("Tulis bagian ini."), "words")
    with transaction.atomic(), guarded(_words):
        locked([decision.family_id])
        made = Step.objects.create(
            decision=decision, family_id=decision.family_id, village_code=where, kind=kind, on_day=on_day,
            words=words.strip(), by_id=acting.person_id, authority=authority,
        )  # fmt: skip
        record(acting, f"commitment.{kind.lower()}", made, region=where, authority=authority, on=on_day.isoformat())
    return made


def locked(ids: Iterable[UUID]) -> list[Family]:
    """One act at a time per family, always in the same order."""
    return list(Family.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk"))


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


def _words(name: str) -> CommitmentRefused | None:
    told = {
        "facility_code_once": (_("Nomor ini sudah dipakai fasilitas lain."), "code"),
        "sheet_signed": (_("Tanggal tanda tangan di luar triwulan itu."), "signed_on"),
        "record_days": (_("Jumlah hari tidak hadir melebihi hari efektif."), ""),
        "decision_stale": (_("Rekomendasinya sudah berubah. Muat ulang halamannya."), ""),
        "decision_two_people": (_("Yang mencatat komitmen keluarga ini tidak memutuskannya."), ""),
        "step_two_people": (_("Keberatan dijawab orang lain, bukan yang mencatat atau memutuskan."), ""),
        "step_order": (_("Langkah sebelumnya belum ada."), ""),
        "step_once": (_("Sudah dicatat sebelumnya."), ""),
        "step_one_answer": (_("Keberatan ini sudah dijawab."), ""),
    }
    if name.startswith("commitments_decision_recommendation_id"):
        return CommitmentRefused(_("Rekomendasi ini sudah diputuskan."))
    return CommitmentRefused(*told[name]) if name in told else None
