"""Supplementary lists: which payments that came back they send again, where that money stands, and what was held."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.machine import for_everyone
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.jobs.work import Report
from gandeng.payments.actions import before_closing, instruct_round, make_round
from gandeng.payments.actions.journal import Account, Line
from gandeng.payments.actions.rounds import CameBack
from gandeng.payments.held_queries import is_held
from gandeng.payments.ids import family_no_of
from gandeng.payments.models import Cycle, Instruction, Payment, PaymentList
from gandeng.payments.refused import Refused
from gandeng.reconciliation.actions.exceptions import act_on_all
from gandeng.reconciliation.actions.locking import lock_cycle
from gandeng.reconciliation.actions.run import run_cycle
from gandeng.reconciliation.actions.voiding import void
from gandeng.reconciliation.models import ExceptionAct, ExceptionCase, OutcomeInForce, ReissueRequest
from gandeng.reconciliation.queries import UNDER_WAY
from gandeng.reconciliation.reissue_queries import closed_before, reissues_to_send
from gandeng.reconciliation.run_sql import LEFT_OPEN
from gandeng.reconciliation.workplace import workplace

_STANDS = {"RETURNED": Account.RETURNED, "FAILED": Account.AT_CHANNEL}
"""Where the whole of a payment's money is (`places_of_money`), by the outcomes that may be sent again."""


def make_reissue_round(acting: Acting, cycle: Cycle, report: Report, *, owed: bool = False) -> int:
    """Lists of everything two people agreed to send again and of families held back, DRAFT; gives their round.

    What no longer came back is left out, and its request taken back. `owed` takes families along that closed cycles of
    the region held back and nobody has paid since. It reads everything, whoever makes it: families that have left are
    told apart from those that can be paid. Raises Refused, also where everything is still held.
    """
    acting.authority(May.RUN_CYCLE, cycle.region_code)
    with in_territory(for_everyone(acting)), transaction.atomic():
        held = lock_cycle(cycle.pk)
        requests = list(reissues_to_send(held))
        outcomes = _in_force(each.payment_id for each in requests)
        wanted = []
        for each in requests:
            if _came_back(outcomes.get(each.payment_id)):
                wanted.append(each)
            else:
                _take_back(acting, each)
        draft = PaymentList.objects.filter(cycle=held, round__gt=0, state=PaymentList.State.DRAFT, payments__gt=0)
        closed = list(closed_before(held).select_related("run")) if owed else []
        if not wanted and not draft.exists() and not any(is_held(each, held) for each in (held, *closed)):
            raise Refused("nothing_came_back")
        made = make_round(acting, held, [_told(each.payment) for each in wanted], report, closed=closed)
        told = [each for each in wanted if each.exception.cycle.state != Cycle.State.CLOSED]
        for each in told:
            why = made.held.get(each.payment_id)
            each.held_reason, each.held_until = (why.reason, why.usable_from) if why else ("", None)
        ReissueRequest.objects.bulk_update(told, ["held_reason", "held_until"], batch_size=1000)
        return made.number


def _told(payment: Payment) -> CameBack:
    family_no = family_no_of(payment.pk, again=payment.reissue_of_id is not None)
    return CameBack(payment.pk, payment.family_id, family_no, payment.village_code, payment.amount_rupiah)


def _in_force(payments: Iterable[str]) -> dict[str, OutcomeInForce]:
    return {each.payment_id: each for each in OutcomeInForce.objects.filter(payment__in=list(payments))}


def _came_back(outcome: OutcomeInForce | None) -> bool:
    """All of it, by all that is known now, and nobody drew any of it."""
    if outcome is None or outcome.outcome not in _STANDS:
        return False
    return outcome.net_rupiah == 0 and outcome.withdrawn_rupiah == 0


_SENT_KEPT = "Dibayar ulang pada susulan {number}."
_NOT_BACK_KEPT = "Uangnya menurut laporan terbaru tidak lagi kembali."


def _take_back(acting: Acting, request: ReissueRequest) -> None:
    """What was agreed on no longer fits; where its cycle is closed the request stays and is passed over."""
    if request.exception.cycle.state == Cycle.State.CLOSED:
        return
    request.state = ReissueRequest.State.TAKEN_BACK
    request.decided_reason = f"{request.decided_reason} {_NOT_BACK_KEPT}".strip()
    request.save(update_fields=["state", "decided_reason"])
    record(
        acting, "reissue.taken_back", request, region=request.exception.region_code, payment=request.payment_id,
        rupiah=request.amount_rupiah,
    )  # fmt: skip


