"""What each row was when it was last written, and what a head covers of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The ledger, and its place in a head."""

    dependencies = [("audit", "0005_door_for_resealing")]
    operations = [
        migrations.AddField("audithead", "held", models.JSONField(null=True)),
        migrations.CreateModel(
            name="HeldRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("table_name", models.TextField(db_collation="C")),
                ("key", models.TextField(db_collation="C")),
                ("rows", models.IntegerField(null=True)),
                ("was", models.BinaryField(null=True)),
                ("digest", models.BinaryField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["table_name"], name="held_table")]},
        ),
    ]
