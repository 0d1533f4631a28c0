"""A calculation is never changed; its rows are there for their territory."""

from django.db import migrations

from gandeng.audit.guards import append_only, seen_within

TABLES = ("entitlements_entitlement", "entitlements_componentrow")


class Migration(migrations.Migration):
    """Guards of the calculation."""

    dependencies = [("entitlements", "0002_initial"), ("audit", "0002_guards")]
    operations = [
        append_only("entitlements_run"),
        *(append_only(table) for table in TABLES),
        *(seen_within(table, "village_code", every_channel=True) for table in TABLES),
    ]
