"""A family whose village got another code stays in its group, whose meetings stay under the code it was made with."""

from django.db import migrations

DEFINER = "security definer set search_path = public, pg_temp"
ME = "nullif(current_setting('gandeng.person', true), '')::uuid"

ENDS = """update family_sessions_membership set valid_until = greatest(valid_from, today)
        where family_id = new.id and (valid_until is null or valid_until > greatest(valid_from, today))"""

STAYS = f"""with ended as (
        {ENDS} returning with (old as was, new as since) was.group_id, was.added_by_id, was.valid_until,
            since.valid_until as valid_from)
    insert into family_sessions_membership
        (id, group_id, family_id, village_code, valid_from, valid_until, added_by_id)
    select gen_random_uuid(), e.group_id, new.id, new.village_code, e.valid_from, e.valid_until, e.added_by_id
    from ended e where old.village_code <> new.village_code and new.status not in ('GRADUATED', 'ENDED')
        and exists (select from registry_codechange c where c.valid_until is null and c.whole
            and ((c.old_code, c.new_code) = (old.village_code, new.village_code)
                or (c.old_code, c.new_code) = (new.village_code, old.village_code)))"""
"""Of a village of which only a part became another, whoever goes leaves the group of those who stay."""

GOES_ON = """and not exists (select from family_sessions_membership s
                where (s.family_id, s.group_id, s.added_by_id, s.valid_until)
                    = (new.family_id, new.group_id, new.added_by_id, new.valid_from)
                and s.village_code <> new.village_code and registry_same_place(s.village_code, new.village_code))"""
"""Who added it did so before, under the code of then."""


def guards(statement: str, unless: str) -> str:
    """The two of 0002: what follows a family that goes, and who writes a membership."""
    return f"""
create or replace function family_sessions_family_goes() returns trigger language plpgsql {DEFINER} as $$
declare today date := (now() at time zone 'Asia/Jakarta')::date;
begin
    {statement};
    return null;
end $$;
create or replace function family_sessions_joins() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from registry_family f where f.id = new.family_id and f.village_code = new.village_code
            and f.status in ('ACTIVE', 'SUSPENDED')) then
        raise exception 'the family lives elsewhere or is no longer there' using errcode = 'restrict_violation';
    end if;
    if new.added_by_id is distinct from {ME} {unless} then
        raise exception 'who writes it is who adds' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
"""


class Migration(migrations.Migration):
    """Memberships go on."""

    dependencies = [("family_sessions", "0004_accepted_by"), ("registry", "0014_guards_of_codes")]
    operations = [migrations.RunSQL(guards(STAYS, GOES_ON), guards(ENDS, ""))]
