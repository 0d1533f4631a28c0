"""An answer to a complaint counts for whoever gave it; of sensitive cases nothing is told."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE

ANSWERS = f"""
create function performance_answers(staff uuid[], since date, until date)
    returns table (staff_id uuid, day date, kind text, thing_id uuid, told text)
    language sql stable security definer set search_path = public, pg_temp as $$
    select s.id, (e.at at time zone 'Asia/Jakarta')::date, c.kind, e.id, ''
    from facilitators_staff s join helpdesk_caseevent e on e.by_id = s.person_id and e.what = 'ANSWERED'
    join helpdesk_case c on c.id = e.case_id and not c.sensitive
    where s.id = any(staff) and performance_sees(s.id)
        and e.at >= since::timestamp at time zone 'Asia/Jakarta' and e.at < until::timestamp at time zone 'Asia/Jakarta'
$$;
revoke all on function performance_answers(uuid[], date, date) from public;
grant execute on function performance_answers(uuid[], date, date) to {APP_ROLE};
"""


class Migration(migrations.Migration):
    """One more source."""

    dependencies = [("performance", "0007_commitments"), ("helpdesk", "0001_initial")]
    operations = [migrations.RunSQL(ANSWERS, "drop function performance_answers(uuid[], date, date)")]
