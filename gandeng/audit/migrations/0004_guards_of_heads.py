"""A head follows the head before it and names entries that are there; nobody changes one."""

from django.db import migrations

from gandeng.audit.guards import append_only

ENDS = """
create function audit_log_ends() returns table (shard smallint, number bigint, hash bytea)
language sql stable security definer set search_path = public, pg_temp as $$
    select e.shard, e.number, e.hash from generate_series(0, 15) s
    cross join lateral (select * from audit_auditentry a where a.shard = s order by a.number desc limit 1) e
$$;
"""
"""Numbers and digests alone, of every territory: whoever seals the log need not be able to read it."""

FOLLOWS = """
create function audit_head_follows() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare last audit_audithead;
begin
    perform pg_advisory_xact_lock(7064);
    select * into last from audit_audithead order by number desc limit 1;
    if new.number <> coalesce(last.number, 0) + 1 or new.previous <> coalesce(last.root, ''::bytea) then
        raise exception 'a head follows the one before it' using errcode = 'restrict_violation';
    end if;
    if exists (
        select from jsonb_array_elements(new.ends) e where not exists (
            select from audit_auditentry a where a.shard = (e->>0)::smallint and a.number = (e->>1)::bigint
                and encode(a.hash, 'hex') = e->>2)) then
        raise exception 'a head names entries that are there' using errcode = 'restrict_violation';
    end if;
    if exists (
        select from jsonb_array_elements(coalesce(last.ends, '[]')) b
        left join jsonb_array_elements(new.ends) n on n->0 = b->0
        where n is null or (n->>1)::bigint < (b->>1)::bigint) then
        raise exception 'a head never stands before the one before it' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger audit_audithead_follows before insert on audit_audithead
    for each row execute function audit_head_follows();
"""


class Migration(migrations.Migration):
    """Guards of the daily heads."""

    dependencies = [("audit", "0003_heads")]
    operations = [
        migrations.RunSQL(ENDS, "drop function audit_log_ends()"),
        migrations.RunSQL(
            FOLLOWS, "drop trigger audit_audithead_follows on audit_audithead; drop function audit_head_follows()"
        ),
        append_only("audit_audithead"),
    ]
