"""Deposits at the treasury are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held, held_in_batches


class Migration(migrations.Migration):
    """Two tables."""

    dependencies = [("reconciliation", "0011_guards_of_treasury"), ("audit", "0007_guards_of_ledger")]
    operations = [
        held("reconciliation_treasurydeposit"),
        held_in_batches("reconciliation_depositedpayment"),
    ]
