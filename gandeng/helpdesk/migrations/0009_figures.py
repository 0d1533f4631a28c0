"""What figures of complaints count, as a view that shows each reader the cases that reader sees."""

import django.db.models.deletion
from django.db import migrations, models


VIEW = """
create view helpdesk_casefacts with (security_invoker = true) as
select c.id as case_id, c.region_code, c.kind, c.level, c.state, c.opened_at, c.due_at, e.answered_at,
    (extract(epoch from e.answered_at - c.opened_at) / 86400)::double precision as days,
    case when e.answer_no is null then null
        else coalesce(d.due_at >= e.answered_at, false) and coalesce(e.clock_no > e.answer_no, true) end as in_time,
    coalesce(e.escalations, 0) as escalations, c.reopened, c.rating
from helpdesk_case c
left join lateral (
    select min(x.number) filter (where x.what = 'ANSWERED') as answer_no,
        min(x.at) filter (where x.what = 'ANSWERED') as answered_at,
        min(x.number) filter (where x.what = 'ESCALATED' and x.by_id is null) as clock_no,
        count(*) filter (where x.what = 'ESCALATED')::integer as escalations
    from helpdesk_caseevent x where x.case_id = c.id) e on true
left join lateral (
    select x.due_at from helpdesk_caseevent x where x.case_id = c.id and x.due_at is not null and x.number < e.answer_no
    order by x.number desc limit 1) d on true
where c.merged_into_id is null;
grant select on helpdesk_casefacts to gandeng_app;
"""


class Migration(migrations.Migration):
    """The view and its model."""

    dependencies = [
        ("helpdesk", "0008_guards_of_origins"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseFacts",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="facts",
                        serialize=False,
                        to="helpdesk.case",
                    ),
                ),
                ("region_code", models.TextField(db_collation="C")),
                ("kind", models.TextField()),
                ("level", models.SmallIntegerField()),
                ("state", models.TextField()),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("days", models.FloatField(null=True)),
                ("in_time", models.BooleanField(null=True)),
                ("escalations", models.IntegerField()),
                ("reopened", models.BooleanField()),
                ("rating", models.SmallIntegerField(null=True)),
            ],
            options={
                "db_table": "helpdesk_casefacts",
                "managed": False,
            },
        ),
        migrations.RunSQL(VIEW, "drop view helpdesk_casefacts"),
    ]
