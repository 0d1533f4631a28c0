"""Entries of the log are found by their day: an old one is far behind the newest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index."""

    dependencies = [("audit", "0011_entries_by_place")]

    operations = [
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["at", "id"], name="audit_entry_instant"),
        ),
    ]
