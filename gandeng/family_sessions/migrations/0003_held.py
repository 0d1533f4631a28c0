"""Everything of family sessions is held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held

TABLES = ("group", "membership", "plan", "meeting", "attendance", "absencenote", "picture")


class Migration(migrations.Migration):
    """Every table of the package."""

    dependencies = [("family_sessions", "0002_guards")]
    operations = [held(f"family_sessions_{table}") for table in TABLES]
