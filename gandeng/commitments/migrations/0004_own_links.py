"""Links by which a school or clinic looks at its own sheet, what it confirmed, and what differs."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Four tables."""

    dependencies = [
        ("accounts", "0009_held_recovery"),
        ("commitments", "0003_held"),
        ("registry", "0009_lists_asked_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("region_code", models.TextField(db_collation="C")),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                ("secret_digest", models.BinaryField(unique=True)),
                ("expires_at", models.DateTimeField()),
                ("authority", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="commitments.facility"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("region_code", models.TextField(db_collation="C")),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                ("shown_digest", models.TextField()),
                ("members", models.PositiveIntegerField()),
                ("agrees", models.BooleanField()),
                ("name", models.TextField()),
                ("office", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="commitments.facility",
                    ),
                ),
                (
                    "link",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmation",
                        to="commitments.ownlink",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Difference",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("village_code", models.TextField(db_collation="C")),
                (
                    "obligation",
                    models.TextField(
                        choices=[
                            ("EDUCATION", "Pendidikan"),
                            ("HEALTH", "Kesehatan"),
                            ("WELFARE", "Kesejahteraan sosial"),
                        ]
                    ),
                ),
                ("words", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "confirmation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="differences",
                        to="commitments.confirmation",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.family"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.member"
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="commitments.sheet"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("confirmation", "member", "obligation"), name="difference_once"),
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="difference_words"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnLinkEnd",
            fields=[
                (
                    "link",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="end",
                        serialize=False,
                        to="commitments.ownlink",
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
        migrations.AddIndex(
            model_name="ownlink",
            index=models.Index(fields=["facility", "year", "quarter", "-at"], name="ownlink_newest"),
        ),
        migrations.AddConstraint(
            model_name="ownlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("quarter__range", (1, 4)), ("year__range", (2017, 2100))), name="ownlink_quarter"
            ),
        ),
        migrations.AddIndex(
            model_name="confirmation",
            index=models.Index(fields=["facility", "year", "quarter", "-at"], name="confirmation_newest"),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("office", ""), _negated=True)),
                name="confirmation_who",
            ),
        ),
    ]
