"""Codes of the facilities' own links, their ends, and the wrong ones are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """All three tables."""

    dependencies = [("commitments", "0008_guards_of_own_codes")]
    operations = [
        held("commitments_owncode"),
        held("commitments_owncodeend", key="code_id"),
        held("commitments_wrongcode"),
    ]
