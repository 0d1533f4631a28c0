"""Where each ordered rupiah stands by all that is known of its payment, held against the accounts of the journal.

The table of `reconciliation.places_of_money` said once more, from the rows of the runs, of late runs and of deposits.
"""

PLACES = "journal: each account holds what is known of the payments"

CHECKS = {
    PLACES: """
        with told as (
            select distinct on (payment_id) payment_id, outcome, net_rupiah as net, reversed_rupiah as reversed,
                withdrawn_rupiah as drawn
            from (select payment_id, 1 as late, id, outcome, net_rupiah, reversed_rupiah, withdrawn_rupiah
                    from reconciliation_lateoutcome
                union all select payment_id, 0, id, outcome, net_rupiah, reversed_rupiah, withdrawn_rupiah
                    from reconciliation_outcomerow) every
            order by payment_id, late desc, id desc),
        ordered as (
            select p.payment_id, p.cycle_id, l.district_code, l.channel, p.amount_rupiah as due,
                coalesce(t.outcome, 'UNREPORTED') as outcome, coalesce(least(t.net, p.amount_rupiah), 0) as stayed,
                coalesce(least(t.drawn, p.amount_rupiah), 0) as drawn, coalesce(t.reversed, 0) as reversed,
                coalesce(t.outcome = 'INCONSISTENT' or t.drawn > t.net, false) as disputed
            from payments_payment p join payments_paymentlist l on l.id = p.list_id and l.state = 'INSTRUCTED'
            left join told t on t.payment_id = p.payment_id
            where not exists (select from payments_payment again join payments_paymentlist al on al.id = again.list_id
                and al.state = 'INSTRUCTED' where again.reissue_of_id = p.payment_id)),
        said as (
            select o.payment_id, o.cycle_id, o.district_code, o.channel, o.due, a.account, a.rupiah
            from ordered o cross join lateral (values
                ('DISPUTED', case when disputed then due else 0 end),
                ('DRAWN', case when not disputed and outcome in ('PAID', 'OVERPAID', 'UNDERPAID')
                    then drawn else 0 end),
                ('CREDITED', case when not disputed and outcome in ('PAID', 'OVERPAID', 'UNDERPAID')
                    then stayed - drawn else 0 end),
                ('RETURNED', case when disputed then 0 when outcome = 'RETURNED' then due
                    when outcome = 'UNDERPAID' then least(reversed, due - stayed) else 0 end),
                ('AT_CHANNEL', case when disputed then 0 when outcome in ('UNREPORTED', 'FAILED') then due
                    when outcome = 'UNDERPAID' then due - stayed - least(reversed, due - stayed) else 0 end)
            ) a (account, rupiah)),
        deposited as (
            select d.payment_id, d.account, sum(d.amount_rupiah) as rupiah from reconciliation_depositedpayment d
            join reconciliation_treasurydeposit t on t.id = d.deposit_id and t.state = 'CONFIRMED' group by 1, 2),
        apart as (
            select s.payment_id, sum(d.rupiah) as rupiah, bool_or(d.rupiah > s.rupiah) as unfounded
            from said s join deposited d on d.payment_id = s.payment_id and d.account = s.account group by 1),
        stands as (
            select s.cycle_id, s.district_code, s.channel, s.account, case when not coalesce(a.unfounded, false)
                then s.rupiah - coalesce(d.rupiah, 0) when s.account = 'DISPUTED' then s.due - a.rupiah else 0 end
                as rupiah
            from said s left join apart a on a.payment_id = s.payment_id
            left join deposited d on d.payment_id = s.payment_id and d.account = s.account
            union all
            select o.cycle_id, o.district_code, o.channel, 'TREASURY', a.rupiah
            from ordered o join apart a on a.payment_id = o.payment_id),
        known as (
            select cycle_id, district_code, channel, account, sum(rupiah) as rupiah from stands group by 1, 2, 3, 4),
        booked as (
            select coalesce(e.about_cycle_id, e.cycle_id) as cycle_id, l.district_code, l.channel, l.account,
                sum(l.amount_rupiah) as rupiah
            from payments_journalline l join payments_journalentry e on e.id = l.entry_id
            where l.account not in ('FUNDS', 'NOT_SENT') group by 1, 2, 3, 4)
        select concat_ws(' ', coalesce(k.cycle_id, b.cycle_id), coalesce(k.district_code, b.district_code),
            coalesce(k.channel, b.channel), coalesce(k.account, b.account))
        from known k full join booked b on b.cycle_id = k.cycle_id and b.district_code = k.district_code
            and b.channel = k.channel and b.account = k.account
        where coalesce(k.rupiah, 0) <> coalesce(b.rupiah, 0)""",
}
