"""Files, answers and withdrawals are held by the ledger; answers, which come by the thousand, in batches."""

from django.db import migrations

from gandeng.audit.holding import held, held_in_batches


class Migration(migrations.Migration):
    """All three."""

    dependencies = [("civil_registry", "0002_guards")]
    operations = [
        held("civil_registry_matching"),
        held("civil_registry_withdrawal", key="matching_id"),
        held_in_batches("civil_registry_answer"),
    ]
