"""Rules 1 to 5 of reconciliation: what becomes of every result row (docs/algorithms/reconciliation.md)."""

from gandeng.core.calculation import Step
from gandeng.core.channels import CHANNELS
from gandeng.core.matching_tables import EVENTS, NIK_LENGTH


def row_steps(parts: int) -> tuple[Step, ...]:
    """From results and payments to `placed` (one row per result row) and `dispositions`."""
    return (*_told_again(), *_matched(parts), *_placed())


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


_NIK_IS_WHOLE = f"length(r.nik) = {NIK_LENGTH} and regexp_like(r.nik, '^[0-9]{{{NIK_LENGTH}}}')"

_MALFORMED = f"""case
    when r.damage <> '' then r.damage
    when r.event not in ({_listed(EVENTS)}) then 'event_unknown'
    when r.channel not in ({_listed(CHANNELS)}) then 'channel_unknown'
    when r.occurred_on is null then 'date_missing'
    when r.amount is null and r.event <> 'FAILURE' then 'amount_missing'
    when r.amount <= 0 then 'amount_not_allowed'
    when r.nik <> '' and not ({_NIK_IS_WHOLE}) then 'nik_damaged'
    when r.payment_id = '' and r.account_no = '' and r.nik = '' then 'nobody_named' end"""
"""Rule 1: the first thing that makes a row unreadable, NULL where nothing does."""

_EVENT_KEY = """xxhash64(r.channel, r.event, case when r.bank_reference <> '' then r.bank_reference
    else r.payment_id || '/' || r.account_no || '/' || r.nik end)"""


def _told_again() -> tuple[Step, ...]:
    """Rule 2: events told more than once. Hashes only choose whom to look at; equality itself is exact.

    Without a reference the content is part of what makes two rows one event, so such rows never conflict.
    """
    content = ("payment_id", "account_no", "nik", "amount", "occurred_on")
    identity = ", ".join(f"case when bank_reference = '' then {name} end" for name in content)
    one_event = f"partition by channel, event, bank_reference, {identity}"
    differs = " or ".join(f"min({_no_null(name)}) over e <> max({_no_null(name)}) over e" for name in content)
    return (
        Step(
            "suspect_keys",
            f"select {_EVENT_KEY} as event_key from results r group by {_EVENT_KEY} having count(*) > 1",
            stored=True,
        ),
        Step(
            "suspect_rows",
            f"""select r.result_no, r.channel, r.event, r.bank_reference, {", ".join(f"r.{name}" for name in content)}
                from results r join suspect_keys s on s.event_key = {_EVENT_KEY}
                where {_MALFORMED} is null""",
            stored=True,
        ),
        Step(
            "tellings",
            f"""select result_no, {differs} as differs, count(*) over e as tellings,
                row_number() over ({one_event} order by result_no) as telling
                from suspect_rows window e as ({one_event})""",
        ),
        Step(
            "told_again",
            """select result_no, case when differs then 'conflicting' else 'repeated' end as told
                from tellings where tellings > 1 and (differs or telling > 1)""",
            stored=True,
        ),
    )


def _no_null(name: str) -> str:
    return {
        "amount": "coalesce(amount, -1)",
        "occurred_on": "coalesce(occurred_on, date '0001-01-01')",
    }.get(name, name)


