"""A deposit told before its payment's money moved is refused where another account's deposit of it is confirmed.

Undrawn money is told, comes back and is deposited from there, is credited once more: by its account the first deposit
was in order again, and the treasury would have had the payment twice.
"""

from django.db import migrations

MOVES = """
create or replace function reconciliation_deposit_moves() returns trigger language plpgsql security definer
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
                %s
                or exists (select from reconciliation_reissuerequest r
                    where r.payment_id = d.payment_id and r.state in ('ASKED', 'APPROVED'))) limit 1;
        if wrong is not null then
            raise exception 'the money of %% does not stand where the deposit says', wrong
                using errcode = 'restrict_violation';
        end if;
        if (select (count(distinct payment_id), sum(amount_rupiah)) from reconciliation_depositedpayment
                where deposit_id = new.id) is distinct from (new.payments::bigint, new.amount_rupiah::numeric) then
            raise exception 'the rows of a deposit are not its sum' using errcode = 'restrict_violation';
        end if;
    end if;
    return new;
end $$;
"""
ELSEWHERE = """or exists (select from reconciliation_depositedpayment e
                    join reconciliation_treasurydeposit t on t.id = e.deposit_id and t.state = 'CONFIRMED'
                    where e.payment_id = d.payment_id and t.id <> new.id group by e.account
                    having sum(e.amount_rupiah) > reconciliation_in_account(e.account, o))"""
"""What the treasury has of the payment already can not have stood there by all that is known now."""


class Migration(migrations.Migration):
    """A confirmation looks at every account the payment's money has gone from."""

    dependencies = [("reconciliation", "0017_public_tries_in_accounts")]
    operations = [migrations.RunSQL(MOVES % ELSEWHERE, MOVES % "")]
