"""Achievements, their consents and the yearbooks are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held

TABLES = ("achievement", "paper", "consent", "edition", "editionfile", "entry")


class Migration(migrations.Migration):
    """Every table of the package."""

    dependencies = [("achievements", "0002_guards")]
    operations = [held(f"achievements_{table}") for table in TABLES]
