"""The caseload of the nation is counted by night."""

import django.db.models.deletion
from django.db import migrations, models

from gandeng.audit.guards import seen_within


class Migration(migrations.Migration):
    """A table that is made again each night; a row is there where its district is."""

    dependencies = [("facilitators", "0012_accompanies_sooner"), ("audit", "0002_guards")]
    operations = [
        migrations.CreateModel(
            name="NationalCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("district_code", models.TextField(db_collation="C")),
                ("families", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "staff",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="facilitators.staff",
                    ),
                ),
            ],
        ),
        seen_within("facilitators_nationalcount", "district_code", every_channel=True),
    ]
