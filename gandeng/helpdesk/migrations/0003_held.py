"""Cases and what happened in them are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """Both tables of the package."""

    dependencies = [("helpdesk", "0002_guards")]
    operations = [held("helpdesk_case"), held("helpdesk_caseevent")]
