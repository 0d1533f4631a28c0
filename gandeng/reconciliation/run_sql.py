"""The SQL by which a run's tables become rows: only what changed, all at once.

Parameters are `cycle`, which books it, `about`, whose payments they are (the same, or a closed one), `number`, and
`run`. `new_outcomes` and `new_rows` are temporary tables (`snapshots`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gandeng.core.matching_tables import OUTCOMES
from gandeng.reconciliation.places_of_money import DEPOSIT_UNFOUNDED, SENT_AGAIN

_FIGURES = ("credited", "reversed", "withdrawn", "net")

LATE_ROWS = f"""
insert into reconciliation_lateoutcome (cycle_id, payment_id, number, village_code, channel, outcome, amount_rupiah,
    {", ".join(f"{name}_rupiah" for name in _FIGURES)}, reason, first_on, last_on)
select %(cycle)s, o.payment_id, %(number)s, o.village_code, o.channel, n.outcome, o.amount_rupiah,
    {", ".join(f"n.{name}" for name in _FIGURES)}, n.reason, n.first_on, n.last_on
from new_outcomes n join reconciliation_outcomeinforce o on o.payment_id = n.payment_id
where (o.outcome, {", ".join(f"o.{name}_rupiah" for name in _FIGURES)}, o.reason, o.first_on, o.last_on)
    is distinct from (n.outcome, {", ".join(f"n.{name}" for name in _FIGURES)}, n.reason, n.first_on, n.last_on)
order by o.payment_id"""
"""The same for a closed cycle, whose own rows stay."""

AT_STAKE = "greatest(abs(o.net_rupiah - o.amount_rupiah), o.withdrawn_rupiah - o.credited_rupiah)"
"""Rupiah between what was instructed and what happened, as documents.queries counts it."""

_CURRENT = (
    "number", "village_code", "channel", "outcome", "amount_rupiah", *(f"{name}_rupiah" for name in _FIGURES), "reason",
    "first_on", "last_on",
)  # fmt: skip

OUTCOME_ROWS = f"""
with added as (
    insert into reconciliation_outcomerow (payment_id, {", ".join(_CURRENT)})
    select p.payment_id, %(number)s, p.village_code, p.channel, n.outcome, p.amount_rupiah,
        {", ".join(f"n.{name}" for name in _FIGURES)}, n.reason, n.first_on, n.last_on
    from new_outcomes n join payments_payment p on p.payment_id = n.payment_id
    left join reconciliation_currentoutcome c on c.payment_id = n.payment_id
    where c.payment_id is null
        or (c.outcome, {", ".join(f"c.{name}_rupiah" for name in _FIGURES)}, c.reason, c.first_on, c.last_on)
        is distinct from (n.outcome, {", ".join(f"n.{name}" for name in _FIGURES)}, n.reason, n.first_on, n.last_on)
    returning *),
changed as (
    update reconciliation_currentoutcome c set at_stake_rupiah = {AT_STAKE},
        {", ".join(f"{name} = o.{name}" for name in _CURRENT)}
    from added o where c.payment_id = o.payment_id)
insert into reconciliation_currentoutcome (payment_id, cycle_id, at_stake_rupiah, {", ".join(_CURRENT)})
select o.payment_id, %(cycle)s, {AT_STAKE}, {", ".join(f"o.{name}" for name in _CURRENT)} from added o
where not exists (select from reconciliation_currentoutcome c where c.payment_id = o.payment_id)"""
"""Outcomes that differ from those in force, which follow them."""

ROWS_IN_FORCE = """select distinct on (r.file_id, r.row) r.* from reconciliation_resultrow r
    join reconciliation_resultfile f on f.id = r.file_id and f.cycle_id = %(cycle)s and f.state = 'TAKEN'
        and coalesce(f.about_cycle_id, f.cycle_id) = %(about)s
    order by r.file_id, r.row, r.number desc"""
"""The newest disposition of every row of the files in use that this cycle has about the payments."""

_PLACE = """case when p.payment_id is null or p.channel <> f.channel and n.matched_by = 'nik' then f.region_code
    else p.village_code end"""
"""Where a row belongs: at its payment. Where another channel's was found by NIK alone, at its file: a sender is not
told where whoever it named lives."""

RESULT_ROWS = f"""
insert into reconciliation_resultrow (file_id, row, number, region_code, channel, event, amount_rupiah, occurred_on,
    bank_reference, name, disposition, payment_id, matched_by, evidence, detail)
