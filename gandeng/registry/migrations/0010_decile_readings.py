"""The welfare decile of families, reading by reading, and the request to record one."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import UUID7


class Migration(migrations.Migration):
    """One table, and one kind of change more."""

    dependencies = [("registry", "0009_lists_asked_once")]
    operations = [
        migrations.AlterField(
            model_name="changerequest",
            name="kind",
            field=models.TextField(
                choices=[
                    ("BIRTH", "Anggota baru"),
                    ("DEATH", "Anggota meninggal"),
                    ("LEFT", "Anggota keluar dari keluarga"),
                    ("SCHOOL_LEVEL", "Jenjang sekolah"),
                    ("PREGNANCY", "Kehamilan"),
                    ("DISABILITY", "Disabilitas berat"),
                    ("NIK", "Perbaikan NIK"),
                    ("COLLECTOR", "Pengurus baru"),
                    ("ACCOUNT", "Rekening baru"),
                    ("MOVE", "Keluarga pindah"),
                    ("SUSPEND", "Tangguhkan keluarga"),
                    ("RESUME", "Aktifkan kembali"),
                    ("GRADUATE", "Graduasi"),
                    ("END", "Akhiri kepesertaan"),
                    ("DECILE", "Desil kesejahteraan"),
                ]
            ),
        ),
        migrations.CreateModel(
            name="DecileReading",
            fields=[
                ("id", models.UUIDField(db_default=UUID7(), editable=False, primary_key=True, serialize=False)),
                ("decile", models.PositiveSmallIntegerField()),
                ("read_on", models.DateField()),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "change",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decile",
                        to="registry.changerequest",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deciles",
                        to="registry.family",
                    ),
                ),
                (
                    "intake",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.intake",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["family", "-read_on", "-id"], name="decile_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decile__gte", 1), ("decile__lte", 10)), name="decile_of_ten"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("intake__isnull", True), ("change__isnull", True), _connector="OR"),
                        name="decile_one_source",
                    ),
                ],
            },
        ),
    ]
