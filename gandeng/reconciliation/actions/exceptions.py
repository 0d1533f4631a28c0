"""What a person does about an exception: each act is added with its reason and evidence, and undone by another."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.machine import for_everyone
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.payments.actions import leave_round, stays_open
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.payments.queries import books_for
from gandeng.payments.refused import Refused
from gandeng.reconciliation.actions.locking import Busy, lock_cycle_soon
from gandeng.reconciliation.models import ExceptionAct, ExceptionCase, ReissueRequest
from gandeng.reconciliation.words import REASON_CODES

Act = ExceptionAct.Act
State = ExceptionCase.State
Asked = ReissueRequest.State


class NotPossible(Exception):
    """The act does not fit; the message says why, in Indonesian."""


@dataclass(frozen=True)
class Move:
    """States an act is possible in, and the state it leads to (None: the same). `evidence`: must be named."""

    before: tuple[State, ...]
    after: State | None = None
    evidence: bool = False


_UNDER_WAY = (State.OPEN, State.WITH_BANK)

MOVES: dict[Act, Move] = {
    Act.CODE: Move(_UNDER_WAY),
    Act.ASK_BANK: Move((State.OPEN,), State.WITH_BANK),
    Act.ACCEPT: Move(_UNDER_WAY, State.WITH_BANK, evidence=True),
    Act.REJECT: Move(_UNDER_WAY, State.SETTLED),
    Act.SETTLE: Move(_UNDER_WAY, State.SETTLED, evidence=True),
    Act.REISSUE: Move(_UNDER_WAY, evidence=True),
    Act.REOPEN: Move((State.WITH_BANK, State.SETTLED), State.OPEN),
    Act.NOTE: Move((*_UNDER_WAY, State.SETTLED)),
}
"""Every act there is. GONE cases take none: the run that made them go brings them back."""

OF_ROWS = (Act.ACCEPT, Act.REJECT)
"""Acts on a row that belongs to no payment."""

SUGGESTED_FOR = ("UNKNOWN", "AMBIGUOUS")
CAME_BACK = ("RETURNED", "FAILED")
IN_PART = "UNDERPAID"
"""What came back of it is not sent again (docs/decisions/0017)."""


def acts_for(acting: Acting, case: ExceptionCase, reissues: Iterable[ReissueRequest] = ()) -> list[Act]:
    """What this person may do about it now, where those reissues were asked for."""
    if not acting.may(May.WORK_EXCEPTIONS, case.region_code, case.channel) or case.cycle.state == Cycle.State.CLOSED:
        return []
    asked = any(each.state in (ReissueRequest.State.ASKED, ReissueRequest.State.APPROVED) for each in reissues)
    return [act for act in MOVES if not against(case, act) and not (asked and act is Act.REISSUE)]


def against(case: ExceptionCase, act: Act) -> str:
    """Why the act does not fit the case, '' where it does."""
    if case.state not in MOVES[act].before:
        return _("Keadaan pengecualian ini sudah berubah; muat ulang halamannya.")
    if act in OF_ROWS and case.row is None:
        return _("Tindakan ini hanya untuk baris laporan yang tidak cocok.")
    if act is Act.ACCEPT and case.kind not in SUGGESTED_FOR:
        return _("Saran pasangan hanya untuk baris yang tidak dikenal atau cocok dengan lebih dari satu.")
    if act is Act.REISSUE and case.row is None and case.kind == IN_PART:
        return _(
            "Yang dibayar ulang selalu seluruh pembayaran, sedangkan ini sampai sebagian. Sisanya dikreditkan bank "
            "atau pos dan dilaporkan, atau dicatat sebagai setoran ke kas negara."
        )
    if act is Act.REISSUE and (case.row is not None or case.kind not in CAME_BACK):
        return _("Bayar ulang hanya untuk pembayaran yang gagal atau dikembalikan menurut laporan bank.")
    return ""


def act_on(
    acting: Acting,
    case: ExceptionCase,
    act: Act,
    *,
    reason: str,
    evidence: str = "",
    code: str = "",
    payment: Payment | None = None,
) -> ExceptionAct:
    """Do one act. Raises NotPossible, PermissionDenied."""
    authority = acting.authority(May.WORK_EXCEPTIONS, case.region_code, case.channel)
    with transaction.atomic():
        if act is Act.REISSUE:
            _keep_open(case)
        sends, standing = _standing(case) if act is Act.REOPEN else (None, [])
        cases = ExceptionCase.objects.select_for_update(of=("self",), no_key=True).select_related("cycle", "file")
        case = cases.get(pk=case.pk)
        _require(case, act, reason, evidence, code, payment)
        if act is Act.CODE:
            case.reason_code = code
        case.state = MOVES[act].after or case.state
        case.save(update_fields=["state", "reason_code"])
        if act is Act.REISSUE:
            _ask_reissue(acting, case, reason, evidence)
        for asked in standing:
            if _leaves_its_round(acting, asked, sends):
                _taken_back(acting, authority, asked, case, reason)
        done = ExceptionAct.objects.create(
            exception=case, act=act, payment=payment, reason=reason.strip(), evidence=evidence.strip(),
            person_id=acting.person_id, authority=authority,
        )  # fmt: skip
        facts = {"payment": payment.pk} if payment else {}
        record(
            acting, f"exception.{act.lower()}", case, region=case.region_code, authority=authority, reason=reason,
            kind=case.kind, code=case.reason_code, **facts,
        )  # fmt: skip
    return done


def _keep_open(case: ExceptionCase) -> None:
    """What is asked for must be decided before the cycle closes."""
    try:
        stays_open(case.cycle_id)
    except Refused as refused:
        raise NotPossible(str(refused)) from refused


def act_on_all(
    acting: Acting, authority: str, cases: QuerySet[ExceptionCase], act: Act, *, reason: str, evidence: str
) -> None:
    """One act on many cases at once, as part of a decision that its caller has checked and writes down."""
    found = list(cases.select_for_update(of=("self",), no_key=True))
    ExceptionAct.objects.bulk_create(
        ExceptionAct(
            exception=case, act=act, reason=reason, evidence=evidence, person_id=acting.person_id, authority=authority
        )
        for case in found
    )
    ExceptionCase.objects.filter(pk__in=[case.pk for case in found]).update(state=MOVES[act].after)


def _require(case: ExceptionCase, act: Act, reason: str, evidence: str, code: str, payment: Payment | None) -> None:
    if case.cycle.state == Cycle.State.CLOSED:
        raise NotPossible(_("Tahap ini sudah ditutup."))
    if why := against(case, act):
        raise NotPossible(why)
    if not reason.strip():
        raise NotPossible(_("Tuliskan alasannya."))
    if MOVES[act].evidence and not evidence.strip():
        raise NotPossible(_("Sebutkan buktinya: nomor surat, rekening koran, atau berita acara."))
    if act is Act.CODE and code not in REASON_CODES:
        raise NotPossible(_("Pilih kode alasan dari daftar."))
    if act is Act.ACCEPT and (payment is None or payment.cycle_id != case.told_of_id):
        raise NotPossible(_("Pilih pembayaran dari daftar saran."))


def _ask_reissue(acting: Acting, case: ExceptionCase, reason: str, evidence: str) -> None:
    if case.payment is None:
        raise NotPossible(_("Bayar ulang menyebut pembayaran asalnya."))
    try:
        with transaction.atomic():
            ReissueRequest.objects.create(
                exception=case, payment=case.payment, amount_rupiah=case.payment.amount_rupiah, reason=reason.strip(),
                evidence=evidence.strip(), asked_by_id=acting.person_id,
            )  # fmt: skip
    except IntegrityError as error:
        if case.payment.deposited.filter(deposit__state="CONFIRMED").exists():
            raise NotPossible(
                _("Uangnya sudah disetor ke kas negara, jadi tidak dapat dibayar ulang dari sini.")
            ) from error
        raise NotPossible(_("Bayar ulang untuk pembayaran ini sudah diminta.")) from error


def _standing(case: ExceptionCase) -> tuple[Cycle | None, list[ReissueRequest]]:
    """Requests of the case that are not decided or not sent, and the cycle that would send them; both held.

    That cycle first, as rounds do, then requests, then the case, as whoever decides does. Raises NotPossible.
    """
    asked = ReissueRequest.objects.filter(exception=case, state__in=(Asked.ASKED, Asked.APPROVED))
    if not asked.exists():
        return None, []
    sends = case.cycle if case.cycle.state != Cycle.State.CLOSED else books_for(case.cycle)
    try:
        held = lock_cycle_soon(sends.pk) if sends else None
    except Busy as error:
        raise NotPossible(_("Perhitungan lain sedang berjalan. Coba lagi sebentar lagi.")) from error
    if held and held.state == Cycle.State.CLOSED:
        raise NotPossible(_("Tahap ini baru saja ditutup. Muat ulang halamannya."))
    return held, list(asked.select_for_update(no_key=True))


def _leaves_its_round(acting: Acting, asked: ReissueRequest, sends: Cycle | None) -> bool:
    """Its row leaves the DRAFT list of `sends` it stands on; False where a list that was handed in has it.

    The family may live in another district by now, or be paid by another channel.
    """
    with in_territory(for_everyone(acting)):
        listed = Payment.objects.select_related("list").filter(reissue_of=asked.payment_id).first()
        if listed is None:
            return True
        if listed.list.state != PaymentList.State.DRAFT or sends is None or listed.cycle_id != sends.pk:
            return False
        leave_round(listed)
        return True


def _taken_back(acting: Acting, authority: str, asked: ReissueRequest, case: ExceptionCase, reason: str) -> None:
    """Whoever had agreed to it stays named beside whoever had asked."""
    if asked.state == Asked.APPROVED:
        told = _TAKEN_BACK_KEPT.format(person=acting.person_name, why=reason.strip())
        asked.decided_reason = f"{asked.decided_reason} {told}".strip()
    else:
        asked.decided_by_id, asked.decided_at, asked.decided_reason = acting.person_id, timezone.now(), reason.strip()
    asked.state = Asked.TAKEN_BACK
    asked.save(update_fields=["state", "decided_by", "decided_at", "decided_reason"])
    record(
        acting, "reissue.taken_back", asked, region=case.region_code, authority=authority, reason=reason,
        payment=asked.payment_id, rupiah=asked.amount_rupiah,
    )  # fmt: skip


def may_take_back(acting: Acting, asked: ReissueRequest, case: ExceptionCase) -> bool:
    """Whether this person could take back now what two people agreed to send again."""
    sent = Payment.objects.filter(reissue_of=asked.payment_id).exclude(list__state=PaymentList.State.DRAFT)
    worked = acting.may(May.WORK_EXCEPTIONS, case.region_code, case.channel)
    return asked.state == Asked.APPROVED and worked and not sent.exists()


def take_back_reissue(acting: Acting, request: ReissueRequest, *, reason: str) -> None:
    """What two people agreed to send again is not sent after all, also where its cycle is closed by now.

    Its money may then go to the treasury, or be asked for again. Raises NotPossible, PermissionDenied.
    """
    case = request.exception
    authority = acting.authority(May.WORK_EXCEPTIONS, case.region_code, case.channel)
    if not reason.strip():
        raise NotPossible(_("Tuliskan alasannya."))
    with transaction.atomic():
        sends, standing = _standing(case)
        held = next((each for each in standing if each.pk == request.pk), None)
        if held is None or held.state != Asked.APPROVED:
            raise NotPossible(_("Permintaan ini sudah diputuskan."))
        if not _leaves_its_round(acting, held, sends):
            raise NotPossible(
                _(
                    "Pembayaran ini sudah diajukan pada daftar susulan. Mintalah daftar itu dikembalikan dengan "
                    "alasan, lalu tarik permintaannya."
                )
            )
        _taken_back(acting, authority, held, case, reason)
        if Cycle.objects.get(pk=case.cycle_id).state != Cycle.State.CLOSED:
            ExceptionAct.objects.create(
                exception=case, act=Act.NOTE, reason=f"Bayar ulang ditarik kembali: {reason.strip()}",
                person_id=acting.person_id, authority=authority,
            )  # fmt: skip


_TAKEN_BACK_KEPT = "Ditarik kembali oleh {person}: {why}"
_DECIDED_KEPT = {True: "Bayar ulang disetujui", False: "Bayar ulang ditolak"}


def decide_reissue(acting: Acting, request: ReissueRequest, *, approve: bool, reason: str) -> None:
    """Say yes or no to a reissue another person asked for. Raises NotPossible, PermissionDenied."""
    case = request.exception
    authority = acting.authority(May.WORK_EXCEPTIONS, case.region_code, case.channel)
    if request.asked_by_id == acting.person_id:
        raise NotPossible(_("Yang meminta tidak memutuskan; mintalah orang lain."))
    if not reason.strip():
        raise NotPossible(_("Tuliskan alasannya."))
    with transaction.atomic():
        held = ReissueRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
        case = (
            ExceptionCase.objects.select_for_update(of=("self",), no_key=True).select_related("cycle").get(pk=case.pk)
        )
        if case.cycle.state == Cycle.State.CLOSED:
            raise NotPossible(_("Tahap ini sudah ditutup."))
        if held.state != ReissueRequest.State.ASKED:
            raise NotPossible(_("Permintaan ini sudah diputuskan."))
        if approve and (case.kind not in CAME_BACK or case.state == State.GONE):
            raise NotPossible(_("Laporan bank tidak lagi menyatakan uangnya kembali, jadi tidak dapat dibayar ulang."))
        held.state = ReissueRequest.State.APPROVED if approve else ReissueRequest.State.REFUSED
        held.decided_by_id, held.decided_at, held.decided_reason = acting.person_id, timezone.now(), reason.strip()
        held.save()
        ExceptionAct.objects.create(
            exception=case, act=Act.NOTE, reason=f"{_DECIDED_KEPT[approve]}: {reason.strip()}",
            person_id=acting.person_id, authority=authority,
        )  # fmt: skip
        record(
            acting, "reissue.approved" if approve else "reissue.refused", held, region=case.region_code,
            authority=authority, reason=reason, payment=held.payment_id, rupiah=held.amount_rupiah,
        )  # fmt: skip
