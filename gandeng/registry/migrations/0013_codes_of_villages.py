"""Codes of villages that a decree replaced."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
import gandeng.registry.models
from django.db import migrations, models


class Migration(migrations.Migration):
    """Three tables; btree_gist for what holds once on a day."""

    dependencies = [
        ("accounts", "0010_grants_by_place"),
        ("registry", "0012_deciles_held"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Recoding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gandeng.registry.models.ordered_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("region_code", models.TextField(db_collation="C")),
                ("basis", models.TextField()),
                ("in_force_on", models.DateField()),
                ("pairs", models.JSONField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("PROPOSED", "Menunggu penerapan"),
                            ("APPLIED", "Diterapkan"),
                            ("WITHDRAWN", "Ditarik"),
                            ("UNDONE", "Dibatalkan"),
                        ],
                        default="PROPOSED",
                    ),
                ),
                ("proposed_at", models.DateTimeField(auto_now_add=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True)),
                (
                    "applied_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecodedFamily",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("old_code", models.TextField(db_collation="C")),
                ("new_code", models.TextField(db_collation="C")),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recoded", to="registry.family"
                    ),
                ),
                (
                    "recoding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="families", to="registry.recoding"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CodeChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gandeng.registry.models.ordered_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("old_code", models.TextField(db_collation="C")),
                ("new_code", models.TextField(db_collation="C")),
                ("whole", models.BooleanField()),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                (
                    "recoding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="registry.recoding"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="recoding",
            index=models.Index(fields=["region_code", "-id"], name="recoding_region_newest"),
        ),
        migrations.AddConstraint(
            model_name="recoding",
            constraint=models.CheckConstraint(condition=models.Q(("basis", ""), _negated=True), name="recoding_basis"),
        ),
        migrations.AddConstraint(
            model_name="recoding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("applied_by__isnull", True),
                    models.Q(("applied_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="recoding_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="recoding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_by__isnull", True), ("state__in", ["PROPOSED", "WITHDRAWN"])),
                    models.Q(
                        ("applied_at__isnull", False),
                        ("applied_by__isnull", False),
                        ("state__in", ["APPLIED", "UNDONE"]),
                    ),
                    _connector="OR",
                ),
                name="recoding_applied",
            ),
        ),
        migrations.AddConstraint(
            model_name="recodedfamily",
            constraint=models.UniqueConstraint(fields=("recoding", "family"), name="recoded_once"),
        ),
        migrations.AddIndex(
            model_name="codechange",
            index=models.Index(condition=models.Q(("valid_until", None)), fields=["new_code"], name="codechange_new"),
        ),
        migrations.AddIndex(
            model_name="codechange",
            index=models.Index(condition=models.Q(("valid_until", None)), fields=["old_code"], name="codechange_old"),
        ),
        migrations.AddConstraint(
            model_name="codechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="codechange_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="codechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("old_code", models.F("new_code")), _negated=True), name="codechange_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="codechange",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("old_code", "="),
                    ("new_code", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="codechange_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="codechange",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("whole", True)),
                expressions=[
                    ("old_code", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="codechange_one_successor",
            ),
        ),
    ]
