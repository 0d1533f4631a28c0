"""Result rows by set: what becomes of each payment, as SQL steps over one piece of the payment list.

Each payment's draws hang on its payment_id alone, so the order of the list changes nothing.
"""

from collections.abc import Mapping

from gandeng.core.calculation import Step
from gandeng.core.channels import CHANNELS, POST
from gandeng.simulation.chance import SPAN, Chance
from gandeng.simulation.defects import OTHER_REASON, OUTCOMES, RATES, REASONS, SHARED_ACCOUNT_AMBIGUOUS

_LUCKY_ROW = f"number % {SPAN}"
_NEXT_CHANNEL = " ".join(
    f"when '{channel}' then '{CHANNELS[(place + 1) % len(CHANNELS)]}'" for place, channel in enumerate(CHANNELS)
)
_BANKS_WITHOUT_NIK = ("MANDIRI",)
"""Whose layout has no NIK column: defects of the NIK cannot be told there."""

_WITHDRAWABLE = "('none', 'told_again', 'missing_reference', 'missing_payment_id', 'late_credit', 'date_out_of_range')"


def event_steps(chance: Chance, rates: Mapping[str, float], *, bank_layouts: frozenset[str]) -> list[Step]:
    """`stories` (one row per payment) and `events` (one row per result row) from `payments_here`, `shared_keys`
    and `stages` (stage, starts).

    `bank_layouts` are the channels written in their own layout, which alone lose zeros.
    """
    return [
        Step("numbered_payments", _NUMBERED),
        Step("stories", _stories(chance, rates, bank_layouts), stored=True),
        Step("happenings", _happenings(chance, rates)),
        Step("events", _EVENTS, stored=True),
    ]


SHARED_KEYS = """
    select channel, account_no as key from payments where account_no <> '' group by all having count(*) > 1
    union all select '', nik from payments group by all having count(*) > 1"""
"""Accounts and NIKs that stand for more than one payment of the list."""

_NUMBERED = """
    select p.*, s.starts, md5_number_lower(p.payment_id) as number,
        a.key is not null as shares_account, n.key is not null as shares_nik
    from payments_here p join stages s on s.stage = p.stage
    left join shared_keys a on a.channel = p.channel and a.key = p.account_no
    left join shared_keys n on n.channel = '' and n.key = p.nik"""


def _stories(chance: Chance, rates: Mapping[str, float], bank_layouts: frozenset[str]) -> str:
    """At most one defect per payment; what the channel cannot tell, or would tell differently, becomes none."""
    d = chance.draws(_LUCKY_ROW)
    drawn = d.choose("defect", [(f"'{name}'", rates[name]) for name in RATES], "'none'")
    layouts = ", ".join(f"'{channel}'" for channel in ("-", *sorted(bank_layouts)))
    outcomes = " ".join(f"when '{defect}' then '{outcome}'" for defect, outcome in OUTCOMES.items())
    body = f"""
        select drawn.*, {drawn} as planned,
            case
                when shares_account and (planned = 'missing_payment_id'
                    or (planned = 'none' and {d.happens("ambiguous", SHARED_ACCOUNT_AMBIGUOUS)})) then 'ambiguous'
                when planned in ('only_nik', 'damaged_nik') and channel in {_tuple(_BANKS_WITHOUT_NIK)} then 'none'
                when planned = 'only_nik' and shares_nik then 'ambiguous'
                when planned = 'missing_payment_id' and channel = '{POST}' and shares_nik then 'ambiguous'
                when planned = 'zeros_lost' and (account_no not like '0%' or channel not in ({layouts})) then 'none'
                when planned = 'underpaid' and amount < 2 then 'none'
                else planned end as defect,
            coalesce(case defect {outcomes} end, 'PAID') as outcome
        from drawn"""
    return d.over("numbered_payments", body)


