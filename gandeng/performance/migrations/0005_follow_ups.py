"""What somebody found out about money that did not arrive counts for her."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE

FOLLOW_UPS = f"""
create function performance_follow_ups(staff uuid[], since date, until date)
    returns table (staff_id uuid, day date, kind text, thing_id uuid, told text)
    language sql stable security definer set search_path = public, pg_temp as $$
    select s.id, f.on_day, f.found, f.id, ''
    from facilitators_staff s join follow_up_followup f on f.by_id = s.person_id
    where s.id = any(staff) and performance_sees(s.id) and f.on_day >= since and f.on_day < until
$$;
revoke all on function performance_follow_ups(uuid[], date, date) from public;
grant execute on function performance_follow_ups(uuid[], date, date) to {APP_ROLE};
"""


class Migration(migrations.Migration):
    """One more source."""

    dependencies = [("performance", "0004_training"), ("follow_up", "0001_initial")]
    operations = [migrations.RunSQL(FOLLOW_UPS, "drop function performance_follow_ups(uuid[], date, date)")]
