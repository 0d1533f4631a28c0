"""Everything the door keeps is held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """The tables of the package."""

    dependencies = [("field", "0002_guards")]
    operations = [
        held("field_device", apart=("share_until",)),
        held("field_entry"),
        held("field_entrydecision", key="entry_id"),
        held("field_photo"),
        held("field_visit"),
    ]
