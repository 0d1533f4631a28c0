"""Nobody looks for a part of a payment's number: its second index, for patterns, is gone."""

from django.db import migrations

GONE = """
do $$
declare name text;
begin
    for name in select indexname from pg_indexes where schemaname = current_schema()
        and tablename in ('payments_payment', 'payments_journalentry')
        and indexname like '%\\_like' and indexdef like '%text_pattern_ops%' loop
        execute format('drop index %I', name);
    end loop;
end $$;
"""


class Migration(migrations.Migration):
    """The unique indexes of the same columns stay."""

    dependencies = [("payments", "0012_bound_of_lists")]
    operations = [migrations.RunSQL(GONE, migrations.RunSQL.noop)]
