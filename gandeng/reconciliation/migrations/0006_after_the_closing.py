"""What comes in after a cycle was closed: late files, runs and outcomes, kept by the open cycle that books them."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Coalesce


def _cycle(name: str, **options: Any) -> Any:
    return models.ForeignKey(
        to="payments.cycle", on_delete=django.db.models.deletion.PROTECT, related_name=name, **options
    )


def _seen(name: str, **options: Any) -> Any:
    return models.ForeignKey(
        to="payments.cycle", on_delete=django.db.models.deletion.DO_NOTHING, related_name=name, **options
    )


OUTCOME: list[Any] = [
    ("village_code", models.TextField(db_collation="C")),
    ("channel", models.TextField()),
    ("outcome", models.TextField()),
    *((f"{name}_rupiah", models.BigIntegerField()) for name in ("amount", "credited", "reversed", "withdrawn", "net")),
    ("reason", models.TextField(blank=True)),
    ("first_on", models.DateField(null=True)),
    ("last_on", models.DateField(null=True)),
]


class Migration(migrations.Migration):
    """Tables and what is unique in them; guards follow."""

    dependencies = [
        ("payments", "0008_guards_of_reissues"),
        ("reconciliation", "0005_closed_cycles_take_no_rows"),
    ]
    operations = [
        migrations.AddField("resultfile", "about_cycle", _cycle("late_files", null=True)),
        migrations.AddField("reconciliation", "about_cycle", _cycle("late_reconciliations", null=True)),
        migrations.AddField("reissuerequest", "held_reason", models.TextField(blank=True, default=""), False),
        migrations.AddField("reissuerequest", "held_until", models.DateField(null=True)),
        migrations.RemoveConstraint("resultfile", "result_file_once"),
        migrations.AddConstraint(
            "resultfile",
            models.UniqueConstraint(
                Coalesce("about_cycle", "cycle"),
                "sha256",
                condition=models.Q(state__in=["RECEIVED", "TAKEN"]),
                name="result_file_once",
            ),
        ),
        migrations.RemoveConstraint("exceptioncase", "exception_payment_once"),
        migrations.AddConstraint(
            "exceptioncase",
            models.UniqueConstraint(
                condition=models.Q(row__isnull=True), fields=("cycle", "payment"), name="exception_payment_once"
            ),
        ),
        migrations.CreateModel(
            "LateOutcome",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                *OUTCOME,
                ("cycle", _cycle("late_outcomes")),
                (
                    "payment",
                    models.ForeignKey(
                        to="payments.payment",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_outcomes",
                        db_index=False,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["payment", "-id"], name="late_outcome_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("payment", "cycle", "number"), name="late_outcome_once")
                ],
            },
        ),
        migrations.CreateModel(
            "OutcomeInForce",
            [
                (
                    "payment",
                    models.OneToOneField(
                        to="payments.payment",
                        primary_key=True,
                        serialize=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="in_force",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                *OUTCOME,
                ("at_stake_rupiah", models.BigIntegerField()),
                ("cycle", _seen("+")),
                ("booked_in", _seen("+", null=True)),
            ],
            options={"managed": False, "db_table": "reconciliation_outcomeinforce"},
        ),
    ]
