"""What a case was opened from."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One table."""

    dependencies = [
        ("accounts", "0009_held_recovery"),
        ("helpdesk", "0006_held_letters"),
        ("reconciliation", "0017_public_tries_in_accounts"),
        ("training", "0004_invitation_mails"),
    ]

    operations = [
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("authority", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="origin", to="helpdesk.case"
                    ),
                ),
                (
                    "exception",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reconciliation.exceptioncase",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="training.problem"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("exception__isnull", False), ("problem", None)),
                            models.Q(("exception", None), ("problem__isnull", False)),
                            _connector="OR",
                        ),
                        name="origin_one_thing",
                    )
                ],
            },
        ),
    ]