def _matched(parts: int) -> tuple[Step, ...]:
    """Rule 3: every row beside the payment its payment_id names; rows it names none for go by account, then by NIK.

    A NIK is compared as a number: both are 16 digits there, or the row is malformed already.
    """
    return (
        Step(
            "dated_payments",
            """select p.payment_no, p.payment_id, p.channel, p.account_no, p.nik,
                try_cast(p.nik as bigint) as nik_number, s.starts_on, s.late_after
                from payments p left join stages s on s.stage = p.stage""",
        ),
        *_named(parts),
        Step(
            "loose_accounts",
            """select distinct loose_channel as channel, loose_account_no as account_no
                from named where loose_account_no <> ''""",
            stored=True,
        ),
        Step(
            "found_accounts",
            """select p.channel, p.account_no, count(*) as payments, min(p.payment_no) as payment_no,
                min(p.payment_id) as payment_id, min(p.nik) as nik, min(p.starts_on) as starts_on,
                min(p.late_after) as late_after
                from dated_payments p join loose_accounts k on k.channel = p.channel and k.account_no = p.account_no
                group by p.channel, p.account_no""",
            stored=True,
        ),
        Step("loose_niks", "select distinct loose_nik as nik from named where loose_nik <> ''", stored=True),
        Step(
            "found_niks",
            """select p.nik, count(*) as payments, min(p.payment_no) as payment_no, min(p.payment_id) as payment_id,
                min(p.channel) as channel, min(p.account_no) as account_no, min(p.starts_on) as starts_on,
                min(p.late_after) as late_after
                from dated_payments p join loose_niks k on k.nik = p.nik group by p.nik""",
            stored=True,
        ),
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


def _named_sql(results: str, payments: str) -> str:
    """What a row needs for the later keys is carried only where payment_id found nothing."""
    loose = "p.payment_no is null and t.told is null and r.malformed is null"
    return f"""select r.result_no, r.source, r.row, r.event, r.amount, r.occurred_on, r.payment_id, p.payment_no,
        coalesce(r.malformed, t.told) as flaw,
        p.channel <> r.channel as channel_differs,
        r.account_no <> '' and p.account_no <> '' and p.account_no <> r.account_no as account_differs,
        r.nik <> '' and p.nik_number <> r.nik_number as nik_differs,
        r.account_no <> '' and p.account_no = r.account_no as account_agrees,
        r.nik <> '' and p.nik_number = r.nik_number as nik_agrees,
        case when r.occurred_on < p.starts_on then 'before_stage'
            when r.occurred_on > p.late_after then 'late' end as day_note,
        case when {loose} then r.channel end as loose_channel,
        case when {loose} then r.account_no end as loose_account_no,
        case when {loose} then r.nik end as loose_nik,
        case when r.event in ('FAILURE', 'REVERSAL') then r.reason end as reason
        from (select r.*, {_MALFORMED} as malformed, try_cast(r.nik as bigint) as nik_number from {results} r) r
        left join {payments} p on p.payment_id = r.payment_id
        left join told_again t on t.result_no = r.result_no"""


def _placed() -> tuple[Step, ...]:
    """Rules 3 to 5: rows found by account or NIK, then the disposition of every row."""
    by_account, by_nik = "a.payments = 1", "a.payments is null and k.payments = 1"
    return (
        Step(
            "found",
            f"""select n.result_no, coalesce(a.payments, k.payments) as payments,
                case when a.payments is not null then 'account_no' else 'nik' end as matched_by,
                case when {by_account} then a.payment_no when {by_nik} then k.payment_no end as payment_no,
                case when {by_account} then a.payment_id when {by_nik} then k.payment_id end as payment_id,
                a.payments is null and k.channel <> n.loose_channel as channel_differs,
                a.payments is null and n.loose_account_no <> '' and k.account_no <> ''
                    and k.account_no <> n.loose_account_no as account_differs,
                a.payments is not null and n.loose_nik <> '' and a.nik <> n.loose_nik as nik_differs,
                a.payments is not null or n.loose_account_no <> '' and k.account_no = n.loose_account_no
                    as account_agrees,
                n.loose_nik <> '' and coalesce(a.nik, k.nik) = n.loose_nik as nik_agrees,
                case when n.occurred_on < coalesce(a.starts_on, k.starts_on) then 'before_stage'
                    when n.occurred_on > coalesce(a.late_after, k.late_after) then 'late' end as day_note
                from named n
                left join found_accounts a on a.channel = n.loose_channel and a.account_no = n.loose_account_no
                left join found_niks k on k.nik = case when a.payments is null then n.loose_nik end
                where a.payments is not null or k.payments is not null""",
            stored=True,
        ),
        Step(
            "placed",
            """select n.result_no, n.source, n.row, n.event, n.amount, n.occurred_on, n.reason, n.flaw,
                case when n.flaw is null then coalesce(n.payment_no, f.payment_no) end as payment_no,
                case when n.flaw is not null then null
                    when n.payment_no is not null then n.payment_id else f.payment_id end as payment_id,
                case when n.flaw is not null or f.payments > 1 then null
                    when n.payment_no is not null then 'payment_id' else f.matched_by end as matched_by,
                case when n.flaw = 'conflicting' then 'CONFLICTING' when n.flaw = 'repeated' then 'REPEATED'
                    when n.flaw is not null then 'MALFORMED' when f.payments > 1 then 'AMBIGUOUS'
                    when n.payment_no is null and f.payment_no is null then 'UNKNOWN'
                    when coalesce(n.channel_differs, f.channel_differs)
                        or coalesce(n.account_differs, f.account_differs)
                        or coalesce(n.nik_differs, f.nik_differs) then 'MISDIRECTED'
                    else 'ACCEPTED' end as disposition,
                case when f.payments > 1 then 'ambiguous_' || f.matched_by else n.flaw end as reading_note,
                coalesce(n.channel_differs, f.channel_differs) as channel_differs,
                coalesce(n.account_differs, f.account_differs) as account_differs,
                coalesce(n.nik_differs, f.nik_differs) as nik_differs,
                n.payment_no is not null as id_agrees,
                coalesce(n.account_agrees, f.account_agrees) as account_agrees,
                coalesce(n.nik_agrees, f.nik_agrees) as nik_agrees,
                coalesce(n.day_note, f.day_note) as day_note
                from named n left join found f on f.result_no = n.result_no""",
        ),
        Step(
            "noted",
            """select result_no, case when disposition = 'UNKNOWN' then 'unknown' else reading_note end as note,
                case when disposition = 'MISDIRECTED' and channel_differs then 'channel_differs' end as channel_note,
                case when disposition = 'MISDIRECTED' and account_differs then 'account_differs' end as account_note,
                case when disposition = 'MISDIRECTED' and nik_differs then 'nik_differs' end as nik_note,
                case when disposition in ('ACCEPTED', 'MISDIRECTED') then day_note end as day_note
                from placed where disposition <> 'ACCEPTED' or day_note is not null""",
        ),
        Step(
            "details",
            """select d.result_no, concat_ws('; ', w.words, c.words, a.words, n.words, l.words) as detail
                from noted d left join detail_words w on w.code = d.note
                left join detail_words c on c.code = d.channel_note left join detail_words a on a.code = d.account_note
                left join detail_words n on n.code = d.nik_note left join detail_words l on l.code = d.day_note""",
            stored=True,
        ),
        Step(
            "dispositions",
            """select p.source, p.row, p.event, p.amount, p.disposition, p.payment_id, p.matched_by,
                case when p.payment_id is not null then concat_ws('+', case when p.id_agrees then 'payment_id' end,
                    case when p.account_agrees then 'account_no' end, case when p.nik_agrees then 'nik' end) end
                    as evidence, d.detail
                from placed p left join details d on d.result_no = p.result_no""",
            stored=True,
        ),
    )
