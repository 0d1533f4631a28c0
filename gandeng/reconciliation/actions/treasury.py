"""Money that nobody gets goes to the treasury: told with its receipt, confirmed by another person, booked by name."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.money import format_rupiah
from gandeng.payments.actions import book
from gandeng.payments.actions.journal import Line
from gandeng.payments.levels import AFTER_INSTRUCTION
from gandeng.payments.models import Cycle, JournalEntry
from gandeng.payments.queries import books_for
from gandeng.reconciliation.actions.exceptions import CAME_BACK, NotPossible, act_on_all
from gandeng.reconciliation.actions.locking import lock_cycle_soon
from gandeng.reconciliation.actions.run import balances
from gandeng.reconciliation.late_queries import OF_DEPOSIT
from gandeng.reconciliation.models import ExceptionAct, ExceptionCase, TreasuryDeposit
from gandeng.reconciliation.places_of_money import moves
from gandeng.reconciliation.queries import UNDER_WAY
from gandeng.reconciliation.treasury_queries import STANDING

State = TreasuryDeposit.State

DEPOSITS = (*AFTER_INSTRUCTION, Cycle.State.CLOSED)
"""States of a cycle whose money may go to the treasury."""


@dataclass(frozen=True)
class Chosen:
    """Which money: of one channel in a region, by the accounts it stands in; `until`: nothing happened after that day.

    `left_out` are ids of payments whose money stayed where it is.
    """

    region: str
    channel: str
    accounts: tuple[str, ...]
    until: date | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What the treasury's receipt says."""

    number: str
    deposited_on: date
    rupiah: int


_CHOSEN = f"""
select * from ({STANDING}) s where s.village_code ^@ %(region)s and s.channel = %(channel)s
    and s.account = any(%(accounts)s) and (%(until)s::date is null or s.last_on <= %(until)s)
    and s.payment_id <> all(%(left_out)s)"""


def _facts(cycle: Cycle, chosen: Chosen) -> dict[str, Any]:
    return {
        "cycle": cycle.pk, "region": chosen.region, "channel": chosen.channel, "accounts": list(chosen.accounts),
        "until": chosen.until, "left_out": list(chosen.left_out),
    }  # fmt: skip


def tell_deposit(acting: Acting, cycle: Cycle, chosen: Chosen, receipt: Receipt, *, reason: str) -> TreasuryDeposit:
    """Keep a receipt of the treasury with the payments it is for. Raises NotPossible where the sums differ."""
    authority = acting.authority(May.TELL_DEPOSIT, chosen.region, chosen.channel)
    if receipt.deposited_on > timezone.localdate():
        raise NotPossible(_("Tanggal setor belum tiba."))
    if not reason.strip():
        raise NotPossible(_("Tuliskan alasannya."))
    with transaction.atomic():
        if cycle.state not in DEPOSITS:
            raise NotPossible(_("Belum ada uang tahap ini yang dikirim."))
        payments, rupiah = _sum(cycle, chosen)
        if rupiah != receipt.rupiah or not payments:
            raise NotPossible(
                _(
                    "Bukti setor menyebut %(told)s, sedangkan uang yang dipilih %(ours)s dari %(payments)s pembayaran. "
                    "Sesuaikan pilihan di bawah ini dengan lampiran bukti setornya."
                )
                % {"told": format_rupiah(receipt.rupiah), "ours": format_rupiah(rupiah), "payments": payments}
            )
        deposit = _kept(acting, cycle, chosen, receipt, payments, reason)
        with connection.cursor() as cursor:
            cursor.execute(
                f"""insert into reconciliation_depositedpayment
                    (deposit_id, payment_id, account, amount_rupiah, village_code, channel)
                    select %(deposit)s, c.payment_id, c.account, c.rupiah, c.village_code, c.channel
                    from ({_CHOSEN}) c order by c.payment_id, c.account""",
                {**_facts(cycle, chosen), "deposit": deposit.pk},
            )
        record(
            acting, "deposit.told", deposit, region=deposit.region_code, authority=authority, reason=reason,
            cycle=str(cycle), channel=deposit.channel, receipt=deposit.receipt_no, rupiah=rupiah, payments=payments,
        )  # fmt: skip
    return deposit


def _sum(cycle: Cycle, chosen: Chosen) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(distinct c.payment_id), coalesce(sum(c.rupiah), 0)::bigint from ({_CHOSEN}) c",
            _facts(cycle, chosen),
        )
        payments, rupiah = cursor.fetchone() or (0, 0)
        return payments, rupiah


