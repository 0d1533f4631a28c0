"""Cycles, lists, payments, approvals, orders and the journal are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held, held_in_batches

TABLES = ("cycle", "paymentlist", "approval", "refusal", "instruction", "journalentry", "journalline")


class Migration(migrations.Migration):
    """Every table of the package."""

    dependencies = [("payments", "0009_door_for_resealing"), ("audit", "0007_guards_of_ledger")]
    operations = [
        *(held(f"payments_{table}") for table in TABLES),
        held("payments_payment", key="payment_id"),
        held_in_batches("payments_heldpayment"),
    ]
