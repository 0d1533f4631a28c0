"""Who was let in again, and who said yes, is held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """Wrong codes are counted apart: they change with every try."""

    dependencies = [("accounts", "0008_guards_of_recovery"), ("audit", "0007_guards_of_ledger")]
    operations = [
        held("accounts_recovery", apart=["wrong_codes"]),
        held("accounts_recoveryapproval"),
    ]
