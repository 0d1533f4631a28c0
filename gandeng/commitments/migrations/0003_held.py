"""Every table is held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held

TABLES = ("facility", "enrolment", "sheet", "record", "verdict", "recommendation", "decision", "step")


class Migration(migrations.Migration):
    """All eight tables."""

    dependencies = [("commitments", "0002_guards")]
    operations = [held(f"commitments_{table}") for table in TABLES]