select n.file_id, n.row, %(number)s, {_PLACE}, f.channel, n.event, n.amount,
    n.occurred_on, n.bank_reference, n.name, n.disposition, n.payment_id, n.matched_by, n.evidence, n.detail
from new_rows n join reconciliation_resultfile f on f.id = n.file_id and f.cycle_id = %(cycle)s
left join payments_payment p on p.payment_id = n.payment_id
left join ({ROWS_IN_FORCE}) c on c.file_id = n.file_id and c.row = n.row
where c.file_id is null
    or (c.disposition, c.payment_id, c.matched_by, c.evidence, c.detail)
    is distinct from (n.disposition, n.payment_id, n.matched_by, n.evidence, n.detail)"""
"""Rows that are new, or judged otherwise than before."""

WORKED_ON = ("MISDIRECTED", "CONFLICTING", "UNKNOWN", "AMBIGUOUS", "MALFORMED")
"""Dispositions a person must look at. REPEATED rows ask for nothing and are only counted."""

_REASON_CODE = "coalesce(substring(o.reason from '^(F(?:0[1-9]|1[0-9]|2[0-4]))(?![0-9])'), '')"
"""A code of docs/programme.md, where the channel's text begins with one; anything else a person codes."""

UNFOUNDED = "REISSUE_UNFOUNDED"
"""An exception of a payment that was sent again, though by all that is known now its money did not come back."""

_SENT_AGAIN = SENT_AGAIN.format(payment_id="o.payment_id")
_UNFOUNDED = f"o.outcome not in ('FAILED', 'RETURNED') and {_SENT_AGAIN}"

_IN_TREASURY = f"t.payment_id is not null and ({DEPOSIT_UNFOUNDED})"
"""The treasury has money of it that by all that is known now cannot have gone there."""

_DUE = f"""create temp table due_payments on commit drop as
    select o.payment_id, case when {_UNFOUNDED} then '{UNFOUNDED}' when {_IN_TREASURY} then 'DEPOSIT_UNFOUNDED'
            else o.outcome end as kind,
        o.village_code as region_code, o.channel,
        case when {_UNFOUNDED} then o.amount_rupiah when {_IN_TREASURY} then t.total else o.at_stake_rupiah end
            as at_stake,
        {_REASON_CODE} as reason_code, o.reason as detail
    from {{outcomes}} o left join reconciliation_depositedin t on t.payment_id = o.payment_id
    where o.cycle_id = %(about)s and {{due}}"""

DUE_PAYMENTS = _DUE.format(
    outcomes="reconciliation_currentoutcome",
    due=f"""({_UNFOUNDED} or {_IN_TREASURY} or o.outcome <> 'PAID' and (o.outcome <> 'UNREPORTED' or exists (
            select from reconciliation_resultfile f where f.cycle_id = %(cycle)s and f.about_cycle_id is null
                and f.state = 'TAKEN' and f.channel = o.channel and o.village_code ^@ f.region_code)))""",
)
"""Payments a person must look at now. One nobody reported on is an exception once its channel has sent a file for its
place; before that it is merely awaited."""

LATE_DUE_PAYMENTS = _DUE.format(
    outcomes="reconciliation_outcomeinforce",
    due=f"""({_UNFOUNDED} or {_IN_TREASURY} or o.outcome <> 'PAID') and (o.booked_in_id = %(cycle)s
            or exists (select from reconciliation_exceptioncase e
                where e.cycle_id = %(cycle)s and e.payment_id = o.payment_id and e.row is null))""",
)
"""Of a closed cycle: what has changed since, and what was carried over. The rest was settled or left at its closing."""

_AGAIN = "exists (select from payments_payment again where again.reissue_of_id = o.payment_id)"

