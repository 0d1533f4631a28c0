"""The minutes say whose electronic signature they bear; once kept, they and what is said of them stay."""

from django.db import migrations, models

STAYS = """
create function reconciliation_minutes_stay() returns trigger language plpgsql as $$
begin
    raise exception 'minutes that were kept never change' using errcode = 'restrict_violation';
end $$;
create trigger reconciliation_minutes_stay before update on reconciliation_statement for each row
    when (old.minutes_sha256 <> '' and (old.minutes_path, old.minutes_sha256, old.minutes_certificate)
        is distinct from (new.minutes_path, new.minutes_sha256, new.minutes_certificate))
    execute function reconciliation_minutes_stay();
"""


class Migration(migrations.Migration):
    """A column and its guard."""

    dependencies = [("reconciliation", "0007_guards_after_the_closing")]
    operations = [
        migrations.AddField("statement", "minutes_certificate", models.JSONField(default=dict)),
        migrations.RunSQL(
            STAYS,
            """drop trigger reconciliation_minutes_stay on reconciliation_statement;
            drop function reconciliation_minutes_stay()""",
        ),
    ]
