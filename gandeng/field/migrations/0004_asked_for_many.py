"""What the door asks for many entries at once, and what the registry decided about what one asked for from a phone."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE

ME = "nullif(current_setting('gandeng.person', true), '')::uuid"
DEFINER = "security definer set search_path = public, pg_temp"

ASKED = f"""
create function field_ids_taken(entries uuid[]) returns setof uuid language sql stable {DEFINER} as $$
    select distinct e.entry_id from field_entry e where e.entry_id = any(entries)
$$;
create function field_changes_decided(since timestamptz) returns table
    (id uuid, accepted boolean, words text, at timestamptz) language sql stable {DEFINER} as $$
    select c.id, c.state = 'APPROVED', c.decision_reason, c.decided_at from registry_changerequest c
    where c.requested_by_id = {ME} and c.state in ('APPROVED', 'REFUSED') and c.decided_at >= since
$$;
revoke all on function field_ids_taken(uuid[]), field_changes_decided(timestamptz) from public;
grant execute on function field_ids_taken(uuid[]), field_changes_decided(timestamptz) to {APP_ROLE};
"""
NO_ASKED = "drop function field_changes_decided(timestamptz); drop function field_ids_taken(uuid[]);"


class Migration(migrations.Migration):
    """Two functions that look past the rows one sees, and tell no more than is one's own."""

    dependencies = [("field", "0003_held"), ("registry", "0009_lists_asked_once")]
    operations = [migrations.RunSQL(ASKED, NO_ASKED)]
