"""Of the villages she works in, a facilitator sees the families she accompanies, not those of her colleague there.

Only for whoever is no more than a facilitator and has a record as staff: an office that does not yet keep caseloads here
gives her villages, as before.
"""

from django.db import migrations

TABLES = {
    "registry_family": "id", "registry_member": "family_id", "registry_account": "family_id",
    "registry_changerequest": "family_id", "registry_familyevent": "pgh_obj_id", "registry_memberevent": "family_id",
}  # fmt: skip

ACCOMPANIES = """
create function gandeng_accompanies(family uuid) returns boolean language sql stable security definer
    set search_path = public, pg_temp as $$
    select not exists (select from facilitators_staff s
            where s.person_id = nullif(current_setting('gandeng.caseload', true), '')::uuid)
        or exists (select from facilitators_accompaniment a join facilitators_staff s on s.id = a.staff_id
            where a.family_id = family and s.person_id = nullif(current_setting('gandeng.caseload', true), '')::uuid
            and daterange(a.valid_from, a.valid_until) @> (now() at time zone 'Asia/Jakarta')::date)
$$;
"""

RULE = """
do $$
declare p record;
begin
    select * into p from pg_policies where schemaname = current_schema() and tablename = '{table}'
        and policyname = '{table}_territory';
    execute format('alter policy {table}_territory on {table} using (coalesce(%1$s and case '
        'when coalesce(current_setting(''gandeng.caseload'', true), '''') = '''' then true '
        'else gandeng_accompanies({table}.{column}) end, false)) '
        'with check (coalesce(%2$s and case '
        'when coalesce(current_setting(''gandeng.caseload'', true), '''') = '''' then true '
        'else gandeng_accompanies({table}.{column}) end, false))', p.qual, p.with_check);
end $$;
"""


class Migration(migrations.Migration):
    """The rule of territory of every table that tells of one family's own data, narrowed for facilitators."""

    dependencies = [("facilitators", "0003_held"), ("registry", "0007_no_index_of_patterns")]
    operations = [
        migrations.RunSQL(ACCOMPANIES, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(RULE.format(table=table, column=column), migrations.RunSQL.noop)
            for table, column in TABLES.items()
        ),
    ]
