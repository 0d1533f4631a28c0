"""What ended a family is told wherever it lives by now, not only where the request was decided."""

from django.db import migrations

LAST_END = """
create function registry_last_end(ended uuid) returns jsonb language sql stable
    security definer set search_path = public, pg_temp as $$
    select jsonb_build_object('reason', c.reason, 'before', c.before) from registry_changerequest c
    where c.family_id = ended and c.kind = 'END' and c.state = 'APPROVED' order by c.decided_at desc limit 1
$$;
"""
"""Asked beside a family one sees, whose own row has the reason too; the request stays where it was decided."""


class Migration(migrations.Migration):
    """The last request that ended the family; nothing where none did."""

    dependencies = [("registry", "0022_stopped_by_list")]
    operations = [migrations.RunSQL(LAST_END, "drop function registry_last_end(uuid)")]
