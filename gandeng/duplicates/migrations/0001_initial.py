"""What a search found, and what people judged of it."""

import django.db.models.deletion
import django.db.models.functions.uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two tables."""

    initial = True

    dependencies = [
        ("accounts", "0010_grants_by_place"),
        ("registry", "0015_codes_held"),
    ]

    operations = [
        migrations.CreateModel(
            name="Found",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("village_code", models.TextField(db_collation="C")),
                ("other_village_code", models.TextField(db_collation="C")),
                (
                    "place",
                    models.TextField(
                        choices=[
                            ("FAMILY", "Dalam satu keluarga"),
                            ("VILLAGE", "Satu desa/kelurahan"),
                            ("SUB_DISTRICT", "Satu kecamatan"),
                            ("DISTRICT", "Satu kabupaten/kota"),
                            ("PROVINCE", "Satu provinsi"),
                            ("NATION", "Lain provinsi"),
                        ]
                    ),
                ),
                ("score", models.BigIntegerField()),
                ("people", models.PositiveSmallIntegerField()),
                ("pairs", models.JSONField()),
                ("found_at", models.DateTimeField()),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.family"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.family"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["village_code", "-score"], name="duplicates_found_score"),
                    models.Index(fields=["other"], name="duplicates_found_other"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=django.db.models.functions.uuid.UUID7(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("pair", models.UUIDField()),
                ("village_code", models.TextField(db_collation="C")),
                ("other_village_code", models.TextField(db_collation="C")),
                (
                    "verdict",
                    models.TextField(
                        choices=[
                            ("DIFFERENT", "Orang yang berbeda"),
                            ("SAME", "Orang yang sama"),
                            ("REOPENED", "Dibuka lagi"),
                        ]
                    ),
                ),
                ("facts", models.TextField()),
                ("reason", models.TextField()),
                ("authority", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.changerequest",
                    ),
                ),
                (
                    "ends",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.member"
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
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.family"
                    ),
                ),
                (
                    "other_member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.member"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["member", "other_member", "-id"], name="duplicates_judgement_newest"),
                    models.Index(fields=["village_code", "-id"], name="duplicates_judgement_place"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("change__isnull", False), ("ends__isnull", False), ("verdict", "SAME")),
                            models.Q(
                                models.Q(("verdict", "SAME"), _negated=True),
                                ("change__isnull", True),
                                ("ends__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="duplicates_judgement_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="duplicates_judgement_reason"
                    ),
                ],
            },
        ),
    ]
