"""Every table is held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """All six tables."""

    dependencies = [("monitoring", "0002_guards")]
    operations = [held(f"monitoring_{one}") for one in ("draw", "stratum", "drawn", "handing", "answer", "opened")]
