"""Payments, and orders of closed cycles, take a seal with a later key, and no other change."""

from django.db import migrations

from gandeng.audit.guards import door_for_resealing


class Migration(migrations.Migration):
    """Doors in two guards."""

    dependencies = [("payments", "0008_guards_of_reissues"), ("audit", "0005_door_for_resealing")]
    operations = [
        door_for_resealing(
            "payments_payment",
            "payments_payment_never",
            "payments_never_updated",
            "{nik_sealed}",
            "{account_sealed}",
            others="",
        ),
        door_for_resealing(
            "payments_instruction",
            "payments_instruction_open",
            "payments_cycle_open",
            "{password_sealed}",
            others="insert delete",
        ),
    ]
