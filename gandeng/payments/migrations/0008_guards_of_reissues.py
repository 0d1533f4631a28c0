"""A payment sent again is its original's family and money, and stands on a supplementary list; no other does."""

from django.db import migrations

FITS = """
create function payments_reissue_fits() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare wrong text;
begin
    select t.payment_id into wrong from touched t join payments_paymentlist l on l.id = t.list_id
        where (t.reissue_of_id is null) <> (l.round = 0) limit 1;
    if wrong is null then
        select t.payment_id into wrong from touched t
            join payments_payment o on o.payment_id = t.reissue_of_id join payments_paymentlist ol on ol.id = o.list_id
            where t.reissue_of_id is not null and (o.family_id <> t.family_id or o.amount_rupiah <> t.amount_rupiah
                or ol.state <> 'INSTRUCTED') limit 1;
    end if;
    if wrong is not null then
        raise exception 'payment % does not fit what it sends again', wrong using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger payments_payment_reissue after insert on payments_payment
    referencing new table as touched for each statement execute function payments_reissue_fits();
"""


class Migration(migrations.Migration):
    """One trigger per statement."""

    dependencies = [("payments", "0007_supplementary_rounds")]
    operations = [
        migrations.RunSQL(
            FITS,
            "drop trigger payments_payment_reissue on payments_payment; drop function payments_reissue_fits()",
        )
    ]
