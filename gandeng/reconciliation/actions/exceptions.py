"""What a person does about an exception: each act is added with its reason and evidence, and undone by another."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.payments.actions import stays_open
from gandeng.payments.models import Cycle, Payment
from gandeng.payments.refused import Refused
from gandeng.reconciliation.models import ExceptionAct, ExceptionCase, ReissueRequest
from gandeng.reconciliation.words import REASON_CODES

Act = ExceptionAct.Act
State = ExceptionCase.State


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


def acts_for(acting: Acting, case: ExceptionCase, reissues: Iterable[ReissueRequest] = ()) -> list[Act]:
    """What this person may do about it now, where those reissues were asked for."""
    if not acting.may(May.WORK_EXCEPTIONS, case.region_code, case.channel) or case.cycle.state == Cycle.State.CLOSED:
        return []
    asked = any(each.state in (ReissueRequest.State.ASKED, ReissueRequest.State.APPROVED) for each in reissues)
    return [act for act in MOVES if not _against(case, act) and not (asked and act is Act.REISSUE)]


def _against(case: ExceptionCase, act: Act) -> str:
    """Why the act does not fit the case, '' where it does."""
    if case.state not in MOVES[act].before:
        return _("Keadaan pengecualian ini sudah berubah; muat ulang halamannya.")
    if act in OF_ROWS and case.row is None:
        return _("Tindakan ini hanya untuk baris laporan yang tidak cocok.")
    if act is Act.ACCEPT and case.kind not in SUGGESTED_FOR:
        return _("Saran pasangan hanya untuk baris yang tidak dikenal atau cocok dengan lebih dari satu.")
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
        cases = ExceptionCase.objects.select_for_update(of=("self",), no_key=True).select_related("cycle", "file")
        case = cases.get(pk=case.pk)
        _require(case, act, reason, evidence, code, payment)
        if act is Act.CODE:
            case.reason_code = code
        case.state = MOVES[act].after or case.state
        case.save(update_fields=["state", "reason_code"])
        if act is Act.REISSUE:
            _ask_reissue(acting, case, reason, evidence)
        if act is Act.REOPEN:
            _take_back_reissue(acting, case, reason)
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
    if against := _against(case, act):
        raise NotPossible(against)
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


def _take_back_reissue(acting: Acting, case: ExceptionCase, reason: str) -> None:
    """Undo goes as far as nobody has decided."""
    ReissueRequest.objects.filter(exception=case, state=ReissueRequest.State.ASKED).update(
        state=ReissueRequest.State.TAKEN_BACK, decided_by_id=acting.person_id, decided_at=timezone.now(),
        decided_reason=reason.strip(),
    )  # fmt: skip


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
