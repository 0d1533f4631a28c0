"""The code, signatures, cases and clarifications are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held

TABLES = (
    "code", "signature", "case", "matter", "reporter", "party", "step", "casefile", "dismissal", "clarification",
    "acknowledgement",
)  # fmt: skip


class Migration(migrations.Migration):
    """Every table of the package."""

    dependencies = [("conduct", "0002_guards")]
    operations = [held(f"conduct_{table}") for table in TABLES]
