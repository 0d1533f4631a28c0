"""A family is told the stage it is due money of, also where a later one pays it."""

from django.db import migrations

TOLD = """
create or replace function helpdesk_money_told(family uuid) returns jsonb language sql stable
    set search_path = public, pg_temp as $$
    select coalesce(jsonb_agg(to_jsonb(t) order by t.year desc, t.stage desc, t.again desc), '[]') from (
        select y.year, y.stage, p.channel, p.amount_rupiah as rupiah, p.reissue_of_id is not null as again,
            l.state = 'INSTRUCTED' as sent, coalesce(o.outcome, '') as outcome,
            coalesce(o.withdrawn_rupiah, 0) > 0 as drawn, coalesce(e.reason_code, '') as reason, false as held,
            exists (select from reconciliation_depositedpayment d
                join reconciliation_treasurydeposit r on r.id = d.deposit_id and r.state = 'CONFIRMED'
                where d.payment_id = p.payment_id) as deposited
        from payments_payment p join payments_cycle y on y.id = {due}
        join payments_paymentlist l on l.id = p.list_id
        left join reconciliation_outcomeinforce o on o.payment_id = p.payment_id
        left join lateral (select x.reason_code from reconciliation_exceptioncase x where x.payment_id = p.payment_id
            and x."row" is null and x.state in ('OPEN', 'WITH_BANK') order by x.changed_number desc limit 1) e on true
        where p.family_id = family
        union all
        select distinct on (y.id) y.year, y.stage, h.channel, h.amount_rupiah, false, false, '', false, '', true, false
        from payments_heldpayment h join payments_cycle y on y.id = h.cycle_id and y.run_id = h.run_id
        where h.family_id = family and not exists (
            select from payments_payment p where p.family_id = family and {due} = h.cycle_id)
        order by 1 desc, 2 desc, 5 desc limit 6) t
$$;
"""
DUE = "coalesce(p.owed_by_id, p.cycle_id)"


class Migration(migrations.Migration):
    """The function alone."""

    dependencies = [("helpdesk", "0013_clock_of_each_step"), ("payments", "0017_held_money_is_paid")]
    operations = [migrations.RunSQL(TOLD.format(due=DUE), TOLD.format(due="p.cycle_id"))]