LEFT_OPEN = f"""
select e.payment_id, e.region_code, e.channel, e.reason_code,
    case when {_UNFOUNDED} then '{UNFOUNDED}' when {_IN_TREASURY} then 'DEPOSIT_UNFOUNDED' else o.outcome end as kind,
    case when {_UNFOUNDED} then o.amount_rupiah when {_IN_TREASURY} then t.total else o.at_stake_rupiah end as at_stake,
    case when e.state = 'SETTLED' then 'SETTLED' else 'OPEN' end as state
from reconciliation_exceptioncase e join reconciliation_outcomeinforce o on o.payment_id = e.payment_id
join payments_cycle c on c.id = e.cycle_id
left join reconciliation_depositedin t on t.payment_id = e.payment_id
where e.cycle_id = any(%(closed)s) and e.row is null
    and case e.state when 'GONE' then false
        when 'SETTLED' then o.outcome in ('FAILED', 'RETURNED') and t.payment_id is null and not {_AGAIN}
        else {_UNFOUNDED} or (o.outcome <> 'PAID' or ({_IN_TREASURY})) and not {_AGAIN} end
    and not exists (select from reconciliation_exceptioncase f join payments_cycle later on later.id = f.cycle_id
        where f.payment_id = e.payment_id and f.row is null and (later.year, later.stage) > (c.year, c.stage))
union all
select o.payment_id, o.village_code, o.channel, '', o.outcome, o.at_stake_rupiah, 'OPEN'
from reconciliation_currentoutcome signed join reconciliation_outcomeinforce o on o.payment_id = signed.payment_id
where signed.cycle_id = any(%(closed)s) and signed.outcome = 'UNREPORTED' and o.outcome <> 'PAID'
    and not exists (select from reconciliation_exceptioncase e where e.payment_id = o.payment_id and e.row is null
        and e.state <> 'GONE')"""
"""What nobody settled where it was last: a case that one cycle took up and left open in its turn is the next one's.

What was paid, or sent again, asks for nobody any more, unless the treasury has its money as well or it was paid twice.
What somebody settled though its money is neither there, nor sent again, nor in the treasury goes along as settled: who
opens it again can work it. So does what no channel had sent a file about, which was nobody's case: it is open.
"""

DUE_ROWS = (
    f"""create temp table due_rows on commit drop as
        select n.file_id, n.row, n.disposition as kind, n.payment_id,
            {_PLACE} as region_code, f.channel, coalesce(n.amount, 0) as at_stake,
            n.detail
        from new_rows n join reconciliation_resultfile f on f.id = n.file_id and f.cycle_id = %(cycle)s
        left join payments_payment p on p.payment_id = n.payment_id
        where n.disposition in ({", ".join(f"'{kind}'" for kind in WORKED_ON)})""",
    "create unique index on pg_temp.due_payments (payment_id)",
    "create unique index on pg_temp.due_rows (file_id, row)",
)
"""Rows a person must look at now."""

_REOPENED = """case when e.state = 'GONE' then 'OPEN'
    when e.state = 'SETTLED' and (e.kind, e.at_stake_rupiah) is distinct from (excluded.kind, excluded.at_stake_rupiah)
    then 'OPEN' else e.state end"""
_DIFFERS = """(e.kind, e.at_stake_rupiah, e.detail, e.region_code, e.state = 'GONE')
    is distinct from (excluded.kind, excluded.at_stake_rupiah, excluded.detail, excluded.region_code, false)"""
_CODED = """case when exists (select from reconciliation_exceptionact a where a.exception_id = e.id and a.act = 'CODE')
    then e.reason_code else excluded.reason_code end"""

PAYMENT_EXCEPTIONS = f"""
insert into reconciliation_exceptioncase as e (id, cycle_id, kind, payment_id, region_code, channel, at_stake_rupiah,
    reason_code, detail, state, opened_number, changed_number)
select gen_random_uuid(), %(cycle)s, d.kind, d.payment_id, d.region_code, d.channel, d.at_stake, d.reason_code,
    d.detail, 'OPEN', %(number)s, %(number)s from due_payments d
on conflict (cycle_id, payment_id) where "row" is null do update set kind = excluded.kind,
    at_stake_rupiah = excluded.at_stake_rupiah, detail = excluded.detail, reason_code = {_CODED}, state = {_REOPENED},
    changed_number = excluded.changed_number
where {_DIFFERS}"""

ROW_EXCEPTIONS = f"""
insert into reconciliation_exceptioncase as e (id, cycle_id, kind, payment_id, file_id, row, region_code, channel,
    at_stake_rupiah, reason_code, detail, state, opened_number, changed_number)
select gen_random_uuid(), %(cycle)s, d.kind, d.payment_id, d.file_id, d.row, d.region_code, d.channel, d.at_stake, '',
    d.detail, 'OPEN', %(number)s, %(number)s from due_rows d
on conflict (file_id, row) do update set kind = excluded.kind, payment_id = excluded.payment_id,
    region_code = excluded.region_code, at_stake_rupiah = excluded.at_stake_rupiah, detail = excluded.detail,
    state = {_REOPENED}, changed_number = excluded.changed_number
where {_DIFFERS}"""