def instruct_reissue_round(
    acting: Acting, cycle: Cycle, number: int, report: Report, *, execute_on: date | None = None
) -> list[Instruction]:
    """Order an approved round; its payments await their channel's report from then on. Raises Refused.

    Each original's money leaves where it stands in the same transaction, so no rupiah is in two places.
    """
    authority = acting.authority(May.INSTRUCT, cycle.region_code)
    with in_territory(for_everyone(acting)), transaction.atomic(), workplace() as work:
        held = lock_cycle(cycle.pk)
        listed = Payment.objects.filter(list__cycle=held, list__round=number).select_related(
            "reissue_of__cycle", "reissue_of__list"
        )
        originals = [each.reissue_of for each in listed.order_by("payment_id") if each.reissue_of is not None]
        made = instruct_round(acting, held, number, _sources(originals), report, execute_on=execute_on)
        _settle(acting, authority, originals, number)
        elsewhere = {each.list.district_code for each in originals if each.cycle_id != held.pk}
        void(acting, held, elsewhere, f"Susulan {number} memakai uang tahap yang sudah ditutup di wilayah ini.")
        run_cycle(acting, held, work, report)
        return made


def _sources(originals: list[Payment]) -> dict[Cycle, list[Line]]:
    """Of each cycle, the lines by which the originals' money goes back to the funds."""
    outcomes = _in_force(each.pk for each in originals)
    lines: dict[Cycle, list[Line]] = defaultdict(list)
    for each in originals:
        outcome = outcomes.get(each.pk)
        if outcome is None or not _came_back(outcome):
            raise Refused("no_longer_back", payment=each.pk)
        stands = _STANDS[outcome.outcome]
        lines[each.cycle].append(
            (each.list.district_code, each.list.channel, stands, Account.FUNDS, each.amount_rupiah)
        )
    return lines


def _settle(acting: Acting, authority: str, originals: list[Payment], number: int) -> None:
    """What a person had to look at is done; a run that sees the original credited after all opens it again."""
    cases = ExceptionCase.objects.filter(payment__in=originals, row=None).exclude(cycle__state=Cycle.State.CLOSED)
    act_on_all(
        acting, authority, cases.filter(state__in=UNDER_WAY), ExceptionAct.Act.SETTLE,
        reason=_SENT_KEPT.format(number=number), evidence=f"Susulan {number}",
    )  # fmt: skip


_CARRY = f"""
insert into reconciliation_exceptioncase (id, cycle_id, kind, payment_id, region_code, channel, at_stake_rupiah,
    reason_code, detail, state, opened_number, changed_number)
select gen_random_uuid(), %(cycle)s, l.kind, l.payment_id, l.region_code, l.channel, l.at_stake, l.reason_code, '',
    l.state, %(number)s, %(number)s from ({LEFT_OPEN}) l"""


def carry_over(acting: Acting, cycle: Cycle) -> int:
    """Take up in this cycle what closed ones before it left unsettled, so that it can still be worked and sent again.

    Gives how many; the closed cycles keep theirs as they were. Raises Refused where this one is closed.
    """
    authority = acting.authority(May.RUN_CYCLE, cycle.region_code)
    with transaction.atomic():
        held = lock_cycle(cycle.pk)
        if held.state == Cycle.State.CLOSED:
            raise Refused("cycle_state", state=Cycle.State.CLOSED.label)
        last = held.reconciliations.order_by("-number").values_list("number", flat=True).first() or 0
        facts: dict[str, Any] = {
            "cycle": str(held.pk), "number": last, "closed": [each.pk for each in closed_before(held)],
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_CARRY, facts)
            carried = int(cursor.rowcount)
        if carried:
            record(
                acting, "exceptions.carried", held, region=held.region_code, authority=authority, cases=carried,
                at=timezone.localdate().isoformat(),
            )  # fmt: skip
    return carried


@before_closing
def _require_decided(cycle: Cycle) -> None:
    """Nothing can be decided once the cycle is closed; what is agreed on stays for the next cycle to send."""
    asked = ReissueRequest.objects.filter(exception__cycle=cycle, state=ReissueRequest.State.ASKED).count()
    if asked:
        raise Refused("reissue_undecided", count=asked)
