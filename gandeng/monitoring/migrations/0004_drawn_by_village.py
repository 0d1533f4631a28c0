"""Families drawn are found by their village, in whatever stage.

That one never sees one's own families is asked of each row only for those who accompany any, or did when a stage was
drawn: staff of an office, who do neither, are asked once.
"""

from django.db import migrations, models

ME = "nullif(current_setting('gandeng.person', true), '')::uuid"
IN_FIELD = f"""
create or replace function monitoring_in_field() returns boolean language sql stable
    security definer set search_path = public, pg_temp as $$
    select exists (select from facilitators_staff s where s.person_id = {ME}{{who}})
$$;
"""
WHO = """ and (
        exists (select from facilitators_accompaniment a where a.staff_id = s.id
            and daterange(a.valid_from, a.valid_until) @> (now() at time zone 'Asia/Jakarta')::date)
        or exists (select from monitoring_stratum t where t.staff_id = s.id))"""


class Migration(migrations.Migration):
    """An index, and who is asked."""

    dependencies = [("monitoring", "0003_held")]

    operations = [
        migrations.AddIndex(
            model_name="drawn",
            index=models.Index(fields=["village_code"], name="monitoring_drawn_village"),
        ),
        migrations.RunSQL(IN_FIELD.format(who=WHO), IN_FIELD.format(who="")),
    ]
