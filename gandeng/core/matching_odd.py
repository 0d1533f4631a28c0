"""Odd result rows, few in practice: every rule of reconciliation in full (docs/algorithms/reconciliation.md)."""

from gandeng.core.calculation import Step
from gandeng.core.channels import CHANNELS
from gandeng.core.matching_judgements import MATCHES, agrees, number
from gandeng.core.matching_tables import EVENTS, NIK_LENGTH, listed

_NIK_IS_WHOLE = f"length(r.nik) = {NIK_LENGTH} and regexp_like(r.nik, '^[0-9]{{{NIK_LENGTH}}}')"

_MALFORMED = f"""case
    when r.damage <> '' then r.damage
    when r.event not in ({listed(EVENTS)}) then 'event_unknown'
    when r.channel not in ({listed(CHANNELS)}) then 'channel_unknown'
    when r.occurred_on is null then 'date_missing'
    when r.amount is null and r.event <> 'FAILURE' then 'amount_missing'
    when r.amount <= 0 then 'amount_not_allowed'
    when r.nik <> '' and not ({_NIK_IS_WHOLE}) then 'nik_damaged'
    when r.payment_id = '' and r.account_no = '' and r.nik = '' then 'nobody_named' end"""
"""Rule 1: the first thing that makes a row unreadable, NULL where nothing does."""


def odd_steps() -> tuple[Step, ...]:
    """From the odd rows of `named` to `odd_placed`: each with its disposition and the words that explain it."""
    return (*_read_again(), *_told_again(), *_found(), *_judged())


def _read_again() -> tuple[Step, ...]:
    """Odd rows with all their columns, and every payment that one of them can be about, in one reading of each file."""
    names = "bank_reference, channel, payment_id, account_no, nik, event, amount, occurred_on, reason, damage"
    nameless = "select distinct {0} from odd_results where payment_no is null and {1} <> ''"
    return (
        Step(
            "odd_results",
            f"""select r.result_no, {", ".join(f"r.{name}" for name in names.split(", "))}, n.payment_no, n.suspect
                from results r join named n on n.result_no = r.result_no where not n.plain""",
            stored=True,
        ),
        Step(
            "odd_payments",
            f"""select p.payment_no, p.payment_id, p.channel, p.account_no, p.nik, p.starts_on, p.late_after
                from dated_payments p
                left join (select distinct payment_no from odd_results) o on o.payment_no = p.payment_no
                left join ({nameless.format("channel, account_no", "account_no")}) a
                    on a.channel = p.channel and a.account_no = p.account_no
                left join ({nameless.format("nik", "nik")}) k on k.nik = p.nik
                where o.payment_no is not null or a.account_no is not null or k.nik is not null""",
            stored=True,
        ),
        Step(
            "odd_rows",
            f"""select r.*, {_MALFORMED} as malformed, p.starts_on, p.late_after,
                p.channel = r.channel as channel_agrees,
                case when r.account_no <> '' then nullif(p.account_no, '') = r.account_no end as account_agrees,
                case when r.nik <> '' then p.nik = r.nik end as nik_agrees
                from odd_results r left join odd_payments p on p.payment_no = r.payment_no""",
        ),
    )


def _told_again() -> tuple[Step, ...]:
    """Rule 2: events told more than once.

    Without a reference the content is part of what makes two rows one event, so such rows never conflict.
    """
    content = ("payment_id", "account_no", "nik", "amount", "occurred_on")
    identity = ", ".join(f"case when bank_reference = '' then {name} end" for name in content)
    one_event = f"partition by channel, event, bank_reference, {identity}"
    differs = " or ".join(f"min({_no_null(name)}) over e <> max({_no_null(name)}) over e" for name in content)
    return (
        Step(
            "tellings",
            f"""select result_no, {differs} as differs, count(*) over e as tellings,
                row_number() over ({one_event} order by result_no) as telling
                from (select * from odd_rows where suspect and malformed is null) suspects window e as ({one_event})""",
        ),
        Step(
            "told_again",
            """select result_no, case when differs then 'conflicting' else 'repeated' end as told
                from tellings where tellings > 1 and (differs or telling > 1)""",
            stored=True,
        ),
        Step(
            "read_rows",
            """select o.*, coalesce(o.malformed, t.told) as flaw
                from odd_rows o left join told_again t on t.result_no = o.result_no""",
            stored=True,
        ),
    )


def _no_null(name: str) -> str:
    return {
        "amount": "coalesce(amount, -1)",
        "occurred_on": "coalesce(occurred_on, date '0001-01-01')",
    }.get(name, name)