EXCEPTIONS_GONE = """
update reconciliation_exceptioncase e set state = 'GONE', changed_number = %(number)s
where e.cycle_id = %(cycle)s and e.state <> 'GONE' and not exists (
    select from due_payments d where e.row is null and d.payment_id = e.payment_id) and not exists (
    select from due_rows d where e.row is not null and d.file_id = e.file_id and d.row = e.row)
    and %(about)s = case when e.row is null
        then (select p.cycle_id from payments_payment p where p.payment_id = e.payment_id)
        else (select coalesce(f.about_cycle_id, f.cycle_id) from reconciliation_resultfile f where f.id = e.file_id)
        end"""

_COUNTS = ", ".join(f"'{name}', count(*) filter (where o.outcome = '{name}')" for name in OUTCOMES)
_AMOUNTS = ", ".join(
    f"'{name}', coalesce(sum(o.amount_rupiah) filter (where o.outcome = '{name}'), 0)" for name in OUTCOMES
)

_SUMMED = {
    "the summary is the sum of the outcomes in force": f"""
        select s.district_code, s.channel, s.counts, o.counts from (
            select substr(o.village_code, 1, 4) as district_code, o.channel, count(*) as payments,
                sum(o.amount_rupiah) as instructed, sum(o.net_rupiah) as net, sum(o.withdrawn_rupiah) as withdrawn,
                jsonb_build_object({_COUNTS}) as counts, jsonb_build_object({_AMOUNTS}) as amounts
            from reconciliation_currentoutcome o where o.cycle_id = %(cycle)s group by 1, 2) o
        full join (select * from reconciliation_summaryrow where reconciliation_id = %(run)s) s
            on s.district_code = o.district_code and s.channel = o.channel
        where (s.payments, s.instructed_rupiah, s.net_rupiah, s.withdrawn_rupiah, s.counts, s.amounts)
            is distinct from (o.payments, o.instructed, o.net, o.withdrawn, o.counts, o.amounts) limit 1""",
}

_ALWAYS = {
    "every instructed payment has one outcome in force, of the same rupiah": """
        select coalesce(p.payment_id, o.payment_id)
        from (select payment_id, amount_rupiah from payments_payment where cycle_id = %(about)s and list_id = any(array(
            select l.id from payments_paymentlist l where l.cycle_id = %(about)s and l.state = 'INSTRUCTED'))) p
        full join (select payment_id, amount_rupiah from reconciliation_currentoutcome where cycle_id = %(about)s) o
            on o.payment_id = p.payment_id
        where o.amount_rupiah is distinct from p.amount_rupiah limit 1""",
    "every row of every file in use has one disposition": """
        select f.id, f.rows, count(n.row) from reconciliation_resultfile f
        left join new_rows n on n.file_id = f.id
        where coalesce(f.about_cycle_id, f.cycle_id) = %(about)s and f.state = 'TAKEN'
        group by f.id having f.rows <> count(n.row) limit 1""",
    "the journal moved nothing in or out": """
        select e.id from payments_journalentry e join payments_journalline l on l.entry_id = e.id
        where e.source = 'run:' || %(run)s and e.cycle_id = %(cycle)s
        group by e.id having sum(l.amount_rupiah) <> 0
            or bool_or(l.account in ('FUNDS', 'NOT_SENT', 'TREASURY')) limit 1""",
}


@dataclass(frozen=True)
class Writing:
    """How a run is written: its outcomes, what is due then, what must hold before it is kept, how money is booked."""

    outcomes: str
    due_payments: str
    proofs: Mapping[str, str]
    """Each a query for what breaks it."""
    kind: str
    late: bool


OWN = Writing(OUTCOME_ROWS, DUE_PAYMENTS, {**_ALWAYS, **_SUMMED}, "RECONCILED", late=False)
LATE = Writing(LATE_ROWS, LATE_DUE_PAYMENTS, _ALWAYS, "CORRECTION", late=True)
"""About a closed cycle, whose summary stays what it was."""
