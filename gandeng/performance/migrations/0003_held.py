"""Targets, reports, photos and reviews are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held

TABLES = ("target", "reportday", "report", "reportversion", "photo", "review")


class Migration(migrations.Migration):
    """Every table of the package."""

    dependencies = [("performance", "0002_guards")]
    operations = [held(f"performance_{table}") for table in TABLES]
