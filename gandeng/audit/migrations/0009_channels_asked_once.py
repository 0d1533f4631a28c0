"""Rules of channel as `guards.CHANNEL` has them: the same rows for the same people, asked once and not for each row."""

from django.db import migrations

AS_THEY_ARE_MADE_NOW = r"""
do $$
declare
    p record;
    told text := $told$\(EXISTS \( SELECT\s+FROM unnest\(\(NULLIF\(current_setting\('gandeng\.channels'::text, true\), ''::text\)\)::text\[\]\) c\(c\)\s+WHERE \(\(c\.c = '\*'::text\) OR \(c\.c = \w+\.(\w+)\)\)\)\)$told$;
    asked text := $asked$any ((select nullif(current_setting('gandeng.channels', true), '')::text[])::text[])$asked$;
    rule text;
begin
    for p in select tablename, policyname, qual from pg_policies where schemaname = current_schema() and qual ~ told
    loop
        rule := regexp_replace(p.qual, told, format($rule$('*' = %1$s or \1 = %1$s)$rule$, asked));
        execute format('alter policy %I on %I using (%s) with check (%s)', p.policyname, p.tablename, rule, rule);
    end loop;
end $$;
"""


class Migration(migrations.Migration):
    """For databases whose tables are older; a fresh one has nothing to change here."""

    dependencies = [("audit", "0008_even_odds_of_territory")]
    operations = [migrations.RunSQL(AS_THEY_ARE_MADE_NOW, migrations.RunSQL.noop)]
