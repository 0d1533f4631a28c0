"""What a look found, and what somebody found to be right."""

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
            name="Checked",
            fields=[
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("NO_COLLECTOR", "Tanpa pengurus"),
                            ("COLLECTOR_GONE", "Pengurus meninggal atau keluar"),
                            ("COLLECTOR_NO_NIK", "Pengurus tanpa NIK"),
                            ("COLLECTOR_YOUNG", "Pengurus di bawah umur"),
                            ("NO_ACCOUNT", "Tanpa penyalur"),
                            ("ACCOUNT_OF_OTHERS", "Rekening tercatat pada keluarga lain"),
                            ("NOBODY", "Tanpa anggota"),
                            ("NO_NIK", "Tanpa NIK"),
                            ("NIK_DATE", "Tanggal lahir tidak cocok dengan NIK"),
                            ("NIK_SEX", "Jenis kelamin tidak cocok dengan NIK"),
                            ("NIK_ODD", "NIK yang tidak mungkin"),
                            ("PREGNANT", "Kehamilan yang perlu diperiksa"),
                            ("BORN_ODD", "Tanggal lahir yang perlu diperiksa"),
                            ("NAME_ODD", "Nama yang perlu diperiksa"),
                        ]
                    ),
                ),
                ("village_code", models.TextField(db_collation="C")),
                ("digest", models.TextField()),
                (
                    "id",
                    models.UUIDField(
                        db_default=django.db.models.functions.uuid.UUID7(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("is_right", models.BooleanField()),
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
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.family"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.member"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["family", "kind", "-id"], name="cleansing_checked_newest"),
                    models.Index(fields=["village_code", "-id"], name="cleansing_checked_place"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="cleansing_checked_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Found",
            fields=[
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("NO_COLLECTOR", "Tanpa pengurus"),
                            ("COLLECTOR_GONE", "Pengurus meninggal atau keluar"),
                            ("COLLECTOR_NO_NIK", "Pengurus tanpa NIK"),
                            ("COLLECTOR_YOUNG", "Pengurus di bawah umur"),
                            ("NO_ACCOUNT", "Tanpa penyalur"),
                            ("ACCOUNT_OF_OTHERS", "Rekening tercatat pada keluarga lain"),
                            ("NOBODY", "Tanpa anggota"),
                            ("NO_NIK", "Tanpa NIK"),
                            ("NIK_DATE", "Tanggal lahir tidak cocok dengan NIK"),
                            ("NIK_SEX", "Jenis kelamin tidak cocok dengan NIK"),
                            ("NIK_ODD", "NIK yang tidak mungkin"),
                            ("PREGNANT", "Kehamilan yang perlu diperiksa"),
                            ("BORN_ODD", "Tanggal lahir yang perlu diperiksa"),
                            ("NAME_ODD", "Nama yang perlu diperiksa"),
                        ]
                    ),
                ),
                ("village_code", models.TextField(db_collation="C")),
                ("digest", models.TextField()),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("found_at", models.DateTimeField()),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.family"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.member"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["village_code", "kind", "id"], name="cleansing_found_place")],
            },
        ),
    ]
