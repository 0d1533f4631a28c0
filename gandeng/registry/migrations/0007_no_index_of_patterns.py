"""Nobody looks for a part of the number of a family or member: their second indexes, for patterns, are gone."""

from django.db import migrations

GONE = """
do $$
declare name text;
begin
    for name in select indexname from pg_indexes where schemaname = current_schema()
        and tablename in ('registry_family', 'registry_member')
        and indexname like '%\\_like' and indexdef like '%text_pattern_ops%' loop
        execute format('drop index %I', name);
    end loop;
end $$;
"""


class Migration(migrations.Migration):
    """The unique indexes of the same columns stay."""

    dependencies = [("registry", "0006_held")]
    operations = [migrations.RunSQL(GONE, migrations.RunSQL.noop)]
