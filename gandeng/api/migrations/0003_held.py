"""What machines have sent is held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """One table."""

    dependencies = [("api", "0002_guards"), ("audit", "0007_guards_of_ledger")]
    operations = [held("api_sending")]
