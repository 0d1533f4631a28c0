"""Every table is held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """All three tables."""

    dependencies = [("graduation", "0002_guards")]
    operations = [held(f"graduation_{table}") for table in ("case", "step", "paper")]
