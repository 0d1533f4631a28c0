"""What was found right is held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """Not what is found: it is made again each night."""

    dependencies = [("cleansing", "0002_guards")]
    operations = [held("cleansing_checked")]
