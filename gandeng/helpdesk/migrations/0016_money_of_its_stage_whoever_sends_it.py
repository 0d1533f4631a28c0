"""Money of a closed stage that a later one sends again is told under the stage it is due for, and each once."""

from django.db import migrations

TOLD = """
create or replace function helpdesk_money_told(family uuid) returns jsonb language sql stable
    set search_path = public, pg_temp as $$
    select coalesce(jsonb_agg(to_jsonb(t) order by t.year desc, t.stage desc, t.again desc), '[]') from (
        select {year}, {stage}, p.channel, p.amount_rupiah as rupiah, p.reissue_of_id is not null as again,
            l.state = 'INSTRUCTED' as sent, coalesce(o.outcome, '') as outcome,
            coalesce(o.withdrawn_rupiah, 0) > 0 as drawn, coalesce(e.reason_code, '') as reason, false as held,
            exists (select from reconciliation_depositedpayment d
                join reconciliation_treasurydeposit r on r.id = d.deposit_id and r.state = 'CONFIRMED'
                where d.payment_id = p.payment_id) as deposited
        from payments_payment p {join}
        join payments_paymentlist l on l.id = p.list_id
        left join reconciliation_outcomeinforce o on o.payment_id = p.payment_id
        left join lateral (select x.reason_code from reconciliation_exceptioncase x where x.payment_id = p.payment_id
            and x."row" is null and x.state in ('OPEN', 'WITH_BANK') order by x.changed_number desc limit 1) e on true
        where p.family_id = family
        union all
        {held}
        order by 1 desc, 2 desc, 5 desc limit 6) t
$$;
"""
HELD = """select distinct on (y.id) y.year, y.stage, h.channel, h.amount_rupiah, false, false, '', false, '', true, false
        from payments_heldpayment h join payments_cycle y on y.id = h.cycle_id and y.run_id = h.run_id
        where h.family_id = family and not exists (
            select from payments_payment p where p.family_id = family and coalesce(p.owed_by_id, p.cycle_id) = h.cycle_id)"""
HELD_NOW = """select year, stage, channel, amount_rupiah, false, false, '', false, '', true, false from (
            select distinct on (y.id) y.year, y.stage, h.channel, h.amount_rupiah, h.reason
            from payments_heldpayment h join payments_cycle y on y.id = h.cycle_id and y.run_id = h.run_id
            where h.family_id = family and not exists (select from payments_payment p where p.family_id = family
                and coalesce(p.owed_by_id, p.cycle_id) = h.cycle_id) order by y.id, h.id desc) newest
            where reason <> 'PAID_ELSEWHERE'"""
NOW = TOLD.format(
    year="split_part(p.payment_id, '-', 1)::smallint as year", stage="split_part(p.payment_id, '-', 2)::smallint as stage",
    join="", held=HELD_NOW,
)  # fmt: skip
BEFORE = TOLD.format(
    year="y.year", stage="y.stage", join="join payments_cycle y on y.id = coalesce(p.owed_by_id, p.cycle_id)", held=HELD
)


class Migration(migrations.Migration):
    """The function alone."""

    dependencies = [("helpdesk", "0015_roles_as_held"), ("payments", "0021_paid_by_another_region")]
    operations = [migrations.RunSQL(NOW, BEFORE)]