def _tuple(names: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{name}'" for name in names) + ")"


def _happenings(chance: Chance, rates: Mapping[str, float]) -> str:
    """A row per event of a payment; `what` names it, `turn` orders a payment's own events."""
    d = chance.draws(_LUCKY_ROW)
    reasons = d.choose("reason", [(f"'{words}'", share) for words, share in REASONS], f"'{OTHER_REASON}'")
    withdrawn = d.draw("withdrawn")
    body = f"""
        , days as (
            select *, starts + {d.pick("credited on", 12, 40)}::int as day_1,
                day_1 + {d.pick("later", 2, 20)}::int as day_2, {reasons} as failure_reason,
                {d.happens("amount beside failure", 0.5)} as failure_amount,
                greatest(1, amount - {d.pick("short by", 1, 4)} * 25000) as short_amount,
                amount + {d.pick("over by", 1, 4)} * 25000 as over_amount,
                case when channel = '{POST}' or defect not in {_WITHDRAWABLE} then 0
                    when {withdrawn} < {round(rates["withdrawn"] * SPAN)} then amount
                    when {withdrawn} < {round((rates["withdrawn"] + rates["withdrawn_in_part"]) * SPAN)}
                    then amount // 2 else 0 end as taken_out
            from drawn),
        told as (
            select *, 1 as turn, 'FAILURE' as event, case when failure_amount then amount end as told_amount,
                day_1 as day, failure_reason as told_reason
            from days where defect in ('failure', 'late_credit')
            union all
            select *, 2, 'CREDIT', case defect when 'underpaid' then short_amount when 'overpaid' then over_amount
                    else amount end,
                case defect when 'late_credit' then day_2 when 'date_out_of_range' then day_1 - 2200 else day_1 end, ''
            from days where defect not in ('failure', 'unreported')
            union all
            select *, 3, 'CREDIT', case defect when 'conflicting' then over_amount else amount end, day_1, ''
            from days where defect in ('told_again', 'conflicting')
            union all
            select *, 4, 'REVERSAL', amount, day_2, 'RETUR ' || failure_reason from days where defect = 'reversal'
            union all
            select *, 5, 'WITHDRAWAL', taken_out, day_2 + 3, '' from days where taken_out > 0)
        select * from told
        union all by name
        select * replace ('unknown' as defect), 9 as turn, 'CREDIT' as event, amount as told_amount, day_1 as day,
            '' as told_reason
        from days where {d.happens("unknown", rates["unknown"])}"""
    return d.over("stories", body)


_EVENTS = f"""
    select payment_id as about, turn, defect,
        case when defect = 'missing_reference' then ''
            else channel || event[1] || turn_of_reference::text || upper(lpad(to_hex(number), 16, '0')) end
            as bank_reference,
        case when defect = 'wrong_channel' then case channel {_NEXT_CHANNEL} end else channel end as channel,
        case when defect in ('missing_payment_id', 'only_nik', 'ambiguous') then ''
            when defect = 'unknown' then 'X-' || lower(to_hex(number)) else payment_id end as payment_id,
        case when defect in ('only_nik', 'unknown', 'wrong_channel') then ''
            when defect = 'misdirected' and account_no <> ''
                then account_no[:-2] || ((account_no[-1]::int + 1) % 10)::text
            when defect = 'zeros_lost' then ltrim(account_no, '0') else account_no end as account_no,
        case when defect = 'damaged_nik' then nik[1] || '.' || nik[2:6] || 'E+15'
            when defect = 'unknown' or (defect in ('missing_payment_id', 'ambiguous') and account_no <> '') then ''
            when defect = 'misdirected' and account_no = '' then nik[:-2] || ((nik[-1]::int + 1) % 10)::text
            else nik end as nik,
        name, event, told_amount as amount, day as occurred_on, told_reason as reason,
        case when defect = 'damaged_amount' then left(told_amount::text, 1) || '.' || (told_amount::text)[2:3] || 'E+5'
            else '' end as amount_text,
        case when defect = 'damaged_date' then '31/02/2024' else '' end as day_text
    from (select *, case when turn in (2, 3) then 1 else turn end as turn_of_reference from happenings)"""
"""The canonical columns, `about` (the payment meant), and the damaged text that stands in a cell instead."""
