"""Whose rows, that what was said stays, the one way in for what is found, and that what is right was found."""

from django.db import migrations

from gandeng.audit.guards import ALL_CHANNELS, APP_ROLE, WITHIN, append_only, refused, seen_through

ME = "nullif(current_setting('gandeng.person', true), '')::uuid"
OFFICE = "coalesce(current_setting('gandeng.caseload', true), '') = ''"
DEFINER = "security definer set search_path = public, pg_temp"

SWAP = f"""
create function cleansing_swap(district text, told jsonb) returns integer language plpgsql {DEFINER} as $$
declare kept integer;
begin
    if not coalesce({OFFICE} and {ALL_CHANNELS} and {WITHIN.format(column="district")}, false) then
        raise exception 'another office looks there' using errcode = 'restrict_violation';
    end if;
    perform pg_advisory_xact_lock(7347, hashtext(district));
    delete from cleansing_found where village_code ^@ district;
    insert into cleansing_found (id, kind, family_id, member_id, village_code, digest, found_at)
        select r.id, r.kind, r.family_id, r.member_id, f.village_code, r.digest, clock_timestamp()
        from jsonb_to_recordset(told) as r(id uuid, kind text, family_id uuid, member_id uuid, digest text)
        join registry_family f on f.id = r.family_id
        left join lateral (select c.is_right, c.digest from cleansing_checked c where c.family_id = r.family_id
            and c.kind = r.kind and c.member_id is not distinct from r.member_id order by c.id desc limit 1) said on true
        where f.village_code ^@ district and not coalesce(said.is_right and said.digest = r.digest, false);
    get diagnostics kept = row_count;
    return kept;
end $$;
revoke all on function cleansing_swap(text, jsonb) from public;
grant execute on function cleansing_swap(text, jsonb) to {APP_ROLE};
revoke insert, update, delete, truncate on cleansing_found from {APP_ROLE};
"""
NO_SWAP = f"""
drop function cleansing_swap(text, jsonb);
grant insert, update, delete on cleansing_found to {APP_ROLE};
"""


ELSEWHERE = """not exists (select from registry_family f where f.id = new.family_id
        and f.village_code = new.village_code)"""
GUARDS = f"""
create function cleansing_said() returns trigger language plpgsql {DEFINER} as $$
declare last boolean;
begin
    {refused(f"new.by_id is distinct from {ME}", "who writes it is who does it", "cleansing_by_oneself")}
    {refused(ELSEWHERE, "the family lives elsewhere", "cleansing_place")}
    if new.is_right then
        delete from cleansing_found f where f.kind = new.kind and f.family_id = new.family_id
            and f.member_id is not distinct from new.member_id and f.digest = new.digest;
        {refused("not found", "nothing like it was found, or somebody looked already", "cleansing_found")}
        return new;
    end if;
    perform pg_advisory_xact_lock(7348, hashtext(new.family_id::text || new.kind));
    select c.is_right into last from cleansing_checked c where c.family_id = new.family_id and c.kind = new.kind
        and c.member_id is not distinct from new.member_id order by c.id desc limit 1;
    {refused("not coalesce(last, false)", "there is nothing to take back", "cleansing_taken_back")}
    return new;
end $$;
create trigger cleansing_checked_said before insert on cleansing_checked
    for each row execute function cleansing_said();
"""
NO_GUARDS = "drop trigger cleansing_checked_said on cleansing_checked; drop function cleansing_said();"


class Migration(migrations.Migration):
    """A row is there where its family is."""

    dependencies = [("cleansing", "0001_initial"), ("facilitators", "0004_caseload_alone")]
    operations = [
        seen_through("cleansing_found", "family_id", "registry_family"),
        seen_through("cleansing_checked", "family_id", "registry_family"),
        append_only("cleansing_checked"),
        migrations.RunSQL(SWAP, NO_SWAP),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
