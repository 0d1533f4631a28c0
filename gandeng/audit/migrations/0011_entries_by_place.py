"""Entries of the log are found by their place: an office's own are few among the nation's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index."""

    dependencies = [("audit", "0010_counted_by_day")]

    operations = [
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["region_code", "-id"], name="audit_entry_region"),
        ),
    ]
