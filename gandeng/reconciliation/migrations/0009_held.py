"""Files, runs, outcomes, exceptions, statements and signatures are held by the ledger.

Outcomes in force are not: `gandeng verify` makes them again from the outcomes of the runs.
"""

from django.db import migrations

from gandeng.audit.holding import held, held_in_batches

TABLES = (
    "resultfile", "reconciliation", "summaryrow", "exceptioncase", "exceptionact", "reissuerequest", "statement",
    "signature",
)  # fmt: skip


class Migration(migrations.Migration):
    """Every table that says something of its own."""

    dependencies = [("reconciliation", "0008_signed_papers"), ("audit", "0007_guards_of_ledger")]
    operations = [
        *(held(f"reconciliation_{table}") for table in TABLES),
        *(held_in_batches(f"reconciliation_{table}") for table in ("outcomerow", "lateoutcome", "resultrow")),
    ]
