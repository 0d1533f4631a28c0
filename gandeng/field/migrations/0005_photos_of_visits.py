"""A visit's entry and photos are there for who sent them, for the office of the place, and for whoever accompanies the
family today: a colleague's visits of before are part of what she took over."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, WITHIN

ME = "nullif(current_setting('gandeng.person', true), '')::uuid"
OFFICE = "coalesce(current_setting('gandeng.caseload', true), '') = ''"
DEFINER = "security definer set search_path = public, pg_temp"

ASKED = f"""
create function field_entries_of_visits(visits uuid[]) returns setof field_entry language sql stable {DEFINER} as $$
    select e.* from field_visit v join field_entry e on e.id = v.entry_id
    where v.id = any(visits) and {WITHIN.format(column="v.village_code")} and (e.person_id = {ME} or {OFFICE}
        or exists (select from facilitators_accompaniment a join facilitators_staff s on s.id = a.staff_id
            where a.family_id = v.family_id and s.person_id = {ME}
            and daterange(a.valid_from, a.valid_until) @> (now() at time zone 'Asia/Jakarta')::date))
$$;
create function field_photos_of_visits(visits uuid[]) returns setof field_photo language sql stable {DEFINER} as $$
    select p.* from field_entries_of_visits(visits) e
        cross join lateral jsonb_array_elements_text(e.photos) named(sha256)
        join field_photo p on p.person_id = e.person_id and p.sha256 = named.sha256
$$;
revoke all on function field_entries_of_visits(uuid[]), field_photos_of_visits(uuid[]) from public;
grant execute on function field_entries_of_visits(uuid[]), field_photos_of_visits(uuid[]) to {APP_ROLE};
"""
NO_ASKED = "drop function field_photos_of_visits(uuid[]); drop function field_entries_of_visits(uuid[]);"


class Migration(migrations.Migration):
    """Two functions that look past the rows one sees."""

    dependencies = [("field", "0004_asked_for_many"), ("facilitators", "0004_caseload_alone")]
    operations = [migrations.RunSQL(ASKED, NO_ASKED)]
