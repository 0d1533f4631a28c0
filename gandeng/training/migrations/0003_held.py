"""Everything of training is held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held

TABLES = (
    "agendaitem", "attendance", "batchplan", "cost", "course", "evaluation", "evaluationgiven", "event", "eventday",
    "material", "paper", "paperquestion", "participant", "problem", "problemstep", "question", "report", "result",
    "sitting",
)  # fmt: skip


class Migration(migrations.Migration):
    """Every table of the package."""

    dependencies = [("training", "0002_guards")]
    operations = [held(f"training_{table}") for table in TABLES]
