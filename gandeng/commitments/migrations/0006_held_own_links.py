"""Every table of the facilities' own links is held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held

TABLES = ("ownlink", "confirmation", "difference")


class Migration(migrations.Migration):
    """All four tables."""

    dependencies = [("commitments", "0005_guards_of_own_links")]
    operations = [
        held("commitments_ownlinkend", key="link_id"),
        *(held(f"commitments_{table}") for table in TABLES),
    ]
