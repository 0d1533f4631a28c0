"""Meetings a facilitator held count for her: each once, as it was told last."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE

MEETINGS = f"""
create function performance_meetings(staff uuid[], since date, until date)
    returns table (staff_id uuid, day date, kind text, thing_id uuid, told text)
    language sql stable security definer set search_path = public, pg_temp as $$
    select s.id, m.on_day, m.session_code, m.id, ''
    from facilitators_staff s join family_sessions_meeting m on m.by_id = s.person_id
    where s.id = any(staff) and performance_sees(s.id) and m.on_day >= since and m.on_day < until
        and not exists (select from family_sessions_meeting n where n.replaces_id = m.id)
$$;
revoke all on function performance_meetings(uuid[], date, date) from public;
grant execute on function performance_meetings(uuid[], date, date) to {APP_ROLE};
"""


class Migration(migrations.Migration):
    """One more source."""

    dependencies = [("performance", "0005_follow_ups"), ("family_sessions", "0001_initial")]
    operations = [migrations.RunSQL(MEETINGS, "drop function performance_meetings(uuid[], date, date)")]
