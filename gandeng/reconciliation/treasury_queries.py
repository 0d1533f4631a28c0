"""What could go to the treasury and what has gone, within the asker's territory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.payments.models import Cycle
from gandeng.reconciliation.models import DepositedPayment, TreasuryDeposit
from gandeng.reconciliation.places_of_money import DEPOSIT_UNFOUNDED, IN_ACCOUNT, SENT_AGAIN
from gandeng.web.finding import found_or_404
from gandeng.web.scoping import NOWHERE

AGES = (30, 60, 90)
"""Days since the last event that the page tells apart. No limit of the law: none is sourced (docs/programme.md)."""

STANDING = f"""
select o.payment_id, v.account, v.rupiah, o.village_code, o.channel, o.last_on
from (select * from reconciliation_outcomeinforce o where o.cycle_id = %(cycle)s and o.outcome <> 'UNREPORTED'
    and (o.outcome <> 'PAID' or o.withdrawn_rupiah < o.amount_rupiah) offset 0) o
left join reconciliation_depositedin t on t.payment_id = o.payment_id
cross join unnest(array['RETURNED', 'AT_CHANNEL', 'CREDITED'], array[
    {IN_ACCOUNT["RETURNED"]} - coalesce(t.returned, 0),
    {IN_ACCOUNT["AT_CHANNEL"]} - coalesce(t.at_channel, 0),
    {IN_ACCOUNT["CREDITED"]} - coalesce(t.credited, 0)]) v (account, rupiah)
where v.rupiah > 0 and not coalesce({DEPOSIT_UNFOUNDED}, false)
    and not {SENT_AGAIN.format(payment_id="o.payment_id")}
    and not exists (select from reconciliation_reissuerequest r
        where r.payment_id = o.payment_id and r.state in ('ASKED', 'APPROVED'))"""
"""What could go to the treasury, by name: payment, account, rupiah, village, channel, day of the last event.

Whatever has an outcome was instructed: a run takes lists in that state alone, which no list leaves. Left out is what
somebody asked to send again, and what is disputed because a deposit of it was not founded. First go those that have
nothing there: not reported on, or paid and drawn whole; that is most of a province. `reconciliation_in_account` of the
database says the same of each.
"""

_BY_AGE = f"""
select s.channel, s.account, width_bucket(%(today)s::date - s.last_on, %(ages)s) as age,
    count(distinct s.payment_id), sum(s.rupiah)::bigint
from ({STANDING}) s group by 1, 2, 3"""

_DRAWS_TOLD = """
select distinct channel from reconciliation_outcomeinforce where cycle_id = %(cycle)s and withdrawn_rupiah > 0"""


@dataclass(frozen=True)
class Standing:
    """Money of a channel in one account: payments and rupiah by age, from the youngest to the oldest, and all of it."""

    channel: str
    account: str
    ages: tuple[tuple[int, int], ...]
    payments: int
    rupiah: int
    draws_told: bool
    """False: this channel has told of no withdrawal at all, so nothing says that credited money was not drawn."""


def standing_of(cycle: Cycle, today: date) -> list[Standing]:
    """What stands where it could go to the treasury, by channel and account."""
    facts: dict[str, Any] = {"cycle": cycle.pk, "today": today, "ages": [days + 1 for days in AGES]}
    told: dict[tuple[str, str], list[tuple[int, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DRAWS_TOLD, facts)
        draws = {row[0] for row in cursor.fetchall()}
        cursor.execute(_BY_AGE, facts)
        for channel, account, age, payments, rupiah in cursor.fetchall():
            ages = told.setdefault((channel, account), [(0, 0)] * (len(AGES) + 1))
            ages[age or 0] = (payments, rupiah)
    order = list(DepositedPayment.Account)
    return [
        Standing(
            channel, account, tuple(ages), sum(n for n, _ in ages), sum(rupiah for _, rupiah in ages), channel in draws
        )
        for (channel, account), ages in sorted(
            told.items(), key=lambda item: (item[0][0], order.index(DepositedPayment.Account(item[0][1])))
        )
    ]


def deposits_of(cycle: Cycle) -> QuerySet[TreasuryDeposit]:
    """Newest first."""
    found = TreasuryDeposit.objects.filter(cycle=cycle).select_related("told_by", "decided_by")
    return found.order_by("-told_at", "pk")


def deposited_rupiah(cycle: Cycle) -> int:
    """What of the cycle's money of one's territory is in the treasury."""
    rows = DepositedPayment.objects.filter(deposit__cycle=cycle, deposit__state=TreasuryDeposit.State.CONFIRMED)
    return int(rows.aggregate(rupiah=Sum("amount_rupiah"))["rupiah"] or 0)


def access_deposit(acting: Acting, deposit_id: object) -> TreasuryDeposit:
    """A deposit of one's territory and channel. Raises Http404."""
    if acting.territory == NOWHERE:
        raise Http404
    found = TreasuryDeposit.objects.select_related("cycle", "told_by", "decided_by", "voided_by")
    return found_or_404(found, deposit_id)


def rows_of(deposit: TreasuryDeposit) -> QuerySet[DepositedPayment]:
    """Its payments by name, of one's territory."""
    return DepositedPayment.objects.filter(deposit=deposit).select_related("payment").order_by("pk")


def waiting_deposits(acting: Acting) -> QuerySet[TreasuryDeposit]:
    """Those that wait for this person's decision."""
    if not acting.may(May.DECIDE_DEPOSIT):
        return TreasuryDeposit.objects.none()
    return TreasuryDeposit.objects.filter(state=TreasuryDeposit.State.TOLD).exclude(told_by=acting.person_id)


def deposits_asked(acting: Acting, cycles: Iterable[Cycle]) -> dict[UUID, int]:
    """The same by cycle."""
    asked = waiting_deposits(acting).filter(cycle__in=list(cycles))
    return dict(asked.values_list("cycle").annotate(n=Count("pk")))
