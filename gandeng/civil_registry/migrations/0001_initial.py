"""Files of answers, answers, withdrawals, and what stands."""

import django.db.models.deletion
import django.contrib.postgres.functions
import django.db.models.functions.uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Three tables, and the view's name."""

    initial = True

    dependencies = [
        ("accounts", "0010_grants_by_place"),
        ("registry", "0018_what_a_family_denies"),
    ]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("village_code", models.TextField(db_collation="C")),
                (
                    "result",
                    models.TextField(
                        choices=[
                            ("MATCH", "Padan"),
                            ("DIFFERS", "Tidak padan"),
                            ("NOT_FOUND", "Tidak ditemukan"),
                            ("DOUBLE", "NIK ganda"),
                            ("DECEASED", "Meninggal"),
                        ]
                    ),
                ),
                ("checked_on", models.DateField()),
                ("name", models.TextField()),
                ("birth_date", models.DateField(null=True)),
                ("sex", models.TextField(choices=[("F", "Perempuan"), ("M", "Laki-laki")])),
                ("deceased_on", models.DateField(null=True)),
                ("asks", models.BooleanField()),
                ("differs", models.BooleanField()),
            ],
            options={
                "db_table": "civil_registry_standing",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Matching",
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
                ("region_code", models.TextField(blank=True, db_collation="C")),
                ("checked_on", models.DateField()),
                ("source", models.TextField()),
                ("file_name", models.TextField()),
                ("content_sha256", models.TextField()),
                ("rows", models.BigIntegerField()),
                ("authority", models.TextField()),
                (
                    "at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("village_code", models.TextField(db_collation="C")),
                (
                    "result",
                    models.TextField(
                        choices=[
                            ("MATCH", "Padan"),
                            ("DIFFERS", "Tidak padan"),
                            ("NOT_FOUND", "Tidak ditemukan"),
                            ("DOUBLE", "NIK ganda"),
                            ("DECEASED", "Meninggal"),
                        ]
                    ),
                ),
                ("checked_on", models.DateField()),
                ("name", models.TextField(blank=True)),
                ("birth_date", models.DateField(blank=True, null=True)),
                ("sex", models.TextField(blank=True, choices=[("F", "Perempuan"), ("M", "Laki-laki")])),
                ("deceased_on", models.DateField(blank=True, null=True)),
                (
                    "asks",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.ExpressionWrapper(
                            models.Q(
                                models.Q(("result", "MATCH"), _negated=True),
                                models.Q(("name", ""), _negated=True),
                                ("birth_date__isnull", False),
                                models.Q(("sex", ""), _negated=True),
                                _connector="OR",
                            ),
                            models.BooleanField(),
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.member",
                    ),
                ),
                (
                    "matching",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="civil_registry.matching",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "matching",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="withdrawal",
                        serialize=False,
                        to="civil_registry.matching",
                    ),
                ),
                ("reason", models.TextField()),
                ("authority", models.TextField()),
                (
                    "at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="matching",
            index=models.Index(fields=["region_code", "-id"], name="civil_matching_place"),
        ),
        migrations.AddConstraint(
            model_name="matching",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="civil_matching_source"
            ),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(fields=["member", "-checked_on", "-id"], name="civil_answer_newest"),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(condition=models.Q(("asks", True)), fields=["member"], name="civil_answer_asks"),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(fields=["matching", "result", "id"], name="civil_answer_of_file"),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(
                condition=models.Q(("result", "DECEASED")), fields=["village_code"], name="civil_answer_dead"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("member", "matching"), name="civil_answer_once"),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="civil_withdrawal_reason"
            ),
        ),
    ]
