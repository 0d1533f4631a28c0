import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_public_tries"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "lost",
                    models.TextField(
                        choices=[
                            ("PASSWORD", "Kata sandi"),
                            ("FACTOR", "Faktor kedua"),
                            ("BOTH", "Kata sandi dan faktor kedua"),
                        ]
                    ),
                ),
                ("letter_digest", models.BinaryField(unique=True)),
                ("code_digest", models.BinaryField()),
                ("needed", models.PositiveSmallIntegerField()),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("wrong_codes", models.PositiveSmallIntegerField(default=0)),
                ("link_digest", models.BinaryField(blank=True, null=True, unique=True)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_as",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("REFUSED", "Ditolak"),
                            ("WITHDRAWN", "Dibatalkan"),
                            ("REPLACED", "Diganti permintaan baru"),
                            ("GUESSED", "Kode salah terlalu sering"),
                        ],
                    ),
                ),
                ("ended_reason", models.TextField(blank=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recoveries", to="accounts.person"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recoveries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryApproval",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("authority", models.TextField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "recovery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="accounts.recovery"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="recovery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("used_at__isnull", True)),
                fields=("user",),
                name="recovery_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="recovery",
            constraint=models.CheckConstraint(condition=models.Q(("needed__in", [1, 2])), name="recovery_needed"),
        ),
        migrations.AddConstraint(
            model_name="recovery",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_at__isnull", True), ("link_digest__isnull", False), _connector="XOR"),
                name="recovery_link",
            ),
        ),
        migrations.AddConstraint(
            model_name="recovery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("used_at__isnull", True),
                    models.Q(("approved_at__isnull", False), ("ended_at__isnull", True)),
                    _connector="OR",
                ),
                name="recovery_used",
            ),
        ),
        migrations.AddConstraint(
            model_name="recovery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), models.Q(("ended_as", ""), _negated=True), _connector="XOR"
                ),
                name="recovery_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="recoveryapproval",
            constraint=models.UniqueConstraint(fields=("recovery", "person"), name="recovery_person_once"),
        ),
        migrations.AddConstraint(
            model_name="recoveryapproval",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="recovery_reason"
            ),
        ),
    ]
