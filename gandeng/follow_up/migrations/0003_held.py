"""Follow-ups are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """The one table of the package."""

    dependencies = [("follow_up", "0002_guards")]
    operations = [held("follow_up_followup")]
