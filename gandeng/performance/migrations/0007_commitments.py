"""Commitments somebody verified at schools and clinics count for her."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE

COMMITMENTS = f"""
create function performance_commitments(staff uuid[], since date, until date)
    returns table (staff_id uuid, day date, kind text, thing_id uuid, told text)
    language sql stable security definer set search_path = public, pg_temp as $$
    select s.id, (c.at at time zone 'Asia/Jakarta')::date, v.verdict, v.id, ''
    from facilitators_staff s join commitments_sheet c on c.by_id = s.person_id
    join commitments_verdict v on v.sheet_id = c.id
    where s.id = any(staff) and performance_sees(s.id) and (c.at at time zone 'Asia/Jakarta')::date >= since
        and (c.at at time zone 'Asia/Jakarta')::date < until
$$;
revoke all on function performance_commitments(uuid[], date, date) from public;
grant execute on function performance_commitments(uuid[], date, date) to {APP_ROLE};
"""


class Migration(migrations.Migration):
    """One more source."""

    dependencies = [("performance", "0006_family_sessions"), ("commitments", "0001_initial")]
    operations = [migrations.RunSQL(COMMITMENTS, "drop function performance_commitments(uuid[], date, date)")]
