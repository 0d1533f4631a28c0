"""Days somebody was at an event of training count for her."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE

ATTENDANCES = f"""
create function performance_attendances(staff uuid[], since date, until date)
    returns table (staff_id uuid, day date, kind text, thing_id uuid, told text)
    language sql stable security definer set search_path = public, pg_temp as $$
    select s.id, d.day, 'ATTENDED', d.event_id, ''
    from facilitators_staff s join training_attendance a on a.person_id = s.person_id and a.taken_back_at is null
    join training_eventday d on d.id = a.day_id
    where s.id = any(staff) and performance_sees(s.id) and d.day >= since and d.day < until
$$;
revoke all on function performance_attendances(uuid[], date, date) from public;
grant execute on function performance_attendances(uuid[], date, date) to {APP_ROLE};
"""


class Migration(migrations.Migration):
    """One more source."""

    dependencies = [("performance", "0003_held"), ("training", "0001_initial")]
    operations = [migrations.RunSQL(ATTENDANCES, "drop function performance_attendances(uuid[], date, date)")]
