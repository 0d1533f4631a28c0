"""Reports and disposals are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """Two tables."""

    dependencies = [("privacy", "0002_guards"), ("audit", "0007_guards_of_ledger")]
    operations = [held("privacy_familyreport"), held("privacy_disposal")]
