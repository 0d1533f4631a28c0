"""A reading is there where its family is, is of a day that has come, stays as it is, and goes with its list alone."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, seen_through

TABLE = "registry_decilereading"
STAYS = f"""
alter table {TABLE} add constraint decile_day
    check (read_on <= (recorded_at at time zone 'Asia/Jayapura')::date);
create trigger {TABLE}_never before update on {TABLE} for each row execute function gandeng_never();
create trigger {TABLE}_no_truncate before truncate on {TABLE} for each statement execute function gandeng_never();
create function registry_decile_goes() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from (select distinct intake_id as id from replaced) r
            left join registry_intake i on i.id = r.id where i.state is distinct from 'UNDONE') then
        raise exception 'a reading goes with its list alone' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger {TABLE}_goes after delete on {TABLE} referencing old table as replaced
    for each statement execute function registry_decile_goes();
revoke update, truncate on {TABLE} from {APP_ROLE};
"""
UNDO = f"""
drop trigger {TABLE}_goes on {TABLE}; drop function registry_decile_goes();
drop trigger {TABLE}_no_truncate on {TABLE}; drop trigger {TABLE}_never on {TABLE};
alter table {TABLE} drop constraint decile_day;
grant update on {TABLE} to {APP_ROLE};
"""


class Migration(migrations.Migration):
    """Row security, and rows that are added alone."""

    dependencies = [("registry", "0010_decile_readings"), ("audit", "0007_guards_of_ledger")]
    operations = [seen_through(TABLE, "family_id", "registry_family"), migrations.RunSQL(STAYS, UNDO)]
