"""The number after the last one given anywhere, whatever territory asks: row security hides the others' from it."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE

NEXT = f"""
create function facilitators_next_staff_no() returns text language plpgsql volatile security definer
    set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtext('facilitators_staff'), 0);
    return (select 'P' || lpad((coalesce(max(substr(staff_no, 2)::bigint), 0) + 1)::text, 6, '0')
        from facilitators_staff where staff_no ~ '^P[0-9]{{6,9}}$');
end $$;
revoke all on function facilitators_next_staff_no() from public;
grant execute on function facilitators_next_staff_no() to {APP_ROLE};
"""


class Migration(migrations.Migration):
    """Two who ask at once wait for one another, and get two numbers."""

    dependencies = [("facilitators", "0004_caseload_alone")]
    operations = [migrations.RunSQL(NEXT, "drop function facilitators_next_staff_no()")]
