"""Staff whose NIK or family card is that of an active family of a district, wherever they work: by the blind indexes.

The records of staff of other districts are not for who looks here, so the function of the owner answers: for a district
of the caller's territory, with families of that district alone, and of staff with no more than who it is and that her
record stands elsewhere.
"""

from django.db import migrations

from gandeng.audit.guards import ALL_CHANNELS, APP_ROLE, WITHIN

OFFICE = "coalesce(current_setting('gandeng.caseload', true), '') = ''"
HERE = f"{OFFICE} and {ALL_CHANNELS} and {WITHIN.format(column='district')}"

LISTED = f"""
create function signs_staff_on_the_list(district text, today date)
    returns table (person_id uuid, staff_id uuid, family_id uuid, village_code text, how text, since timestamptz,
        elsewhere boolean)
    language plpgsql stable security definer set enable_nestloop = on set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
    if not coalesce({HERE}, false) then
        raise exception 'another office looks there' using errcode = 'restrict_violation';
    end if;
    return query
    with numbers as (
        select s.id as staff_id, s.person_id, i.nik_index, i.kk_index, i.recorded_at,
            not (s.region_code ^@ district or district ^@ s.region_code) as elsewhere
        from facilitators_identity i join facilitators_staff s on s.id = i.staff_id
        where i.ended_at is null and s.joined_on <= today and (s.left_on is null or s.left_on > today))
    select n.person_id, n.staff_id, f.id, f.village_code, 'MEMBER', n.recorded_at, n.elsewhere
    from numbers n join registry_member m on m.nik_index = n.nik_index join registry_family f on f.id = m.family_id
    where m.deceased_on is null and m.left_on is null and f.status = 'ACTIVE' and f.village_code ^@ district
    union all
    select n.person_id, n.staff_id, f.id, f.village_code, 'CARD', n.recorded_at, n.elsewhere
    from numbers n join registry_family f on f.kk_index = n.kk_index
    where f.status = 'ACTIVE' and f.village_code ^@ district;
end $$;
revoke all on function signs_staff_on_the_list(text, date) from public;
grant execute on function signs_staff_on_the_list(text, date) to {APP_ROLE};
"""


class Migration(migrations.Migration):
    """A question to the whole register of staff, about one district's families."""

    dependencies = [
        ("signs", "0003_held"),
        ("facilitators", "0010_identities_guards"),
        ("registry", "0012_deciles_held"),
    ]
    operations = [migrations.RunSQL(LISTED, "drop function signs_staff_on_the_list(text, date)")]
