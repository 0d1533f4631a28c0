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


def row_steps(stages: int, parts: int) -> tuple[Step, ...]:
    """From results and payments of so many stages to `placed` (one row per result row) and `dispositions`."""
    return (_suspect_keys(), _dated_payments(stages), *_named(parts), *odd_steps(), *_placed())


def _suspect_keys() -> Step:
    """Rule 2: events that may be told more than once. Hashes choose whom to look at; `odd_steps` compares exactly."""
    return Step("suspect_keys", f"select {_EVENT_KEY} as event_key from results r", repeated=True)


def _dated_payments(stages: int) -> Step:
    """Payments as a row is held against them. A NIK goes as a number, which is small and quick to compare.

    Where a list is of one stage, as most are, nobody has to look it up payment by payment.
    """
    days = "cross join stages s" if stages == 1 else "left join stages s on s.stage = p.stage"
    return Step(
        "dated_payments",
        f"""select p.payment_no, p.payment_id, p.channel, p.account_no, p.nik,
            try_cast(p.nik as bigint) as nik_number, s.starts_on, s.late_after from payments p {days}""",
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
    and (account_no = '' or account_agrees)
    and (nik = '' or nik_agrees and length(nik) = {NIK_LENGTH} and nik_number >= {LEAST_NIK:d})
    and occurred_on between starts_on and late_after"""
"""True where no rule has anything to say about a row but that it is ACCEPTED; NULL counts as no."""


_TELLS_WHY = "event in ('FAILURE', 'REVERSAL')"


def _named_sql(results: str, payments: str) -> str:
    """What a row adds to its payment. Of odd rows, few in practice, only which they are: they are read again."""
    return f"""select plain, suspect, payment_no, event, amount, occurred_on,
        case when not plain or {_TELLS_WHY} then result_no end as result_no,
        case when {_TELLS_WHY} then reason end as reason
        from (select *, coalesce({_PLAIN}, false) as plain
            from (select r.*, p.payment_no, p.starts_on, p.late_after, s.event_key is not null as suspect,
                p.channel = r.channel as channel_agrees,
                case when r.account_no <> '' then nullif(p.account_no, '') = r.account_no end as account_agrees,
                case when r.nik <> '' then p.nik_number = r.nik_number end as nik_agrees
                from (select *, try_cast(nik as bigint) as nik_number from {results} given) r
                left join {payments} p on p.payment_id = r.payment_id
                left join suspect_keys s on s.event_key = {_EVENT_KEY}) beside) told_apart"""


_PLAIN_JUDGEMENT = f"""{number("ACCEPTED", "payment_id") + agrees("payment_id"):d}
    + case when r.account_no <> '' then {agrees("account_no"):d} else 0 end
    + case when r.nik <> '' then {agrees("nik"):d} else 0 end"""
"""SQL: the judgement of a plain row. Each key that it carries agrees, or it were odd."""


def _placed() -> tuple[Step, ...]:
    """Every row with its judgement in words; a row that is not among the odd ones is plain."""
    names = "result_no, event, amount, occurred_on, reason, payment_no"
    return (
        Step(
            "placed",
            f"""select {names}, true as accepted from named where plain
                union all select {names}, accepted from odd_placed""",
        ),
        Step(
            "dispositions",
            f"""select r.source, r.row, r.event, r.amount, j.disposition,
                case when o.result_no is null then r.payment_id else o.payment_id end as payment_id, j.matched_by,
                j.evidence, o.detail
                from results r left join odd_placed o on o.result_no = r.result_no
                left join judgements j
                    on j.judgement = case when o.result_no is null then {_PLAIN_JUDGEMENT} else o.judgement end""",
            stored=True,
        ),
    )
