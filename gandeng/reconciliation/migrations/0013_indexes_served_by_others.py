"""Indexes that another of the same table serves as well are gone: every row of a province paid for each of them.

Nobody looks for a part of a number of ours, so nothing asks an index for patterns.
"""

import django.db.models.deletion
from django.db import migrations, models

PATTERNS = ("currentoutcome", "exceptionact", "exceptioncase", "reissuerequest", "statement")
"""Tables with such an index left, besides those whose key loses its own below."""

GONE = """
do $$
declare name text;
begin
    for name in select indexname from pg_indexes where schemaname = current_schema() and tablename = '{table}'
        and indexname like '%\\_like' and indexdef like '%text_pattern_ops%' loop
        execute format('drop index %I', name);
    end loop;
end $$;
"""


class Migration(migrations.Migration):
    """No key of ours loses the index that finds its row."""

    dependencies = [("reconciliation", "0012_held_treasury")]
    operations = [
        migrations.AlterField(
            "currentoutcome",
            "cycle",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="current_outcomes",
                to="payments.cycle",
            ),
        ),
        migrations.AlterField(
            "outcomerow",
            "payment",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outcomes",
                to="payments.payment",
            ),
        ),
        migrations.AlterField(
            "resultrow",
            "file",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="result_rows",
                to="reconciliation.resultfile",
            ),
        ),
        migrations.AlterField(
            "resultrow",
            "payment",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="result_rows",
                to="payments.payment",
            ),
        ),
        *(
            migrations.RunSQL(GONE.format(table=f"reconciliation_{table}"), migrations.RunSQL.noop)
            for table in PATTERNS
        ),
    ]
