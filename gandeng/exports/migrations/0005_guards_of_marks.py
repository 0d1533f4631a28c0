"""The mark of a file stays what it was; the ledger holds the new columns too."""

from django.db import migrations

from gandeng.audit.holding import held

STAYS = """
create function exports_mark_stays() returns trigger language plpgsql as $$
begin
    raise exception 'the mark of an export never changes' using errcode = 'restrict_violation';
end $$;
create trigger exports_exportrequest_mark_stays before update on exports_exportrequest for each row
    when (old.mark_no <> '' and (old.mark_no, old.mark_name) is distinct from (new.mark_no, new.mark_name))
    execute function exports_mark_stays();
"""


class Migration(migrations.Migration):
    """Guards of marks."""

    dependencies = [("exports", "0004_marks")]
    operations = [
        migrations.RunSQL(
            STAYS,
            """drop trigger exports_exportrequest_mark_stays on exports_exportrequest;
            drop function exports_mark_stays()""",
        ),
        held("exports_exportrequest"),
    ]
