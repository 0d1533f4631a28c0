"""Whether a facilitator accompanies a family is found in less than half the time: row security asks it of each row."""

from django.db import migrations

IN_TWO_LOOKS = """
create or replace function gandeng_accompanies(family uuid) returns boolean language plpgsql stable security definer
    set search_path = public, pg_temp as $$
declare
    person uuid := nullif(current_setting('gandeng.caseload', true), '')::uuid;
    today date := (now() at time zone 'Asia/Jakarta')::date;
    own uuid;
begin
    select s.id into own from facilitators_staff s where s.person_id = person;
    if not found then
        return true;
    end if;
    -- any (array …) keeps the planner from the index that no two rows of a family overlap by, which takes thrice as long
    return exists (select from facilitators_accompaniment a
        where a.family_id = any (array[family]) and a.staff_id = own
        and a.valid_from <= today and (a.valid_until is null or a.valid_until > today));
end $$;
"""
"""The person, asked of the session, stood in both looks and was read again for each row of a small office's staff."""

AS_BEFORE = """
create or replace function gandeng_accompanies(family uuid) returns boolean language sql stable security definer
    set search_path = public, pg_temp as $$
    select not exists (select from facilitators_staff s
            where s.person_id = nullif(current_setting('gandeng.caseload', true), '')::uuid)
        or exists (select from facilitators_accompaniment a join facilitators_staff s on s.id = a.staff_id
            where a.family_id = family and s.person_id = nullif(current_setting('gandeng.caseload', true), '')::uuid
            and daterange(a.valid_from, a.valid_until) @> (now() at time zone 'Asia/Jakarta')::date)
$$;
"""


class Migration(migrations.Migration):
    """The same answers as before."""

    dependencies = [("facilitators", "0011_a_new_code_is_no_move")]
    operations = [migrations.RunSQL(IN_TWO_LOOKS, AS_BEFORE)]
