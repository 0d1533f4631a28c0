"""Long exports and what was taken away are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """Two tables."""

    dependencies = [("exports", "0002_guards"), ("audit", "0007_guards_of_ledger")]
    operations = [held("exports_exportrequest"), held("exports_takenaway")]
