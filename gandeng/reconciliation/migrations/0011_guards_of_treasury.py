"""A deposit takes money that stands where it says, once, by two people; it never changes, it is only voided."""

from django.db import migrations

from gandeng.audit.guards import append_only, seen_within

STANDS = """
create function reconciliation_in_account(account text, o reconciliation_outcomeinforce) returns bigint
language sql stable as $$
    select case
        when o.outcome = 'INCONSISTENT' or o.withdrawn_rupiah > o.net_rupiah then 0
        when account = 'RETURNED' then case o.outcome when 'RETURNED' then o.amount_rupiah
            when 'UNDERPAID' then least(o.reversed_rupiah, o.amount_rupiah - o.net_rupiah) else 0 end
        when account = 'AT_CHANNEL' then case o.outcome when 'FAILED' then o.amount_rupiah
            when 'UNDERPAID' then greatest(o.amount_rupiah - o.net_rupiah - o.reversed_rupiah, 0) else 0 end
        when account = 'CREDITED' and o.outcome in ('PAID', 'OVERPAID', 'UNDERPAID')
            then least(o.net_rupiah, o.amount_rupiah) - least(o.withdrawn_rupiah, o.amount_rupiah)
        else 0 end
$$;
"""
"""Rupiah of a payment that could go to the treasury from an account; nothing before a channel has reported on it."""

CONFIRMED = """
create view reconciliation_depositedin with (security_invoker = true) as
select d.payment_id,
    coalesce(sum(d.amount_rupiah) filter (where d.account = 'RETURNED'), 0)::bigint as returned,
    coalesce(sum(d.amount_rupiah) filter (where d.account = 'AT_CHANNEL'), 0)::bigint as at_channel,
    coalesce(sum(d.amount_rupiah) filter (where d.account = 'CREDITED'), 0)::bigint as credited,
    sum(d.amount_rupiah)::bigint as total
from reconciliation_depositedpayment d
join reconciliation_treasurydeposit t on t.id = d.deposit_id and t.state = 'CONFIRMED' group by d.payment_id;
grant select on reconciliation_depositedin to gandeng_app;
"""
"""Rupiah of each payment in the treasury, by the account they came from."""

MOVES = """
create function reconciliation_deposit_moves() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare wrong text;
begin
    if tg_op = 'INSERT' then
        if new.state <> 'TOLD' then
            raise exception 'a deposit begins as TOLD' using errcode = 'restrict_violation';
        end if;
        return new;
    end if;
    if (old.state, new.state) not in (('TOLD', 'CONFIRMED'), ('TOLD', 'REFUSED'), ('TOLD', 'TAKEN_BACK'),
            ('CONFIRMED', 'VOIDED'))
        or (to_jsonb(new) - '{state,decided_by_id,decided_at,decided_reason,voided_by_id,voided_at,voided_reason}'::text[])
            <> (to_jsonb(old) - '{state,decided_by_id,decided_at,decided_reason,voided_by_id,voided_at,voided_reason}'::text[])
    then
        raise exception 'a deposit is decided once and never changed' using errcode = 'restrict_violation';
    end if;
    if new.state = 'CONFIRMED' then
        perform from payments_payment p where p.payment_id in (
            select payment_id from reconciliation_depositedpayment where deposit_id = new.id) for update;
        select d.payment_id into wrong from reconciliation_depositedpayment d
            left join reconciliation_outcomeinforce o on o.payment_id = d.payment_id
            where d.deposit_id = new.id and (o.payment_id is null
                or d.amount_rupiah > reconciliation_in_account(d.account, o) - (
                    select coalesce(sum(e.amount_rupiah), 0) from reconciliation_depositedpayment e
                    join reconciliation_treasurydeposit t on t.id = e.deposit_id and t.state = 'CONFIRMED'
                    where e.payment_id = d.payment_id and e.account = d.account and t.id <> new.id)
                or exists (select from reconciliation_reissuerequest r
                    where r.payment_id = d.payment_id and r.state in ('ASKED', 'APPROVED'))) limit 1;
        if wrong is not null then
            raise exception 'the money of % does not stand where the deposit says', wrong
                using errcode = 'restrict_violation';
        end if;
        if (select (count(distinct payment_id), sum(amount_rupiah)) from reconciliation_depositedpayment
                where deposit_id = new.id) is distinct from (new.payments::bigint, new.amount_rupiah::numeric) then
            raise exception 'the rows of a deposit are not its sum' using errcode = 'restrict_violation';
        end if;
    end if;
    return new;
end $$;
create trigger reconciliation_treasurydeposit_moves before insert or update on reconciliation_treasurydeposit
    for each row execute function reconciliation_deposit_moves();
create trigger reconciliation_treasurydeposit_stays before delete on reconciliation_treasurydeposit
    for each row execute function gandeng_never();
create trigger reconciliation_treasurydeposit_no_truncate before truncate on reconciliation_treasurydeposit
    for each statement execute function gandeng_never();
"""

ROWS = """
create function reconciliation_deposited_fits() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
    if exists (select from touched d join reconciliation_treasurydeposit t on t.id = d.deposit_id
            join payments_payment p on p.payment_id = d.payment_id
            where t.state <> 'TOLD' or p.cycle_id <> t.cycle_id or p.channel <> t.channel or d.channel <> t.channel
                or d.village_code <> p.village_code or not p.village_code ^@ t.region_code) then
        raise exception 'the payment is none of this deposit' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger reconciliation_depositedpayment_fits after insert on reconciliation_depositedpayment
    referencing new table as touched for each statement execute function reconciliation_deposited_fits();
"""

NOT_TWICE = """
create function reconciliation_not_in_treasury() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
    perform from payments_payment where payment_id = new.payment_id for key share;
    if new.state in ('ASKED', 'APPROVED') and exists (
            select from reconciliation_depositedin d where d.payment_id = new.payment_id) then
        raise exception 'the money of % is in the treasury', new.payment_id using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger reconciliation_reissue_not_in_treasury after insert or update on reconciliation_reissuerequest
    for each row execute function reconciliation_not_in_treasury();
"""
"""Whoever confirms a deposit holds its payments: the check comes after the wait."""


class Migration(migrations.Migration):
    """Guards of deposits, and what one payment has in the treasury."""

    dependencies = [("reconciliation", "0010_treasury")]
    operations = [
        migrations.RunSQL(STANDS, "drop function reconciliation_in_account(text, reconciliation_outcomeinforce)"),
        migrations.RunSQL(CONFIRMED, "drop view reconciliation_depositedin"),
        append_only("reconciliation_depositedpayment"),
        seen_within("reconciliation_depositedpayment", "village_code", channel="channel"),
        seen_within("reconciliation_treasurydeposit", "region_code", channel="channel", touches=True),
        migrations.RunSQL(
            MOVES,
            """drop trigger reconciliation_treasurydeposit_moves on reconciliation_treasurydeposit;
            drop trigger reconciliation_treasurydeposit_stays on reconciliation_treasurydeposit;
            drop trigger reconciliation_treasurydeposit_no_truncate on reconciliation_treasurydeposit;
            drop function reconciliation_deposit_moves()""",
        ),
        migrations.RunSQL(
            ROWS,
            """drop trigger reconciliation_depositedpayment_fits on reconciliation_depositedpayment;
            drop function reconciliation_deposited_fits()""",
        ),
        migrations.RunSQL(
            NOT_TWICE,
            """drop trigger reconciliation_reissue_not_in_treasury on reconciliation_reissuerequest;
            drop function reconciliation_not_in_treasury()""",
        ),
    ]