def _found() -> tuple[Step, ...]:
    """Rule 3: rows whose payment_id names nothing on the list go by account, then by NIK."""
    return (
        Step("loose", "select * from read_rows where flaw is null and payment_no is null"),
        Step("loose_accounts", "select distinct channel, account_no from loose where account_no <> ''", stored=True),
        Step(
            "found_accounts",
            """select p.channel, p.account_no, count(*) as payments, min(p.payment_no) as payment_no,
                min(p.payment_id) as payment_id, min(p.nik) as nik, min(p.starts_on) as starts_on,
                min(p.late_after) as late_after
                from odd_payments p join loose_accounts k on k.channel = p.channel and k.account_no = p.account_no
                group by p.channel, p.account_no""",
            stored=True,
        ),
        Step("loose_niks", "select distinct nik from loose where nik <> ''", stored=True),
        Step(
            "found_niks",
            """select p.nik, count(*) as payments, min(p.payment_no) as payment_no, min(p.payment_id) as payment_id,
                min(p.channel) as channel, min(p.account_no) as account_no, min(p.starts_on) as starts_on,
                min(p.late_after) as late_after
                from odd_payments p join loose_niks k on k.nik = p.nik group by p.nik""",
            stored=True,
        ),
        Step(
            "found_by_account",
            """select n.result_no, a.payments, 'account_no' as matched_by, a.payment_no, a.payment_id,
                true as channel_agrees, true as account_agrees,
                case when n.nik <> '' then a.nik = n.nik end as nik_agrees, a.starts_on, a.late_after
                from loose n join found_accounts a on a.channel = n.channel and a.account_no = n.account_no""",
        ),
        Step(
            "found_by_nik",
            """select n.result_no, k.payments, 'nik' as matched_by, k.payment_no, k.payment_id,
                k.channel = n.channel as channel_agrees,
                case when n.account_no <> '' and k.account_no <> '' then k.account_no = n.account_no end
                    as account_agrees, true as nik_agrees, k.starts_on, k.late_after
                from loose n left join found_by_account a on a.result_no = n.result_no
                join found_niks k on k.nik = n.nik where a.result_no is null""",
        ),
        Step("found", "select * from found_by_account union all select * from found_by_nik", stored=True),
    )


def _judged() -> tuple[Step, ...]:
    """Rules 3 to 5 for odd rows, and why. A row two payments are found for is matched to neither."""
    return (
        Step(
            "beside",
            """select r.result_no, r.event, r.amount, r.occurred_on, r.reason, r.flaw,
                r.payment_no is not null as id_agrees, coalesce(f.payments, 1) > 1 as several, f.matched_by as found_by,
                case when r.payment_no is not null then r.payment_no when f.payments = 1 then f.payment_no end
                    as payment_no,
                case when r.payment_no is not null then r.payment_id when f.payments = 1 then f.payment_id end
                    as payment_id,
                coalesce(r.channel_agrees, f.channel_agrees) as channel_agrees,
                coalesce(r.account_agrees, f.account_agrees) as account_agrees,
                coalesce(r.nik_agrees, f.nik_agrees) as nik_agrees,
                case when r.occurred_on < coalesce(r.starts_on, f.starts_on) then 'before_stage'
                    when r.occurred_on > coalesce(r.late_after, f.late_after) then 'late' end as day_note
                from read_rows r left join found f on f.result_no = r.result_no""",
        ),
        Step(
            "judged",
            """select result_no, event, amount, occurred_on, reason, flaw, several, found_by,
                case when flaw is null then payment_no end as payment_no,
                case when flaw is null then payment_id end as payment_id,
                case when flaw is not null or payment_no is null then null when id_agrees then 'payment_id'
                    else found_by end as matched_by,
                case when flaw = 'conflicting' then 'CONFLICTING' when flaw = 'repeated' then 'REPEATED'
                    when flaw is not null then 'MALFORMED' when several then 'AMBIGUOUS'
                    when payment_no is null then 'UNKNOWN'
                    when not channel_agrees or not account_agrees or not nik_agrees then 'MISDIRECTED'
                    else 'ACCEPTED' end as disposition,
                id_agrees, channel_agrees, account_agrees, nik_agrees, day_note from beside""",
        ),
        Step(
            "noted",
            """select *, case when disposition = 'UNKNOWN' then 'unknown'
                    when disposition = 'AMBIGUOUS' then 'ambiguous_' || found_by else flaw end as note,
                case when disposition = 'MISDIRECTED' and not channel_agrees then 'channel_differs' end as channel_note,
                case when disposition = 'MISDIRECTED' and not account_agrees then 'account_differs' end as account_note,
                case when disposition = 'MISDIRECTED' and not nik_agrees then 'nik_differs' end as nik_note,
                case when disposition in ('ACCEPTED', 'MISDIRECTED') then day_note end as late_note from judged""",
        ),
        Step(
            "odd_placed",
            f"""select d.result_no, d.event, d.amount, d.occurred_on, d.reason, d.payment_no,
                d.payment_id, d.disposition = 'ACCEPTED' as accepted, cast({_judgement()} as bigint) as judgement,
                nullif(concat_ws('; ', w.words, c.words, a.words, n.words, l.words), '') as detail
                from noted d left join detail_words w on w.code = d.note
                left join detail_words c on c.code = d.channel_note left join detail_words a on a.code = d.account_note
                left join detail_words n on n.code = d.nik_note left join detail_words l on l.code = d.late_note""",
            stored=True,
        ),
    )


def _judgement() -> str:
    """SQL: the number of a row's judgement (`matching_judgements`)."""
    known = "".join(f" when {_is(disposition, key)} then {number(disposition, key):d}" for disposition, key in MATCHES)
    ones = " + ".join(
        f"case when d.{column} then {agrees(key):d} else 0 end"
        for column, key in (("id_agrees", "payment_id"), ("account_agrees", "account_no"), ("nik_agrees", "nik"))
    )
    return f"case{known} end + case when d.matched_by is null then 0 else {ones} end"


def _is(disposition: str, matched_by: str | None) -> str:
    by = f" and d.matched_by = '{matched_by}'" if matched_by else ""
    return f"d.disposition = '{disposition}'{by}"
