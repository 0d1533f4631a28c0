"""Late outcomes are added and never changed; money is sent again only where it came back, whatever our code does."""

from django.db import migrations

from gandeng.audit.guards import append_only, seen_within

_FIGURES = ("credited", "reversed", "withdrawn", "net")
_LATER = ", ".join(
    f"case when l.id is null then c.{name} else l.{name} end as {name}"
    for name in (
        "number", "village_code", "channel", "outcome", "amount_rupiah", *(f"{name}_rupiah" for name in _FIGURES),
        "reason", "first_on", "last_on",
    )
)  # fmt: skip

IN_FORCE = f"""
create view reconciliation_outcomeinforce with (security_invoker = true) as
select payment_id, cycle_id, booked_in_id, {", ".join(
    ("number", "village_code", "channel", "outcome", "amount_rupiah", *(f"{name}_rupiah" for name in _FIGURES),
     "reason", "first_on", "last_on"))},
    greatest(abs(net_rupiah - amount_rupiah), withdrawn_rupiah - credited_rupiah) as at_stake_rupiah
from (
    select c.payment_id, c.cycle_id, l.cycle_id as booked_in_id, {_LATER}
    from reconciliation_currentoutcome c left join lateral (
        select * from reconciliation_lateoutcome l where l.payment_id = c.payment_id order by l.id desc limit 1
    ) l on true) told;
grant select on reconciliation_outcomeinforce to gandeng_app;
"""  # fmt: skip

LATE = """
create function reconciliation_late_fits() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
    if exists (select from touched t join payments_payment p on p.payment_id = t.payment_id
        join payments_cycle about on about.id = p.cycle_id where about.state <> 'CLOSED' or about.id = t.cycle_id) then
        raise exception 'only payments of a closed cycle have late outcomes' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger reconciliation_lateoutcome_fits after insert on reconciliation_lateoutcome
    referencing new table as touched for each statement execute function reconciliation_late_fits();
create trigger reconciliation_lateoutcome_open before insert on reconciliation_lateoutcome
    for each row execute function payments_cycle_open();
"""

CAME_BACK = """
create function reconciliation_came_back() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare wrong text;
begin
    select p.reissue_of_id into wrong from payments_payment p
        left join reconciliation_outcomeinforce o on o.payment_id = p.reissue_of_id
        where p.list_id = new.id and (o.payment_id is null or o.outcome not in ('FAILED', 'RETURNED')
            or o.net_rupiah <> 0 or not exists (select from reconciliation_reissuerequest r
                where r.payment_id = p.reissue_of_id and r.state = 'APPROVED')) limit 1;
    if wrong is not null then
        raise exception 'the money of % did not come back, or nobody agreed to send it again', wrong
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger reconciliation_sent_again before update on payments_paymentlist for each row
    when (new.round > 0 and new.state = 'INSTRUCTED' and old.state <> 'INSTRUCTED')
    execute function reconciliation_came_back();
"""


class Migration(migrations.Migration):
    """Guards and the view of outcomes in force."""

    dependencies = [("reconciliation", "0006_after_the_closing")]
    operations = [
        append_only("reconciliation_lateoutcome"),
        seen_within("reconciliation_lateoutcome", "village_code", channel="channel"),
        migrations.RunSQL(
            LATE,
            """drop trigger reconciliation_lateoutcome_fits on reconciliation_lateoutcome;
            drop trigger reconciliation_lateoutcome_open on reconciliation_lateoutcome;
            drop function reconciliation_late_fits()""",
        ),
        migrations.RunSQL(IN_FORCE, "drop view reconciliation_outcomeinforce"),
        migrations.RunSQL(
            CAME_BACK,
            """drop trigger reconciliation_sent_again on payments_paymentlist;
            drop function reconciliation_came_back()""",
        ),
    ]