def _kept(
    acting: Acting, cycle: Cycle, chosen: Chosen, receipt: Receipt, payments: int, reason: str
) -> TreasuryDeposit:
    try:
        with transaction.atomic():
            return TreasuryDeposit.objects.create(
                cycle=cycle, channel=chosen.channel, region_code=chosen.region, receipt_no=receipt.number,
                deposited_on=receipt.deposited_on, amount_rupiah=receipt.rupiah, payments=payments,
                reason=reason.strip(), told_by_id=acting.person_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise NotPossible(_("Bukti setor dengan nomor ini sudah dicatat.")) from error


def decide_deposit(acting: Acting, deposit: TreasuryDeposit, *, confirm: bool, reason: str) -> None:
    """Say yes or no to what another person told; a yes books it. Raises NotPossible, Busy, PermissionDenied."""
    authority = _other_person(acting, deposit)
    with transaction.atomic():
        books = _books(deposit) if confirm else None
        held = _held(deposit, State.TOLD)
        held.decided_by_id, held.decided_at, held.decided_reason = acting.person_id, timezone.now(), reason.strip()
        if books is None:
            held.state = State.REFUSED
            held.save()
        else:
            lines = _become(held, State.CONFIRMED)
            book(
                acting, books, JournalEntry.Kind.DEPOSITED, f"{OF_DEPOSIT}{held.pk}", lines,
                about_cycle=_about(held, books), reason=held.receipt_no,
            )  # fmt: skip
            _settle(acting, authority, held)
        record(
            acting, "deposit.confirmed" if confirm else "deposit.refused", held, region=held.region_code,
            authority=authority, reason=reason, receipt=held.receipt_no, rupiah=held.amount_rupiah,
        )  # fmt: skip


def take_back_deposit(acting: Acting, deposit: TreasuryDeposit, *, reason: str) -> None:
    """Whoever told it takes it back while nobody has decided. Raises NotPossible."""
    if deposit.told_by_id != acting.person_id:
        raise NotPossible(_("Hanya yang mencatat dapat menariknya kembali."))
    with transaction.atomic():
        held = _held(deposit, State.TOLD)
        held.state, held.decided_reason, held.decided_at = State.TAKEN_BACK, reason.strip(), timezone.now()
        held.save()
        record(
            acting, "deposit.taken_back", held, region=held.region_code, reason=reason, receipt=held.receipt_no,
            rupiah=held.amount_rupiah,
        )  # fmt: skip


def void_deposit(acting: Acting, deposit: TreasuryDeposit, *, reason: str) -> None:
    """A confirmed deposit was wrong: its money stands again where it stood, by an entry that names the first.

    Raises NotPossible, Busy, PermissionDenied.
    """
    authority = _other_person(acting, deposit)
    if not reason.strip():
        raise NotPossible(_("Tuliskan alasannya."))
    with transaction.atomic():
        books = _books(deposit)
        held = _held(deposit, State.CONFIRMED)
        held.voided_by_id, held.voided_at, held.voided_reason = acting.person_id, timezone.now(), reason.strip()
        lines = _become(held, State.VOIDED)
        book(
            acting, books, JournalEntry.Kind.CORRECTION, f"{OF_DEPOSIT}{held.pk}:void", lines,
            about_cycle=_about(held, books), corrects=JournalEntry.objects.get(source=f"{OF_DEPOSIT}{held.pk}"),
            reason=reason.strip(),
        )  # fmt: skip
        _take_up(held, books)
        _reopen(acting, authority, held)
        record(
            acting, "deposit.voided", held, region=held.region_code, authority=authority, reason=reason,
            receipt=held.receipt_no, rupiah=held.amount_rupiah,
        )  # fmt: skip


def _other_person(acting: Acting, deposit: TreasuryDeposit) -> str:
    """On whose authority somebody decides what another told. Raises NotPossible, PermissionDenied."""
    authority = acting.authority(May.DECIDE_DEPOSIT, deposit.region_code, deposit.channel)
    if deposit.told_by_id == acting.person_id:
        raise NotPossible(_("Yang mencatat tidak memutuskan; mintalah orang lain."))
    return authority


def _books(deposit: TreasuryDeposit) -> Cycle:
    """The cycle that books it, held until the transaction ends. Raises NotPossible where none is open."""
    books = deposit.cycle if deposit.cycle.state != Cycle.State.CLOSED else books_for(deposit.cycle)
    if books is None:
        raise NotPossible(_("Tahapnya sudah ditutup. Setoran dibukukan tahap berikutnya; buka dulu tahap itu."))
    held = lock_cycle_soon(books.pk)
    if held.state == Cycle.State.CLOSED:
        raise NotPossible(_("Tahap ini baru saja ditutup. Muat ulang halamannya."))
    return held


def _about(deposit: TreasuryDeposit, books: Cycle) -> Cycle | None:
    return deposit.cycle if books.pk != deposit.cycle_id else None


def _held(deposit: TreasuryDeposit, state: State) -> TreasuryDeposit:
    held = (
        TreasuryDeposit.objects.select_for_update(of=("self",), no_key=True).select_related("cycle").get(pk=deposit.pk)
    )
    if held.state != state:
        raise NotPossible(_("Setoran ini sudah diputuskan. Muat ulang halamannya."))
    return held


def _become(deposit: TreasuryDeposit, state: State) -> list[Line]:
    """Give it the state; what that moves, by district and channel. The database refuses money that is not there."""
    late = deposit.cycle.state == Cycle.State.CLOSED
    before = balances(deposit.cycle, late=late)
    deposit.state = state
    try:
        with transaction.atomic():
            deposit.save()
    except IntegrityError as error:
        raise NotPossible(
            _(
                "Sebagian uangnya menurut laporan terbaru tidak lagi di tempat itu, atau sudah diminta untuk dibayar "
                "ulang. Tolak setoran ini dan mintalah dicatat ulang."
            )
        ) from error
    return moves(before, balances(deposit.cycle, late=late))


_DEPOSITED_KEPT = "Disetor ke kas negara, bukti {receipt}."
_VOIDED_KEPT = "Setoran {receipt} dibatalkan: {why}"


def _settle(acting: Acting, authority: str, deposit: TreasuryDeposit) -> None:
    """Whose whole money is in the treasury, nobody has to look at any more."""
    act_on_all(
        acting, authority, _whole(deposit).filter(state__in=UNDER_WAY), ExceptionAct.Act.SETTLE,
        reason=_DEPOSITED_KEPT.format(receipt=deposit.receipt_no), evidence=deposit.receipt_no,
    )  # fmt: skip


def _reopen(acting: Acting, authority: str, deposit: TreasuryDeposit) -> None:
    act_on_all(
        acting, authority, _whole(deposit).filter(state=ExceptionCase.State.SETTLED), ExceptionAct.Act.REOPEN,
        reason=_VOIDED_KEPT.format(receipt=deposit.receipt_no, why=deposit.voided_reason), evidence=deposit.receipt_no,
    )  # fmt: skip


_TAKE_UP = """
insert into reconciliation_exceptioncase (id, cycle_id, kind, payment_id, region_code, channel, at_stake_rupiah,
    reason_code, detail, state, opened_number, changed_number)
select gen_random_uuid(), %(books)s, o.outcome, o.payment_id, o.village_code, o.channel, o.at_stake_rupiah,
    coalesce(last.reason_code, ''), '', 'SETTLED', %(number)s, %(number)s
from reconciliation_depositedpayment d
join reconciliation_outcomeinforce o on o.payment_id = d.payment_id and o.outcome = any(%(came_back)s)
    and o.amount_rupiah = d.amount_rupiah
left join lateral (select e.reason_code, c.state from reconciliation_exceptioncase e
    join payments_cycle c on c.id = e.cycle_id where e.payment_id = d.payment_id and e.row is null
    order by c.year desc, c.stage desc limit 1) last on true
where d.deposit_id = %(deposit)s and coalesce(last.state, 'CLOSED') = 'CLOSED'"""
"""Cases of payments whose last one is in a closed cycle, as the deposit had settled it; `_reopen` opens them."""


def _take_up(deposit: TreasuryDeposit, books: Cycle) -> None:
    """What nobody works any more, the cycle that books the voiding works: to be sent again, or deposited right."""
    last = books.reconciliations.order_by("-number").values_list("number", flat=True).first() or 0
    facts: dict[str, Any] = {"books": books.pk, "deposit": deposit.pk, "number": last, "came_back": list(CAME_BACK)}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_UP, facts)


def _whole(deposit: TreasuryDeposit) -> QuerySet[ExceptionCase]:
    """Cases of payments all of which the deposit has, in cycles that are open."""
    whole = deposit.rows.filter(payment__amount_rupiah=F("amount_rupiah")).values("payment")
    cases = ExceptionCase.objects.filter(payment__in=whole, row=None, kind__in=CAME_BACK)
    return cases.exclude(cycle__state=Cycle.State.CLOSED)
