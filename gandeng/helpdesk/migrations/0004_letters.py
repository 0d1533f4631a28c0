"""Letters of families, codes for them, and that a code was used."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Three tables."""

    dependencies = [
        ("accounts", "0009_held_recovery"),
        ("helpdesk", "0003_held"),
        ("registry", "0009_lists_asked_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="FamilyCode",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("code_digest", models.BinaryField()),
                ("valid_until", models.DateTimeField()),
                ("authority", models.TextField()),
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
            name="CodeUse",
            fields=[
                (
                    "code",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="use",
                        serialize=False,
                        to="helpdesk.familycode",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("number_digest", models.BinaryField(null=True)),
                ("ends", models.TextField(blank=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="registry.family"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="familycode",
            name="letter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="codes", to="helpdesk.letter"
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(fields=("family", "number"), name="letter_one_after_another"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(fields=("number_digest",), name="letter_number_once"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends", ""), ("number_digest", None)),
                    models.Q(("number_digest__isnull", False), models.Q(("ends", ""), _negated=True)),
                    _connector="OR",
                ),
                name="letter_or_void",
            ),
        ),
    ]
