"""Calculations are held by the ledger, and their rows by the thousand."""

from django.db import migrations

from gandeng.audit.holding import held, held_in_batches


class Migration(migrations.Migration):
    """Three tables."""

    dependencies = [("entitlements", "0004_indexes_served_by_others"), ("audit", "0007_guards_of_ledger")]
    operations = [
        held("entitlements_run"),
        held_in_batches("entitlements_entitlement"),
        held_in_batches("entitlements_componentrow"),
    ]
