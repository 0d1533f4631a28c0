"""Rules of territory as `guards.EVEN_ODDS` has them: who sees which row stays, how many PostgreSQL expects changes."""

from django.db import migrations

AS_THEY_ARE_MADE_NOW = """
do $$
declare p record;
begin
    for p in select tablename, policyname, qual, with_check from pg_policies where schemaname = current_schema()
        and policyname = tablename || '_territory' and qual like '%gandeng.territory%' and qual not ilike 'coalesce(%'
    loop
        execute format('alter policy %I on %I using (coalesce(%s, false)) with check (coalesce(%s, false))',
            p.policyname, p.tablename, p.qual, p.with_check);
    end loop;
end $$;
"""


class Migration(migrations.Migration):
    """For databases whose tables are older; a fresh one has nothing to change here."""

    dependencies = [("audit", "0007_guards_of_ledger")]
    operations = [migrations.RunSQL(AS_THEY_ARE_MADE_NOW, migrations.RunSQL.noop)]
