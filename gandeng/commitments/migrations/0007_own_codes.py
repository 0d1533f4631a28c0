"""Codes without which a school's or clinic's own link opens nothing, their ends, and the wrong ones that were typed."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Three tables, and the links of a place found by it."""

    dependencies = [("accounts", "0009_held_recovery"), ("commitments", "0006_held_own_links")]

    operations = [
        migrations.CreateModel(
            name="OwnCode",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("region_code", models.TextField(db_collation="C")),
                ("code_digest", models.BinaryField()),
                ("authority", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="codes", to="commitments.ownlink"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OwnCodeEnd",
            fields=[
                (
                    "code",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="end",
                        serialize=False,
                        to="commitments.owncode",
                    ),
                ),
                ("region_code", models.TextField(db_collation="C")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WrongCode",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("region_code", models.TextField(db_collation="C")),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wrong", to="commitments.ownlink"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("link", "number"), name="wrongcode_one_after_another"),
                    models.CheckConstraint(condition=models.Q(("number__range", (1, 5))), name="wrongcode_most"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="ownlink",
            index=models.Index(fields=["region_code", "expires_at"], name="ownlink_where"),
        ),
    ]
