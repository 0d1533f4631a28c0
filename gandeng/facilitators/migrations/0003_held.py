"""Who works where and who accompanies whom is held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held

TABLES = (
    "staff", "employment", "post", "leave", "equipment", "accompaniment", "caseloadchange", "loadlimit", "plan",
    "planoption", "planrow", "planlock",
)  # fmt: skip


class Migration(migrations.Migration):
    """Every table of the package."""

    dependencies = [("facilitators", "0002_guards")]
    operations = [held(f"facilitators_{table}") for table in TABLES]
