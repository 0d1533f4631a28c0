"""Rules 1 to 5 of reconciliation: what becomes of every result row (docs/algorithms/reconciliation.md).

Most rows are *plain*: they name a payment on the list and agree with it in everything. One join tells them apart and
settles them; the others are *odd*, and `matching_odd` judges those by every rule.
"""

from gandeng.core.calculation import Step
from gandeng.core.channels import CHANNELS
from gandeng.core.matching_judgements import agrees, number
from gandeng.core.matching_odd import odd_steps
from gandeng.core.matching_tables import EVENTS, NIK_LENGTH, listed

LEAST_NIK = 10 ** (NIK_LENGTH - 1)
"""From here on a NIK is its number: none in front of it is a zero."""

_EVENT_KEY = """xxhash64(r.channel, r.event,
    case when r.bank_reference <> '' then r.bank_reference else r.payment_id end)"""
"""Rows that tell one event have one key. A row that names no payment is odd, whatever its key."""


def row_steps(parts: int) -> tuple[Step, ...]:
    """From results and payments to `placed` (one row per result row) and `dispositions`."""
    return (_suspect_keys(), _dated_payments(), *_named(parts), *odd_steps(), *_placed())


def _suspect_keys() -> Step:
    """Rule 2: events that may be told more than once. Hashes choose whom to look at; `odd_steps` compares exactly."""
    return Step(
        "suspect_keys",
        f"select {_EVENT_KEY} as event_key from results r group by {_EVENT_KEY} having count(*) > 1",
        stored=True,
    )


def _dated_payments() -> Step:
    """Payments as a row is held against them. A NIK goes as a number, which is small and quick to compare."""
    return Step(
        "dated_payments",
        """select p.payment_no, p.payment_id, p.channel, p.account_no, p.nik,
            try_cast(p.nik as bigint) as nik_number, s.starts_on, s.late_after
            from payments p left join stages s on s.stage = p.stage""",
    )


def _named(parts: int) -> tuple[Step, ...]:
    """Every row beside the payment its payment_id names, in one join or share by share."""
    if parts == 1:
        return (Step("named", _named_sql("results", "dated_payments"), stored=True),)
    part = f"abs(cast(xxhash64(payment_id, '', '') % {parts:d} as int))"
    shares = tuple(
        Step(
            f"named_{share}",
            _named_sql(
                f"(select * from results where {part} = {share:d})",
                f"(select * from dated_payments where {part} = {share:d})",
            ),
            stored=True,
        )
        for share in range(parts)
    )
    return (*shares, Step("named", " union all ".join(f"select * from {share.name}" for share in shares)))


_PLAIN = f"""payment_no is not null and not suspect and damage = '' and channel_agrees
    and channel in ({listed(CHANNELS)}) and event in ({listed(EVENTS)})
    and (amount > 0 or amount is null and event = 'FAILURE')
    and (account_no = '' or coalesce(account_agrees, true))
    and (nik = '' or nik_agrees and length(nik) = {NIK_LENGTH} and nik_number >= {LEAST_NIK:d})
    and occurred_on between starts_on and late_after"""
"""True where no rule has anything to say about a row but that it is ACCEPTED; NULL counts as no."""

_FOR_ODD_ROWS = (
    "bank_reference", "channel", "account_no", "nik", "damage", "suspect", "channel_agrees", "account_agrees",
    "nik_agrees", "starts_on", "late_after",
)  # fmt: skip


def _named_sql(results: str, payments: str) -> str:
    """What only the judging of odd rows needs is carried for odd rows alone."""
    kept = ", ".join(f"case when not plain then {name} end as {name}" for name in _FOR_ODD_ROWS)
    return f"""select result_no, source, row, event, amount, occurred_on, payment_id, payment_no, plain,
        case when plain then {number("ACCEPTED", "payment_id") + agrees("payment_id"):d}
            + case when account_agrees then {agrees("account_no"):d} else 0 end
            + case when nik_agrees then {agrees("nik"):d} else 0 end end as judgement,
        case when event in ('FAILURE', 'REVERSAL') then reason end as reason, {kept}
        from (select *, coalesce({_PLAIN}, false) as plain
            from (select r.*, p.payment_no, p.starts_on, p.late_after, s.event_key is not null as suspect,
                p.channel = r.channel as channel_agrees,
                case when r.account_no <> '' then nullif(p.account_no, '') = r.account_no end as account_agrees,
                case when r.nik <> '' then p.nik_number = r.nik_number end as nik_agrees
                from (select *, try_cast(nik as bigint) as nik_number from {results} given) r
                left join {payments} p on p.payment_id = r.payment_id
                left join suspect_keys s on s.event_key = {_EVENT_KEY}) beside) told_apart"""


def _placed() -> tuple[Step, ...]:
    """Every row with its judgement, then in words."""
    names = "result_no, source, row, event, amount, occurred_on, reason, payment_no, payment_id, judgement"
    return (
        Step(
            "placed",
            f"""select {names}, true as accepted, nullif('', '') as detail from named where plain
                union all select {names}, accepted, detail from odd_placed""",
        ),
        Step(
            "dispositions",
            """select p.source, p.row, p.event, p.amount, j.disposition, p.payment_id, j.matched_by, j.evidence,
                p.detail from placed p left join judgements j on j.judgement = p.judgement""",
            stored=True,
        ),
    )
