"""What two people agreed to send again can be taken back while it was not sent, also where its cycle is closed."""

from django.db import migrations

STAYS = """
create function reconciliation_reissuerequest_stays() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
    if exists (select from becomes n left join was o on o.id = n.id
            join reconciliation_exceptioncase e on e.id = n.exception_id
            join payments_cycle c on c.id = e.cycle_id and c.state = 'CLOSED'
            where not coalesce(o.state = 'APPROVED' and n.state = 'TAKEN_BACK'
                and to_jsonb(n) - '{state,decided_reason}'::text[] = to_jsonb(o) - '{state,decided_reason}'::text[],
                false)) then
        raise exception 'the cycle is closed' using errcode = 'restrict_violation';
    end if;
    if exists (select from becomes n join was o on o.id = n.id and o.state = 'APPROVED' and n.state <> 'APPROVED'
            join payments_payment p on p.reissue_of_id = n.payment_id
            join payments_paymentlist l on l.id = p.list_id and l.state = 'INSTRUCTED') then
        raise exception 'what was sent again is not taken back' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
drop trigger reconciliation_reissuerequest_stays on reconciliation_reissuerequest;
create trigger reconciliation_reissuerequest_stays after update on reconciliation_reissuerequest
    referencing old table as was new table as becomes
    for each statement execute function reconciliation_reissuerequest_stays();
"""
BEFORE = """
drop trigger reconciliation_reissuerequest_stays on reconciliation_reissuerequest;
create trigger reconciliation_reissuerequest_stays after update on reconciliation_reissuerequest
    referencing new table as touched for each statement execute function reconciliation_reissuerequest_open();
drop function reconciliation_reissuerequest_stays();
"""


class Migration(migrations.Migration):
    """Of a closed cycle's request nothing else changes than that; `reconciliation_sent_again` guards what is sent."""

    dependencies = [
        ("reconciliation", "0022_not_credited_yet"),
        ("payments", "0019_confirmations"),
    ]
    operations = [migrations.RunSQL(STAYS, BEFORE)]
