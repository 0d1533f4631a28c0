"""Readings are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """One table."""

    dependencies = [("registry", "0011_guards_of_deciles")]
    operations = [held("registry_decilereading")]
