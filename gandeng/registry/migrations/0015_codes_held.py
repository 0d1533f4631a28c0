"""Changes of codes are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held, held_in_batches


class Migration(migrations.Migration):
    """Three tables."""

    dependencies = [("registry", "0014_guards_of_codes")]
    operations = [
        held("registry_recoding"),
        held("registry_codechange"),
        held_in_batches("registry_recodedfamily"),
    ]
