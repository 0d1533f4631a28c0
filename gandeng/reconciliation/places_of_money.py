"""Where an instructed rupiah is, by the outcome of its payment: the one table the journal follows.

Per payment, with A instructed, N = credited - reversed (net) and D withdrawn. Every line sums to A, so every instructed
rupiah is in exactly one account (docs/threats.md, 3). What goes beyond A (OVERPAID) is the channel's own money: it
stands in the exceptions, never in the journal.

| outcome      | DRAWN     | CREDITED        | RETURNED             | AT_CHANNEL | DISPUTED |
|--------------|-----------|-----------------|----------------------|------------|----------|
| UNREPORTED   |           |                 |                      | A          |          |
| FAILED       |           |                 |                      | A (1)      |          |
| RETURNED     |           |                 | A (2)                |            |          |
| PAID         | D         | A - D           |                      |            |          |
| UNDERPAID    | D         | N - D           | min(reversed, A - N) | the rest   |          |
| OVERPAID     | min(D, A) | A - min(D, A)   |                      |            |          |
| INCONSISTENT |           |                 |                      |            | A        |
| D > N (3)    |           |                 |                      |            | A        |

(1) Never left the channel, which still owes it. (2) Was credited and came back. (3) Whatever the outcome: more was
drawn than stayed credited, so somebody holds money that the bank says it took back.

What was paid to the treasury (T, `DepositedPayment`) stands in TREASURY and is missing where it stood. Where by a later
report it can not have stood there, the rest, A - T, is DISPUTED: the treasury has a receipt for what a bank says it
gave to somebody.

A payment that was sent again is nowhere any more: its rupiah went back to the funds and stand with the payment that
sends them again. What its channel reports later is no money of the programme's, it is an exception.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

ACCOUNTS = ("AT_CHANNEL", "CREDITED", "DRAWN", "RETURNED", "DISPUTED")
PLACES = (*ACCOUNTS, "TREASURY")
"""Accounts this package moves money between, in the order moves are written; outcomes alone fill the first five."""

_DISPUTED = "o.outcome = 'INCONSISTENT' or o.withdrawn_rupiah > o.net_rupiah"
_IS_OUT = "o.outcome in ('PAID', 'OVERPAID', 'UNDERPAID')"
_STAYED = "least(o.net_rupiah, o.amount_rupiah)"
_DRAWN = "least(o.withdrawn_rupiah, o.amount_rupiah)"
_BACK = "least(o.reversed_rupiah, o.amount_rupiah - o.net_rupiah)"

IN_ACCOUNT: Mapping[str, str] = {
    "DISPUTED": f"case when {_DISPUTED} then o.amount_rupiah else 0 end",
    "DRAWN": f"case when not ({_DISPUTED}) and {_IS_OUT} then {_DRAWN} else 0 end",
    "CREDITED": f"case when not ({_DISPUTED}) and {_IS_OUT} then {_STAYED} - {_DRAWN} else 0 end",
    "RETURNED": f"""case when {_DISPUTED} then 0 when o.outcome = 'RETURNED' then o.amount_rupiah
        when o.outcome = 'UNDERPAID' then {_BACK} else 0 end""",
    "AT_CHANNEL": f"""case when {_DISPUTED} then 0 when o.outcome in ('UNREPORTED', 'FAILED') then o.amount_rupiah
        when o.outcome = 'UNDERPAID' then o.amount_rupiah - o.net_rupiah - {_BACK} else 0 end""",
}
"""SQL over one outcome `o`: its rupiah in each account. The table above, to the letter."""

type Balances = dict[tuple[str, str], dict[str, int]]
"""(district, channel) -> account -> rupiah."""
type Line = tuple[str, str, str, str, int]
"""District, channel, from account, to account, rupiah."""


SENT_AGAIN = """exists (select from payments_payment again join payments_paymentlist sent on sent.id = again.list_id
    and sent.state = 'INSTRUCTED' where again.reissue_of_id = {payment_id})"""
"""True of a payment whose money is on the way a second time."""


_TAKEN_FROM = ("RETURNED", "AT_CHANNEL", "CREDITED")
"""Accounts whose money may go to the treasury."""

DEPOSIT_UNFOUNDED = " or ".join(f"t.{name.lower()} > {IN_ACCOUNT[name]}" for name in _TAKEN_FROM)
"""True of an outcome `o` with deposits `t` (`reconciliation_depositedin`) of money that did not stand there."""


def _left_in(account: str) -> str:
    """SQL of what an outcome's payment has in an account, deposits moved to the treasury."""
    if account == "TREASURY":
        return "coalesce(t.total, 0)"
    if account == "DISPUTED":
        apart = f"case when {DEPOSIT_UNFOUNDED} then o.amount_rupiah - t.total else {IN_ACCOUNT[account]} end"
    else:
        taken = f" - t.{account.lower()}" if account in _TAKEN_FROM else ""
        apart = f"case when {DEPOSIT_UNFOUNDED} then 0 else {IN_ACCOUNT[account]}{taken} end"
    return f"case when t.payment_id is null then {IN_ACCOUNT[account]} else {apart} end"


def balances_sql(*, late: bool = False) -> str:
    """District, channel and rupiah in each account of a cycle (%s), by the outcomes in force; `late`: of a closed one.

    A payment that no run has seen yet is at its channel, where the instruction has put it.
    """
    outcomes = "reconciliation_outcomeinforce" if late else "reconciliation_currentoutcome"
    sums = ", ".join(
        f"cast(coalesce(sum(case when o.payment_id is null then {'p.amount_rupiah' if account == 'AT_CHANNEL' else '0'}"
        f" else {_left_in(account)} end), 0) as bigint) as {account.lower()}"
        for account in PLACES
    )
    return f"""select l.district_code, l.channel, {sums} from payments_payment p
        join payments_paymentlist l on l.id = p.list_id and l.state = 'INSTRUCTED'
        left join {outcomes} o on o.payment_id = p.payment_id
        left join reconciliation_depositedin t on t.payment_id = p.payment_id
        where p.cycle_id = %s and not {SENT_AGAIN.format(payment_id="p.payment_id")}
        group by l.district_code, l.channel"""


def moves(before: Balances, after: Balances) -> list[Line]:
    """What has to be moved so that `before` becomes `after`; nothing is made and nothing is lost on the way."""
    lines: list[Line] = []
    for place in sorted(set(before) | set(after)):
        was, is_now = before.get(place, {}), after.get(place, {})
        change = {account: is_now.get(account, 0) - was.get(account, 0) for account in PLACES}
        lines += [(*place, *move) for move in _paired(change)]
    return lines


def _paired(change: Mapping[str, int]) -> Iterable[tuple[str, str, int]]:
    """From accounts that lose to accounts that gain, in order."""
    if sum(change.values()):
        raise ValueError(f"money appeared or vanished: {change}")
    gains = {account: rupiah for account, rupiah in change.items() if rupiah > 0}
    moved: dict[tuple[str, str], int] = defaultdict(int)
    for account, rupiah in change.items():
        left = max(0, -rupiah)
        for to, room in gains.items():
            part = min(left, room)
            moved[account, to] += part
            gains[to] -= part
            left -= part
    return [(come_from, to, rupiah) for (come_from, to), rupiah in moved.items() if rupiah]
