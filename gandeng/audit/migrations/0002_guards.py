"""The log is numbered and chained by the database, and never changed."""

from django.db import migrations

from gandeng.audit.guards import FUNCTIONS, WITHIN, append_only

CHAIN = """
create function audit_chain() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare last audit_auditentry;
begin
    perform pg_advisory_xact_lock(7063, new.shard);
    select * into last from audit_auditentry where shard = new.shard order by number desc limit 1;
    new.number := coalesce(last.number, 0) + 1;
    new.at := greatest(clock_timestamp(), last.at);
    new.previous := coalesce(last.hash, ''::bytea);
    new.hash := sha256(new.previous || convert_to(jsonb_build_array(
        new.shard, new.number, extract(epoch from new.at)::text, coalesce(new.person_id::text, ''), new.person_name,
        new.authority, new.action, new.object_type, new.object_id, new.region_code, new.reason, new.facts
    )::text, 'UTF8'));
    return new;
end $$;
create trigger audit_auditentry_chain before insert on audit_auditentry
    for each row execute function audit_chain();
"""

SEEN = f"""
alter table audit_auditentry enable row level security;
create policy audit_auditentry_read on audit_auditentry for select using ({WITHIN.format(column="region_code")});
create policy audit_auditentry_write on audit_auditentry for insert with check (true);
"""


class Migration(migrations.Migration):
    """Triggers and row security of the log."""

    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTIONS, "drop function gandeng_never()"),
        migrations.RunSQL(
            CHAIN, "drop trigger audit_auditentry_chain on audit_auditentry; drop function audit_chain()"
        ),
        append_only("audit_auditentry"),
        migrations.RunSQL(
            SEEN,
            """drop policy audit_auditentry_read on audit_auditentry; drop policy audit_auditentry_write
            on audit_auditentry; alter table audit_auditentry disable row level security;""",
        ),
    ]
