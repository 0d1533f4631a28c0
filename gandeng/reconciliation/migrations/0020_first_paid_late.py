"""A supplementary list is also sent with money that was held back: it did not come back, for it never left."""

from django.db import migrations

CAME_BACK = """
create or replace function reconciliation_came_back() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare wrong text;
begin
    select p.reissue_of_id into wrong from payments_payment p
        left join reconciliation_outcomeinforce o on o.payment_id = p.reissue_of_id
        where p.list_id = new.id{again} and (o.payment_id is null or o.outcome not in ('FAILED', 'RETURNED')
            or o.net_rupiah <> 0 or not exists (select from reconciliation_reissuerequest r
                where r.payment_id = p.reissue_of_id and r.state = 'APPROVED')) limit 1;
    if wrong is not null then
        raise exception 'the money of % did not come back, or nobody agreed to send it again', wrong
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
"""
AGAIN = " and p.reissue_of_id is not null"


class Migration(migrations.Migration):
    """The guard looks at money sent again alone; what was held back is guarded where it is listed."""

    dependencies = [("reconciliation", "0019_open_exceptions_by_place")]
    operations = [migrations.RunSQL(CAME_BACK.format(again=AGAIN), CAME_BACK.format(again=""))]
